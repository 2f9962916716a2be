// Paying by SimplePay, and the notices its testers ask for (docs/providers/simplepay.md, 6).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { save_screenshot, World } from './harness.mjs';
import {
  choose, fill_billing, make_ticket, go_to_simplepay, leave_by, open_ticket, press_pay, read_notice,
  wait_until_paid,
} from './visitor_steps.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const provider_id_english = /SimplePay transaction ID: \d{6,}/;
const provider_id_hungarian = /SimplePay tranzakcióazonosító: \d{6,}/;
const any_provider_id = /\d{6,}/;

for (const currency of ['EUR', 'HUF']) {
  test(`a visitor pays in ${currency} and sees the transaction id and the confirmation`, () =>
    world.visit({}, async (_, page) => {
      await go_to_simplepay(page, world, currency);
      if (currency === 'EUR') await save_screenshot(page, 'simplepay-stand-in');
      await leave_by(page, 'pay');
      const notice = await read_notice(page);
      assert.match(notice, /Your payment went through/);
      assert.match(notice, provider_id_english);
      await wait_until_paid(page);
      assert.match(await page.locator('.verdict').innerText(), /Confirmed: the payment is final/);
      if (currency === 'EUR') await save_screenshot(page, 'shop-simplepay-paid');
    }));
}

test('a visitor who passes 3-D Secure at SimplePay has paid', () =>
  world.visit({}, async (_, page) => {
    await go_to_simplepay(page, world, 'EUR');
    await leave_by(page, 'challenge');
    await leave_by(page, 'challenge-pass');
    assert.match(await read_notice(page), provider_id_english);
    await wait_until_paid(page);
  }));

test('a paid notice reads in Hungarian for a Hungarian visitor', () =>
  world.visit({ language: 'hu-HU' }, async (_, page) => {
    await go_to_simplepay(page, world, 'HUF');
    await leave_by(page, 'pay');
    const notice = await read_notice(page);
    assert.match(notice, /A fizetés sikeresen megtörtént/);
    assert.match(notice, provider_id_hungarian);
  }));

test('a refused payment shows the transaction id and advice, never the cause', () =>
  world.visit({}, async (_, page) => {
    await go_to_simplepay(page, world, 'EUR');
    await leave_by(page, 'decline');
    const notice = await read_notice(page);
    assert.match(notice, /The payment did not succeed/);
    assert.match(notice, provider_id_english);
    assert.match(notice, /Look over the details you typed in/);
    assert.match(notice, /the bank behind your card/);
    assert.doesNotMatch(notice, /money|funds|limit|2013/i);
  }));

test('a refused payment reads in Hungarian, and the next try pays', () =>
  world.visit({ language: 'hu-HU' }, async (_, page) => {
    await go_to_simplepay(page, world, 'HUF');
    await leave_by(page, 'decline');
    const notice = await read_notice(page);
    assert.match(notice, /A fizetés nem sikerült/);
    assert.match(notice, provider_id_hungarian);
    assert.match(notice, /kártyáját kibocsátó bank/);

    await page.getByRole('link', { name: 'Újra megpróbálom' }).click();
    await page.locator('form').waitFor();
    await choose(page, { currency: 'HUF', mode: 'SIMPLE' });
    await page.locator('#declaration').check();
    await press_pay(page);
    await leave_by(page, 'pay');
    assert.match(await read_notice(page), /A fizetés sikeresen megtörtént/);
  }));

test('going back is a cancelled payment, not a failed one, and shows no id', () =>
  world.visit({}, async (_, page) => {
    await go_to_simplepay(page, world, 'EUR');
    await leave_by(page, 'cancel');
    const notice = await read_notice(page);
    assert.match(notice, /Payment cancelled/);
    assert.doesNotMatch(notice, any_provider_id);
    assert.doesNotMatch(notice, /did not succeed|failed/i);
    await page.getByRole('button', { name: 'Magyarul' }).click();
    assert.match(await read_notice(page), /Megszakított fizetés/);
  }));

test('running out of time is a time-out, not a failed payment, and shows no id', () =>
  world.visit({}, async (_, page) => {
    await go_to_simplepay(page, world, 'EUR');
    await leave_by(page, 'timeout');
    const notice = await read_notice(page);
    assert.match(notice, /Timed out/);
    assert.doesNotMatch(notice, any_provider_id);
    assert.doesNotMatch(notice, /did not succeed|failed/i);
    await page.getByRole('button', { name: 'Magyarul' }).click();
    assert.match(await read_notice(page), /Időtúllépés/);
  }));

test('a return that fails its signature says neither paid nor failed', () =>
  world.visit({}, async (visitor, page) => {
    visitor.expect_refusal(400);
    const r = Buffer.from(
      '{"r":0,"t":512345678,"e":"SUCCESS","m":"PUBLICTESTHUF","o":"TR1"}',
    ).toString('base64');
    await page.goto(`${world.shop}/return?${new URLSearchParams({ r, s: 'A'.repeat(64) })}`);
    const notice = await read_notice(page);
    assert.match(notice, /We cannot tell yet how your payment ended/);
    assert.doesNotMatch(notice, any_provider_id);
    assert.doesNotMatch(notice, /went through|did not succeed/);
  }));

test('before paying, logo, payer information and declaration are there, and must be accepted', () =>
  world.visit({}, async (_, page) => {
    const id = await make_ticket(world);
    await open_ticket(page, world, id);
    await choose(page, { currency: 'EUR', mode: 'SIMPLE' });
    await fill_billing(page);

    const information = page.getByRole('link', { name: /Payer information/ }).first();
    assert.match(
      await information.getAttribute('href'),
      /^https:\/\/simplepartner\.hu\/PaymentService\/.*\.pdf$/,
    );
    assert.ok(await information.locator('svg[aria-label="SimplePay"]').isVisible());
    const { merchant } = await (await fetch(`${world.shop}/api/config`)).json();
    const declaration = await page.locator('#declaration-text').innerText();
    for (const named of [
      merchant.name,
      merchant.seat,
      merchant.website,
      'SimplePay',
      'e-mail address',
    ]) {
      assert.ok(declaration.includes(named), `the declaration names ${named}`);
    }

    await press_pay(page);
    await page.getByText('To pay by SimplePay, please accept the declaration.').waitFor();
    assert.ok(page.url().startsWith(world.shop), 'the visitor is still in the shop');
    await page.locator('#declaration').scrollIntoViewIfNeeded();
    await save_screenshot(page, 'shop-declaration');
  }));
