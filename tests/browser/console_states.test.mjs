// The back office in every state, language, theme and width; by keyboard alone; and its weight.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { in_the_future } from '../fixtures/harness.mjs';
import { save_screenshot } from './harness.mjs';
import { assert_usable, fill_refund, give_back, Office, people } from './office.mjs';

let office, paid;
before(async () => {
  office = await Office.open();
  paid = await office.paid();
});
after(() => office?.close());

const story = (page) => page.locator('.story').waitFor();

test('a missing privilege is named, and what it opens is not in the menu', () =>
  office.visit({ as: people.nobody }, async (page, visitor) => {
    visitor.expect_refusal(403);
    await page.getByText('You may not see this').waitFor();
    await page.getByText(/payments_search/).waitFor();
    assert.equal(await page.locator('.side a').count(), 0);
    await assert_usable(page, 'a page that is not for this person');
  }));

test('an address that is none says so', () =>
  office.visit({ path: '/nothing/here' }, async (page) => {
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await assert_usable(page, 'no page');
  }));

test('a filter that means nothing is marked, with its reason, and never left out in silence', () =>
  office.visit({ path: '/payments?fee=no_fee&least=much&to=soon' }, async (page) => {
    for (const words of ['Fee: no_fee: not the name', 'much: not an amount', 'soon: not a day'])
      await page.locator('.filters .wrong', { hasText: words }).waitFor();
    for (const label of ['Fee', 'Amount, at least', 'To day']) {
      const field = page.getByLabel(label, { exact: true });
      assert.equal(await field.getAttribute('aria-invalid'), 'true', label);
    }
    assert.equal(await page.locator('.list').count(), 0);
    await assert_usable(page, 'wrong filters');
  }));

test('what the service finds wrong with a filter stands at that filter', () =>
  office.visit({ path: '/payments?currency=XXX' }, async (page, visitor) => {
    visitor.expect_refusal(400);
    await page.locator('.filters .wrong', { hasText: 'XXX' }).waitFor();
    await assert_usable(page, 'a filter that the service refuses');
  }));

