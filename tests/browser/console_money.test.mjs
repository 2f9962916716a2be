// The money of a day and of a week, as charts, tables and lists: they must all say the same.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { send } from '../api/client.mjs';
import { simple_huf, stripe_eur } from '../faults/world.mjs';
import { day_in_budapest, in_the_future } from '../fixtures/harness.mjs';
import { save_screenshot } from './harness.mjs';
import { assert_usable, Office, people } from './office.mjs';

const finance = { ...people.reader, name: 'Ferenc F.' };
const nowhere = {
  name: 'Nóra N.', privs: { ...finance.privs, tickets_search_flags: 'NONE' },
};

// In EUR three payments of 220, two of which by Stripe and one of which for INT, and 50.05 given
// back; in HUF one of 88 000.
let office;
before(async () => {
  office = await Office.open();
  const refunded = await office.paid();
  const reply = await office.payments.refund(refunded, 50.05);
  assert.equal(reply.status, 200, reply.text);
  await office.paid({ code: stripe_eur });
  await office.paid({ code: stripe_eur, flag: 'INT' });
  await office.paid({ code: simple_huf });
  const left = await office.begun();
  await office.payments.forge_ipn(left, { status: 'CANCELLED' });
  await office.payments.in_status(left, 'cancelled');
});
after(() => office?.close());

const number = (text) => Number(text.replace(/[^\d.,-]/g, '').replace(',', '.'));
const tile = (page, name) => page.locator('.tiles > div', { hasText: name }).locator('dd').first();
const chart = (page, title) => page.locator('figure.chart', {
  has: page.getByRole('heading', { name: title, exact: true }),
});
const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();

// The columns of a chart's table, by their names; "–" is left out.
async function table_of(figure) {
  await figure.locator('summary').click();
  const names = await figure.locator('thead th').allInnerTexts();
  const rows = await figure.locator('tbody tr').evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => cell.innerText)));
  return Object.fromEntries(names.map((name, i) =>
    [name, rows.map((cells) => cells[i]).filter((cell) => cell !== '–')]));
}

const cents = (texts) => texts.reduce((all, text) => all + Math.round(number(text) * 100), 0);

async function sums(person, question) {
  const reply = await send(`${office.platform.url}/payments/sums`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json', 'Authorization': `Bearer ${office.token(person)}`,
    },
    body: JSON.stringify(question),
  });
  assert.equal(reply.status, 200, reply.text);
  return reply.json.rows;
}

test('today says what has come in, each currency for itself, and grows by itself', () =>
  office.visit({ as: finance, path: '/' }, async (page) => {
    await heading(page, 'Today');
    const amount = (currency) => page.locator(`.tiles [data-currency=${currency}] dd`).first();
    await amount('EUR').getByText(/^660\sEUR$/).waitFor();
    await amount('HUF').getByText(/^88\s000\sHUF$/).waitFor();
    await page.getByText(/3 payments · given back 50[.]05\sEUR/).waitFor();
    const rows = await sums(finance, {
      from: day_in_budapest(), to: day_in_budapest(1), bucket: 'day',
    });
    for (const currency of ['EUR', 'HUF']) {
      const paid = rows.find((row) => row.measure === 'paid' && row.currency === currency);
      assert.equal(number(await amount(currency).innerText()), paid.amount);
    }
    const figure = chart(page, 'The last hour, by minute');
    const table = await table_of(figure);
    assert.equal(table.paid.map(Number).reduce((a, b) => a + b), 4);
    assert.equal(table.begun.map(Number).reduce((a, b) => a + b), 5);
    assert.equal(table.failed.map(Number).reduce((a, b) => a + b), 1);
    await figure.getByText('In the last hour 4 paid of 5 begun; 1 failed.').waitFor();
    await assert_usable(page, 'today');
    await figure.locator('summary').click();
    await save_screenshot(page, 'console-today');
    const calls = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/payments/sums')) calls.push(request);
    });
    await office.paid({ code: stripe_eur });
    await amount('EUR').getByText(/^880\sEUR$/).waitFor();
    await figure.getByText('In the last hour 5 paid of 6 begun; 1 failed.').waitFor();
    assert.ok(calls.length > 0);
    assert.ok(calls.every((request) => request.headers()['x-console'] === 'poll'));
    assert.ok(calls.some((request) => request.postDataJSON().known));
    await amount('EUR').locator('a').click();
    await page.locator('.list-foot', { hasText: '4 shown' }).waitFor();
  }));

