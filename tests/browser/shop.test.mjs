// The shop around the payment: languages, themes, small screens, forms, assistive tools.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessibility_faults, save_screenshot, sideways_overflow, World } from './harness.mjs';
import {
  choose, fill_billing, make_ticket, open_ticket, press_pay, wait_until_paid,
} from './visitor_steps.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

async function open_list(page) {
  await page.goto(world.shop);
  await page.locator('.ticket').first().waitFor();
}

const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const brightness = (colour) =>
  colour
    .match(/\d+/g)
    .slice(0, 3)
    .map(Number)
    .reduce((a, b) => a + b) / 3;

test('the shop speaks the language of the browser, and the other one when asked', () =>
  world.visit({ language: 'hu-HU' }, async (_, page) => {
    await open_list(page);
    await page.getByRole('heading', { name: 'Jegyeim' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'hu');

    await page.getByRole('button', { name: 'In English' }).click();
    await page.getByRole('heading', { name: 'My tickets' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await page.reload();
    await page.getByRole('heading', { name: 'My tickets' }).waitFor();
  }));

test('the shop is light or dark as the system is, and the other way when asked', async () => {
  await world.visit({ dark: false }, async (_, page) => {
    await open_list(page);
    assert.ok(brightness(await ground(page)) > 200);
    await save_screenshot(page, 'shop-tickets');
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
    assert.ok(brightness(await ground(page)) < 50);
    await page.reload();
    await page.locator('.ticket').first().waitFor();
    assert.ok(brightness(await ground(page)) < 50);
  });
  await world.visit({ dark: true }, async (_, page) => {
    await open_list(page);
    assert.ok(brightness(await ground(page)) < 50);
    await save_screenshot(page, 'shop-tickets-dark');
  });
});

for (const width of [320, 390, 768]) {
  test(`nothing runs off the side of a screen ${width} pixels wide`, () =>
    world.visit({ width, height: 844, language: 'hu-HU' }, async (_, page) => {
      await open_list(page);
      assert.ok((await sideways_overflow(page)) <= 0, 'the list');
      if (width === 390) await save_screenshot(page, 'shop-phone');
      const id = await make_ticket(world);
      await open_ticket(page, world, id);
      assert.ok((await sideways_overflow(page)) <= 0, 'a ticket');
      await choose(page, { currency: 'HUF', mode: 'STRIPE-INTENTS' });
      await press_pay(page);
      await page.locator('.field-error').first().waitFor();
      assert.ok((await sideways_overflow(page)) <= 0, 'a ticket with every message');
    }));
}

test('an empty form says what is missing, field by field, and goes to the first', () =>
  world.visit({}, async (_, page) => {
    const id = await make_ticket(world);
    await open_ticket(page, world, id);
    await page.getByRole('radio', { name: 'Company' }).check();
    for (const field of ['email', 'company', 'tax_number', 'zip', 'city', 'address']) {
      await page.locator(`#${field}`).fill('');
    }
    await press_pay(page);
    await page.getByText('Please enter an e-mail address like name@example.com.').waitFor();
    for (const message of [
      'Please enter the name of the company.',
      'Please enter the tax number of the company.',
      'Please enter a postal code.',
      'Please enter a city.',
      'Please enter street and number.',
    ]) {
      assert.ok(await page.getByText(message).isVisible(), message);
    }
    assert.equal(await page.evaluate(() => document.activeElement.id), 'email');
    await page.locator('#email').fill('visitor@example.com');
    await page.getByText('Please enter an e-mail address').waitFor({ state: 'detached' });
  }));

test('a member the service refuses is marked at its field in its own words', () =>
  world.visit({}, async (visitor, page) => {
    visitor.expect_refusal(400);
    const problem = {
      type: 'https://example.test/problems/invalid-request',
      title: 'Unreadable request',
      status: 400,
      detail: 'Some members are wrong.',
      errors: [{ pointer: '/metas/email', detail: 'does not take mail' }],
    };
    await page.route('**/payments/start', (route) =>
      route.fulfill({
        status: 400,
        headers: { 'Access-Control-Allow-Origin': '*' },
        contentType: 'application/problem+json',
        body: JSON.stringify(problem),
      }),
    );
    const id = await make_ticket(world);
    await open_ticket(page, world, id);
    await choose(page, { currency: 'EUR', mode: 'SIMPLE' });
    await fill_billing(page);
    await page.locator('#declaration').check();
    await press_pay(page);
    await page.locator('#email-error').getByText('does not take mail').waitFor();
    assert.equal(await page.locator('#email').getAttribute('aria-invalid'), 'true');
  }));

test('a lost answer to start is asked for again under the same key', () =>
  world.visit({}, async (visitor, page) => {
    visitor.expect_complaint('net::ERR_CONNECTION_RESET');
    const keys = [];
    await page.route('**/payments/start', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      return keys.length === 1 ? route.abort('connectionreset') : route.continue();
    });
    const id = await make_ticket(world);
    await open_ticket(page, world, id);
    await choose(page, { currency: 'EUR', mode: 'SIMPLE' });
    await fill_billing(page);
    await page.locator('#declaration').check();
    await press_pay(page);
    await page.getByText('We cannot be reached.').waitFor();
    await press_pay(page);
    await page.locator('[data-action="pay"]').waitFor();
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
    assert.match(keys[0], /^[0-9a-f-]{36}$/);
  }));

test('a visitor whom a crowd keeps out is let in without another click', () =>
  world.visit({}, async (visitor, page) => {
    const id = await make_ticket(world, { free: true });
    await open_ticket(page, world, id);
    await fill_billing(page);
    visitor.expect_refusal(503);
    let refused = 0;
    await page.route('**/payments/start', (route) => {
      if (route.request().method() !== 'POST' || refused === 2) return route.fallback();
      refused += 1;
      return route.fulfill({
        status: 503, contentType: 'application/problem+json',
        headers: {
          'Retry-After': '1', 'Access-Control-Allow-Origin': '*',
          'Access-Control-Expose-Headers': 'Retry-After',
        },
        json: { type: '/problems/overloaded', status: 503, detail: 'too many', instance: '1' },
      });
    });
    await page.getByRole('button', { name: 'Get it for free' }).click();
    await page.getByText('Many people are paying right now.').waitFor();
    assert.deepEqual(await accessibility_faults(page), []);
    await wait_until_paid(page);
    assert.equal(refused, 2);
  }));

test('a free ticket is claimed without a payment page', () =>
  world.visit({}, async (_, page) => {
    const id = await make_ticket(world, { free: true });
    await open_ticket(page, world, id);
    await fill_billing(page);
    await page.getByRole('button', { name: 'Get it for free' }).click();
    await wait_until_paid(page);
    await page.getByText('There was nothing to pay.').waitFor();
  }));

for (const dark of [false, true]) {
  test(`axe finds no fault with the ${dark ? 'dark' : 'light'} pages`, () =>
    world.visit({ dark }, async (_, page) => {
      await open_list(page);
      assert.deepEqual(await accessibility_faults(page), []);
      const id = await make_ticket(world);
      await open_ticket(page, world, id);
      if (dark) await save_screenshot(page, 'shop-ticket-dark');
      else await save_screenshot(page, 'shop-ticket');
      assert.deepEqual(await accessibility_faults(page), []);
      await choose(page, { currency: 'EUR', mode: 'STRIPE-INTENTS' });
      await press_pay(page);
      await page.locator('.field-error').first().waitFor();
      assert.deepEqual(await accessibility_faults(page), []);
    }));
}

test('a whole payment form can be filled with the keyboard alone', () =>
  world.visit({}, async (_, page) => {
    const id = await make_ticket(world);
    await open_ticket(page, world, id);
    await page.locator('main').focus();
    const reached = new Set();
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press('Tab');
      reached.add(
        await page.evaluate(
          () =>
            document.activeElement.id || document.activeElement.name || document.activeElement.type,
        ),
      );
    }
    for (const name of [
      'email',
      'name',
      'country',
      'zip',
      'city',
      'address',
      'phone',
      'declaration',
      'submit',
    ]) {
      assert.ok(reached.has(name), `Tab reaches ${name}, of ${[...reached]}`);
    }
  }));