test('a service that is silent for 10 s is said to be, until it speaks', () =>
  office.visit({ path: `/payments/${paid}` }, async (page, visitor) => {
    visitor.expect_complaint('ERR_');
    await story(page);
    const { pid } = office.platform.payments.program;
    process.kill(pid, 'SIGSTOP');
    try {
      const words = /No answer from the service for 10 s. What you see is as of \d\d:\d\d:\d\d/;
      await page.getByText(words).waitFor({ timeout: 30_000 });
      await story(page);
      await assert_usable(page, 'silence');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await page.locator('.silence').waitFor({ state: 'detached', timeout: 30_000 });
  }));

test('what is no longer for this person does not stay on the page', () =>
  office.visit({ path: `/payments/${paid}`, fresh: true }, async (page, visitor) => {
    visitor.expect_refusal(404);
    await page.clock.install();
    await page.reload();
    await story(page);
    const calls = [];
    await page.route('**/payments/transaction', (route) => {
      calls.push(route.request().headers()['x-console']);
      return route.fulfill({
        status: 404, contentType: 'application/problem+json',
        json: { type: '/problems/unknown-transaction', status: 404, detail: 'there is no TR1' },
      });
    });
    await page.clock.fastForward(10_000);
    await page.getByText('There is no such payment').waitFor();
    assert.equal(await page.locator('.story').count(), 0);
    await page.clock.fastForward(60_000);
    await page.evaluate(() => fetch('/readyz'));
    assert.deepEqual(calls, ['poll']);
  }));

test('a clock that tries again does not keep the session alive', () =>
  office.visit({ path: '/work' }, async (page, visitor) => {
    visitor.expect_refusal(503);
    await page.getByText('Nothing waits').waitFor();
    await page.goto('about:blank'); // the page before this one asks for nothing any more
    const calls = [];
    await page.route('**/payments/review*', (route) => {
      calls.push(route.request().headers()['x-console']);
      return route.fulfill({
        status: 503, contentType: 'application/problem+json', headers: { 'Retry-After': '1' },
        json: { type: '/problems/unavailable', status: 503, detail: 'not now', instance: '1' },
      });
    });
    const list_by_clock = page.waitForRequest((request) =>
      request.url().includes('limit=50') && request.headers()['x-console'] === 'poll');
    await page.goto(office.at('/work'));
    await page.getByText(/Trying again in/).waitFor();
    await list_by_clock;
    await page.unroute('**/payments/review*');
    await page.getByText('Nothing waits').waitFor();
    assert.equal(calls.filter((mark) => mark === '1').length, 1, calls.join());
  }));

test('a payment whose ticket is not told of is tried again by itself', async () => {
  const id = await office.begun();
  await office.payments.order_fault('tickets', 'get', '503', { times: 1000 });
  await office.visit({ path: `/payments/${id}` }, async (page, visitor) => {
    for (const status of [502, 503, 504]) visitor.expect_refusal(status);
    await page.locator('.note-bad').waitFor();
    await assert_usable(page, 'a payment that cannot be shown now');
    await office.payments.clear_faults('tickets');
    await story(page);
  });
});

test('single keys can be switched off, and none is taken while typing', () =>
  office.visit({ path: `/payments/${paid}` }, async (page) => {
    await story(page);
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard' }).waitFor();
    await assert_usable(page, 'the help');
    await page.getByLabel('Single keys act').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await page.keyboard.press('/');
    assert.equal(await page.locator('dialog').count(), 0);
    const is_searching = () => document.activeElement.matches('.search input');
    assert.ok(!await page.evaluate(is_searching));
    await page.locator('.person-menu summary').click();
    await page.getByRole('button', { name: 'Keyboard' }).click();
    await page.getByLabel('Single keys act').check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('r?gp');
    assert.equal(await page.locator('.search input').inputValue(), 'r?gp');
    assert.equal(await page.locator('dialog').count(), 0);
  }));

test('everything is said in Hungarian, too', () =>
  office.visit({ language: 'hu-HU', path: `/payments/${paid}` }, async (page) => {
    await story(page);
    assert.equal(await page.locator('html').getAttribute('lang'), 'hu');
    await page.getByRole('heading', { level: 1, name: `TR${paid}` }).waitFor();
    const said = ['elkezdve, megállapodva: 220', 'ismeri a fizetést', 'az összeg levonva'];
    for (const words of said)
      await page.getByText(words).first().waitFor();
    await page.keyboard.press('r');
    await page.getByRole('heading', { name: `TR${paid} visszatérítése` }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^EN/ }).click();
    await page.getByText('begun, agreed').waitFor();
    await page.reload();
    await page.getByText('begun, agreed').waitFor();
  }));

for (const { width, dark } of [{ width: 320, dark: true }, { width: 390, dark: false }]) {
  test(`on a phone of ${width} pixels, ${dark ? 'dark' : 'light'}, everything can be done`, () =>
    office.visit({ width, height: 780, dark, language: 'hu-HU' }, async (page) => {
      await page.locator('.row-link').first().waitFor();
      await assert_usable(page, 'the list');
      if (!dark) await save_screenshot(page, 'console-phone-payments');
      await page.locator('.filters > summary').click();
      await assert_usable(page, 'the filters');
      await page.getByRole('button', { name: 'Menü' }).click();
      await assert_usable(page, 'the menu');
      await page.keyboard.press('Escape');
      await page.locator(`a[data-id="TR${paid}"]`).click();
      await story(page);
      await assert_usable(page, 'a payment');
      if (!dark) await save_screenshot(page, 'console-phone-payment');
      await page.getByRole('button', { name: /Visszatérítés…/ }).click();
      await page.locator('dialog.refund').waitFor();
      await assert_usable(page, 'the refund');
    }));
}

test('in the dark, and at 200 % of the size', async () => {
  await office.visit({ dark: true }, async (page) => {
    await page.locator('.row-link').first().waitFor();
    await assert_usable(page, 'the list');
    await save_screenshot(page, 'console-payments-dark');
    await page.locator(`a[data-id="TR${paid}"]`).click();
    await story(page);
    await assert_usable(page, 'a payment');
    await save_screenshot(page, 'console-payment-dark');
  });
  await office.visit({ width: 640, height: 400 }, async (page) => {
    await page.locator('.row-link').first().waitFor();
    await assert_usable(page, 'the list');
  });
});