test('chart, table and list agree to the cent', () =>
  office.visit({ as: finance, path: '/money?period=week' }, async (page) => {
    await heading(page, 'Money');
    const taken = number(await tile(page, 'Taken').innerText()) * 100;
    const net = Math.round(number(await tile(page, 'Net').innerText()) * 100);
    assert.equal(taken, 88000);
    assert.equal(net, 88000 - 5005);
    const figure = chart(page, 'Taken and given back');
    const table = await table_of(figure);
    assert.equal(cents(table.SimplePay) + cents(table.Stripe), taken);
    assert.equal(cents(table['SimplePay given back']), 5005);
    assert.equal(cents(table.net), net);
    await assert_usable(page, 'the money of a week');

    // What is drawn is as high as what the table says.
    const column = figure.locator('.column').last();
    const heights = await column.locator('.fill').evaluateAll((all) =>
      all.map((one) => Number(one.getAttribute('height'))));
    const [stripe, simple, back] = heights;
    assert.ok(Math.abs(stripe / simple - 660 / 220) < 0.05, heights.join());
    assert.ok(Math.abs(back / simple - 50.05 / 220) < 0.05, heights.join());

    await figure.locator('tbody tr').last().locator('a').click();
    await page.locator('.list .row-link').first().waitFor();
    const listed = await page.locator('.list .cell-amount.number:is(td)').allInnerTexts();
    assert.equal(cents(listed), taken);
    await page.goBack();
  }));

test('a chart is gone along by arrow keys, and says what is there', () =>
  office.visit({ as: finance, path: '/money?period=week' }, async (page) => {
    const figure = chart(page, 'Taken and given back');
    const marks = figure.locator('.mark');
    await marks.first().waitFor();
    assert.equal(await figure.locator('.mark[tabindex="0"]').count(), 1);
    await figure.locator('.mark[tabindex="0"]').focus();
    const said = page.locator('p.unseen[role=status]').last();
    await said.getByText(/: Stripe 660\sEUR, SimplePay 220\sEUR, SimplePay given back/).waitFor();
    await page.keyboard.press('ArrowLeft');
    assert.ok(await marks.nth(5).evaluate((mark) => mark === document.activeElement));
    await said.getByText(/: Stripe 0\sEUR$/).waitFor();
    await page.keyboard.press('Home');
    assert.ok(await marks.nth(0).evaluate((mark) => mark === document.activeElement));
    await page.keyboard.press('End');
    await assert_usable(page, 'a chart with the focus in it');
    await page.keyboard.press('Enter');
    await page.locator('.list .row-link').first().waitFor();
    assert.match(page.url(), /of=paid&from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d&currency=EUR/);
  }));

test('every period, currency and view can be read by everybody, and keys step through time', () =>
  office.visit({ as: finance, path: '/money?period=today' }, async (page) => {
    await heading(page, 'Money');
    for (const period of ['Day', '31 days', 'Sale', 'Year', '7 days']) {
      await page.getByRole('button', { name: period, exact: true }).click();
      await tile(page, 'Taken').waitFor();
      await chart(page, 'Taken and given back').waitFor();
      await assert_usable(page, period);
    }
    await chart(page, 'Why not').getByText('Attempts that ended without money: 1').waitFor();
    await page.getByRole('button', { name: 'HUF' }).click();
    await tile(page, 'Taken').getByText(/^88\s000\sHUF$/).waitFor();
    await page.getByRole('button', { name: 'EUR' }).click();
    await page.locator('.controls select').selectOption('scope');
    const table = await table_of(chart(page, 'Taken and given back'));
    assert.equal(cents(table['INT 2027 OZORA']), 22000);
    await save_screenshot(page, 'console-money');
    await page.keyboard.press('[');
    await page.getByText('No payment in this period').waitFor();
    await assert_usable(page, 'a time without a payment');
    await page.getByRole('link', { name: /^The nearest is on/ }).click();
    await tile(page, 'Taken').waitFor();
    await page.keyboard.press(']');
    await page.getByText('No payment in this period').waitFor();
  }));