test('a payment is found and given back by keyboard alone', async () => {
  const id = await office.paid();
  await office.visit({}, async (page) => {
    await page.locator('.row-link').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(`TR${id}`);
    await page.keyboard.press('Enter');
    await story(page);
    await fill_refund(page);
    await give_back(page).focus();
    await page.keyboard.press('Enter');
    await page.getByText('220 EUR given back').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.locator('.status', { hasText: 'refunded' }).first().waitFor();
  });
});

test('the pages are as light as was promised', () =>
  office.browser.visit({ width: 1280, height: 800, fresh: true }, async (visitor, page) => {
    visitor.expect_refusal(401);
    await office.sign_in(page, people.hu);
    await page.locator('.row-link').first().waitFor();
    await page.goto(office.at('/payments'));
    await page.locator('.row-link').first().waitFor();
    await page.waitForLoadState('networkidle').catch(() => {});
    const sizes = await page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]));
    const sum = (matches) =>
      sizes.filter(([name]) => matches.test(name)).reduce((all, [, bytes]) => all + bytes, 0);
    const entry = sum(/\/console\/payments$|\/index-[^/]+\.(js|css)$/);
    const kib = 1024;
    assert.ok(entry > 10 * kib && entry <= 50 * kib, `to the first paint: ${entry} bytes`);
    assert.ok(sum(/^\/console\//) <= 150 * kib, JSON.stringify(sizes));
    // The page of a payment is fetched beforehand, so that it opens at once.
    const further = sum(/\/assets\/(?!index-)[^/]+\.js$/);
    assert.ok(further > 5 * kib && further <= 15 * kib, `a payment's page: ${further} bytes`);
    // Every other page brings no more than that of its own.
    visitor.expect_refusal(403);
    const scripts = () => page.evaluate(() => performance.getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]));
    const known = new Set((await scripts()).map(([name]) => name));
    for (const path of [
      '/work', '/refunds', '/refunds/new', '/refunds/1', '/exports', '/events', '/health', '/audit',
    ]) {
      await page.goto(office.at(path));
      await page.locator('main h1').waitFor();
      await page.waitForLoadState('networkidle').catch(() => {});
      const own = (await scripts()).filter(([name]) => !known.has(name));
      const bytes = own.reduce((all, [, size]) => all + size, 0);
      assert.ok(bytes > kib && bytes <= 15 * kib, `${path}: ${bytes} bytes`);
    }
    await page.goto(office.at('/payments'));
    await page.locator('.row-link').first().waitFor();
    const shift = await page.evaluate(() => new Promise((resolve) => {
      let all = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) all += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(all)));
    }));
    assert.ok(shift <= 0.02, `the layout shifts by ${shift}`);
  }));

// The service's clock is moved, and the page's with it; last, for it is started again.
test('who leaves a session alone is warned, stays by any key, or is locked out', async () => {
  const present = { LD_PRELOAD: undefined, FAKETIME: undefined };
  await office.browser.visit({ width: 1280, height: 800, fresh: true }, async (visitor, page) => {
    visitor.expect_refusal(401);
    visitor.expect_complaint('ERR_');
    visitor.expect_refusal(503); // while it starts again
    await page.clock.install();
    await office.sign_in(page, people.hu, `/payments/${paid}`);
    await story(page);
    await page.keyboard.press('r');
    await page.getByLabel('Note, no names').fill('a note');
    const after_minutes = async (minutes, ahead) => {
      await office.platform.restart(in_the_future(ahead));
      await page.clock.fastForward(minutes * 60_000);
    };
    try {
      await after_minutes(28.5, 28.5);
      await page.getByText(/You will be signed out in \d+ s/).waitFor();
      await assert_usable(page, 'the warning');
      await page.keyboard.press('x');
      await page.getByText('Still there?').waitFor({ state: 'detached' });
      await after_minutes(31, 60);
      await page.getByText('Your session has ended').waitFor();
      await office.sign_in_elsewhere(page, people.hu);
      await page.getByText('Your session has ended').waitFor({ state: 'detached' });
      assert.equal(await page.getByLabel('Note, no names').inputValue(), 'a note');
    } finally {
      await office.platform.restart(present);
    }
  });
});