test('a minute of a sale leads to the list of that minute', () =>
  office.visit({ as: finance, path: '/money?period=sale' }, async (page) => {
    const figure = chart(page, 'The sale, by minute');
    await figure.locator('.mark').first().waitFor();
    await figure.locator('summary').click();
    const paid = figure.locator('tbody tr')
      .filter({ has: page.locator('td', { hasText: /^[1-9]/ }) });
    const rows = await paid.evaluateAll((all) =>
      all.map((row) => Number(row.children[2].innerText)));
    const at = rows.findIndex((n) => n > 0);
    await paid.nth(at).locator('a').click();
    await page.locator('.list .row-link').first().waitFor();
    assert.equal(await page.locator('.list .row-link').count(), rows[at]);
    await page.locator('.filters .chip', { hasText: 'From day' }).waitFor();
    await assert_usable(page, 'the list of a minute');
  }));

test('somebody of HU sums nothing of INT', () =>
  office.visit({
    as: { ...finance, name: 'Hanna H.', privs: { ...finance.privs, tickets_search_flags: 'HU' } },
    path: '/money?period=week',
  }, async (page) => {
    await tile(page, 'Taken').getByText(/^660\sEUR$/).waitFor();
    await page.locator('.controls select').selectOption('scope');
    const names = chart(page, 'Taken and given back').locator('.legend li');
    // The old ones stay until the new ones come.
    await names.filter({ hasText: 'HU 2027' }).first().waitFor();
    assert.deepEqual(await names.allInnerTexts(), ['HU 2027 OZORA']);
  }));

test('whose tickets none has been paid for sees that, and no number of others', async () => {
  await office.visit({ as: nowhere, path: '/' }, async (page) => {
    await page.getByText('No payment yet today').waitFor();
    await page.getByText('No payment has been made yet.').waitFor();
    await page.getByText('Nothing was begun in the last hour.').waitFor();
    await assert_usable(page, 'a day without a payment');
  });
});

test('who may not search sees no money', async () => {
  await office.visit({ as: people.nobody, path: '/money' }, async (page, visitor) => {
    visitor.expect_refusal(403);
    await page.getByText(/payments_search/).first().waitFor();
    assert.equal(await page.locator('.tiles').count(), 0);
    await page.goto(office.at('/'));
    await page.getByText(/payments_search/).first().waitFor();
    await assert_usable(page, 'a day that is not for this person');
  });
});

for (const { path, name } of [
  { path: '/', name: 'Ma' }, { path: '/money?period=month', name: 'Pénz' },
]) {
  test(`${name}: on a phone, in the dark, in Hungarian, and at 200 % of the size`, async () => {
    const hungarian = { as: finance, language: 'hu-HU', path };
    await office.visit({ ...hungarian, width: 320, height: 700, dark: true }, async (page) => {
      await heading(page, name);
      await page.locator('.mark').first().waitFor();
      await page.locator('.as-table summary').first().click();
      await assert_usable(page, `${name} on a phone`);
    });
    await office.visit({ ...hungarian, width: 640, height: 400 }, async (page) => {
      await heading(page, name);
      await assert_usable(page, `${name} at 200 %`);
    });
  });
}

test('pages of money are as light as was promised', () =>
  office.visit({ as: finance, path: '/money', fresh: true }, async (page) => {
    for (const path of ['/', '/money']) {
      await page.goto(office.at(path));
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle').catch(() => {});
      const bytes = await page.evaluate(() => performance.getEntriesByType('resource')
        .filter(({ name }) => /\/assets\/(?!index-)[^/]+\.(js|css)$/.test(name))
        .map(({ name, encodedBodySize }) => [name.replace(/^.*\//, ''), encodedBodySize]));
      // The page of a payment is fetched beforehand by every page.
      const all = bytes.reduce((sum, [, size]) => sum + size, 0);
      assert.ok(all > 5 * 1024 && all <= 30 * 1024, `${path}: ${bytes.join(' ')}`);
    }
  }));

// Last, for the service is started again, a day ahead.
test('a day without a payment says when the last one was', async () => {
  await office.platform.restart(in_the_future(24 * 60));
  try {
    await office.visit({ as: finance, path: '/' }, async (page) => {
      await page.getByText('No payment yet today').waitFor();
      const link = page.getByRole('link', { name: /^The last one was on/ });
      await assert_usable(page, 'no payment yet today');
      await link.click();
      await tile(page, 'Taken').getByText(/^880\sEUR$/).waitFor();
    });
  } finally {
    await office.platform.restart({ LD_PRELOAD: undefined, FAKETIME: undefined });
  }
});
