// The month's close as an accountant has it before them: read, followed to what is behind a number,
// and printed to be signed.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { send } from '../api/client.mjs';
import { Books } from '../books/tools.mjs';
import { write_month } from '../books/world.mjs';
import { day_in_budapest, month_in_budapest, report_of_day } from '../fixtures/harness.mjs';
import { save_screenshot } from './harness.mjs';
import { assert_usable, Office, people } from './office.mjs';

const everywhere = {
  tickets_search_flags: '*', tickets_search_years: '*', tickets_search_events: '*',
};
const accountant = {
  name: 'Ferenc F.',
  privs: { payments_search: 'true', payments_export: 'true', payments_settlement: 'true',
    ...everywhere },
};
const auditor = {
  name: 'Olga O.', privs: { payments_search: 'true', payments_export: 'true', ...everywhere },
};
const of_hu = { name: 'Hanna H.', privs: { ...people.reader.privs, payments_export: 'true' } };

const zone = 'Europe/Budapest';
const today = day_in_budapest();
const month = month_in_budapest();
const month_name = new Date().toLocaleDateString('en-GB', {
  timeZone: zone, month: 'long', year: 'numeric',
});
const honap = new Date().toLocaleDateString('hu-HU', {
  timeZone: zone, month: 'long', year: 'numeric',
});
const address = `/settlements/close?month=${month}`;

let office, paid;
before(async () => {
  office = await Office.open();
  paid = [await office.paid(), await office.paid(), await office.paid(), await office.paid()];
  await import_report();
});
after(() => office?.close());

const [head, row] = readFileSync(
  new URL('../settlement/data/simplepay-report-eur_20260708.csv', import.meta.url), 'utf8',
).split('\n');
const line = (id, reference) => row.replace('914300104', id).replace('TR1004', reference);

// A report of SimplePay of a day.
async function import_lines(day, lines) {
  const name = `${report_of_day(day)}.csv`;
  const query = new URLSearchParams({ name, account: 'PUBLICTESTEUR' });
  const reply = await send(`${office.platform.url}/payments/settlement/files?${query}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/octet-stream',
      Authorization: `Bearer ${office.token(accountant)}`,
    },
    body: [head, ...lines, ''].join('\n'),
  });
  assert.equal(reply.status, 200, reply.text);
}

// Of today with three of the payments, and one that nobody here knows.
const name = report_of_day(today);
async function import_report() {
  const lines = [];
  for (const id of paid.slice(0, 3)) {
    const { transaction_id } = await office.payments.simplepay_payment(id);
    lines.push(line(`${transaction_id}`, `TR${id}`));
  }
  lines.push(line('999999999', 'TR777'));
  await import_lines(today, lines);
}

const heading = (page) =>
  page.getByRole('heading', { level: 1, name: `The month’s close, ${month_name}` }).waitFor();
// "Captured 4 payments 880", of each row of the statement of the account.
const statement = async (page) => {
  const rows = await page.locator('.account-close .statement tbody tr').allInnerTexts();
  return rows.map((text) => text.replace(/\s+/g, ' ').trim());
};

test('the month begins with a balance, says what moved, and ends with one', () =>
  office.visit({ as: accountant, path: '/settlements' }, async (page) => {
    await page.getByRole('link', { name: 'Month’s close' }).click();
    await page.getByRole('heading', { level: 1, name: 'The month’s close' }).waitFor();
    await page.getByLabel('Month', { exact: true }).fill(month);
    await heading(page);
    await page.getByText('not ended yet', { exact: true }).waitFor();
    await page.getByText('The month has not ended.').waitFor();
    assert.deepEqual(await statement(page), [
      'Opening balance 0.00', 'Captured 4 payments 880.00', 'Fee: interchange −1.76',
      'Fee: acquirer −12.76', 'Fee: card scheme −1.32', 'Paid out 1 payout −864.16',
      'Not explained 220.00', 'Closing balance 220.00',
    ]);
    await page.getByRole('heading', { name: 'Held for us by SimplePay PUBLICTESTEUR EUR' })
      .waitFor();
    await page.getByRole('heading', { name: 'Paid out and not on the bank, EUR' }).waitFor();
    await page.getByText('On the suspense account: 0 EUR at the beginning, -220 EUR at the end')
      .waitFor();
    await page.getByText('220 EUR at the end: 220 EUR more than at the beginning').waitFor();
    await assert_usable(page, 'the month’s close');
  }));

test('the picture says the same as its table', () =>
  office.visit({ as: accountant, path: address }, async (page) => {
    await heading(page);
    const figure = page.locator('.account-close .chart');
    await figure.locator('.mark').last().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await figure.getByText('Captured: Amount 880 EUR').waitFor();
    await figure.getByText('as table').click();
    const cells = await figure.locator('.sheet tbody tr').allInnerTexts();
    assert.deepEqual(cells.map((text) => text.replace(/\s+/g, ' ').trim()), [
      'Opening balance 0 EUR', 'Captured 880 EUR', 'Fees -15.84 EUR', 'Not explained 220 EUR',
      'Paid out -864.16 EUR', 'Closing balance 220 EUR',
    ]);
    await assert_usable(page, 'the picture of a month as a table');
  }));

test('numbers lead to what is behind them', () =>
  office.visit({ as: accountant, path: address }, async (page) => {
    await heading(page);
    await page.getByText('Until the end of the month 1 finding is open.').click();
    await page.locator('#not-explained:focus').waitFor();
    await page.getByRole('link', { name: 'Settled, but unknown here' }).click();
    await page.locator('.finding.sought', { hasText: '999999999' }).waitFor();
    await page.goBack();
    await heading(page);

    await page.getByText('Payouts of the month (1)').click();
    await page.getByRole('link', { name }).click();
    const payout = page.locator('.payout', { hasText: name });
    await payout.locator('.payout-row[aria-expanded=true]:focus').waitFor();
    await payout.getByRole('link', { name: `TR${paid[0]}` }).waitFor();
    await page.goBack();
    await heading(page);

    await page.getByRole('link', { name: 'Captured' }).click();
    await page.getByRole('heading', { level: 1, name: 'Payments' }).waitFor();
    for (const id of paid) await page.getByRole('link', { name: `TR${id}`, exact: true }).waitFor();
  }));

test('the books of the month are those whose digest is on the page', () =>
  office.visit({ as: accountant, path: address }, async (page) => {
    await heading(page);
    await page.getByLabel('For', { exact: false }).and(page.locator('select')).selectOption('csv');
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const download = await coming;
    assert.ok(download.suggestedFilename().startsWith(`movements-${month}-01-`));
    const digest = createHash('sha256').update(readFileSync(await download.path())).digest('hex');
    await page.locator('.made-of').getByText(digest).waitFor();
    await page.locator('.made-of').getByText('Made by Ferenc F. on').waitFor();
  }));

test('another month is a step away', () =>
  office.visit({ as: accountant, path: '/settlements/close?month=2026-01' }, async (page) => {
    await page.getByRole('heading', { level: 1, name: 'The month’s close, January 2026' })
      .waitFor();
    await page.getByText('ready to be closed', { exact: true }).waitFor();
    await page.getByText('Nothing moved until the end of this month').waitFor();
    await page.getByText('Nothing. Whatever happened until the end of the month agrees.').waitFor();
    await page.getByRole('link', { name: 'The month before' }).click();
    await page.getByRole('heading', { level: 1, name: 'The month’s close, December 2025' })
      .waitFor();
    await assert_usable(page, 'a month in which nothing was');
    await page.getByRole('link', { name: 'The month after' }).click();
    await page.getByRole('heading', { level: 1, name: 'The month’s close, January 2026' })
      .waitFor();
  }));

// A month of two providers in three currencies in which everything happens, as the program closes
// it, in the place of the one here.
function full_month() {
  const folder = mkdtempSync(join(tmpdir(), 'close-'));
  const { manifest } = write_month(folder);
  const books = new Books(folder, manifest);
  const { stdout } = books.close('2026-07', 'json');
  rmSync(folder, { recursive: true });
  return stdout;
}
async function show_full_month(page, story) {
  const body = full_month();
  await page.route('**/payments/settlement/close?*', (route) =>
    route.fulfill({ contentType: 'application/json', body }));
  await page.goto(office.at('/settlements/close?month=2026-07'));
  await page.getByRole('heading', { name: 'Held for us by Stripe live HUF' }).waitFor();
  await story(JSON.parse(body));
  await page.unroute('**/payments/settlement/close?*');
}

test('every account, currency and kind of movement has its place', () =>
  office.visit({ as: accountant, path: '/payments' }, (page) =>
    show_full_month(page, async ({ accounts, in_transit, claims, reserves }) => {
      const expected = accounts.length + in_transit.length + claims.length + reserves.length;
      assert.equal(await page.locator('.statement').count(), expected);
      const huf = page.getByRole('table', { name: 'Held for us by Stripe live HUF' });
      const rows = (await huf.locator('tbody tr').allInnerTexts())
        .map((text) => text.replace(/\s+/g, ' ').trim());
      assert.deepEqual(rows, [
        'Opening balance 164 700.00', 'Captured 19 payments 1 653 000.00',
        'Refunded 2 refunds −40 000.00', 'Refunds that came back 1 refund 10 000.50',
        'Disputed 2 disputes −156 500.00', 'Disputes won 2 disputes 156 500.00',
        'Fee: conversion −7 024.68', 'Fee: disputes −18 000.00', 'Fee: other −450.06',
        'Fee: processing −27 813.32', 'Into reserve, or out of it −10 000.00',
        'Paid out 3 payouts −950 521.00', 'Closing balance 773 891.44',
      ]);
      await page.getByText('Nothing. Whatever happened until the end').waitFor();
      await assert_usable(page, 'a month in which everything happens');
      await save_screenshot(page, 'console-close');
    })));

// How many pages of paper it takes.
const pages_in = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;

test('printed it is one page, with a place for signatures, and in light', () =>
  office.visit({ as: accountant, path: '/payments', dark: true, fresh: true }, (page) =>
    show_full_month(page, async () => {
      await page.locator('.account-close .chart svg').first().waitFor();
      const pdf = await page.pdf({ preferCSSPageSize: true });
      assert.equal(pages_in(pdf), 1);
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 680, height: 962 }); // A4 without its margins
      await page.locator('.signatures').getByText('Approved by').waitFor();
      await page.getByText('O.Z.O.R.A. Payments, TEST').waitFor();
      for (const hidden of ['.bar', '.side', '.chart', '.books-of', '.actions', '.controls'])
        assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
      await save_screenshot(page, 'console-close-print');
    })));

test('who sees a part of the festival is told so', () =>
  office.visit({ as: of_hu, path: address }, async (page, visitor) => {
    visitor.expect_refusal(403);
    await page.getByText('settlements are of all tickets').waitFor();
    assert.equal(await page.locator('.statement').count(), 0);
    await assert_usable(page, 'a close for nobody');
  }));

test('on a phone, in the dark, in Hungarian', () =>
  office.visit(
    { as: accountant, path: address, language: 'hu-HU', width: 320, height: 700, dark: true },
    async (page) => {
      await page.getByRole('heading', { level: 1, name: `Havi zárás, ${honap}` }).waitFor();
      await page.getByText('Nyitó egyenleg').first().waitFor();
      await page.getByText('A hónap utalásai (1)').click();
      await assert_usable(page, 'the month’s close on a phone');
      await page.evaluate(() => scrollTo(0, 250));
      await save_screenshot(page, 'console-phone-close');
    },
  ));

// The month before the last: every delay has passed, whatever day it is.
const old_day = (day) => {
  const at = new Date(`${month}-15T12:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() - 2, day);
  return at.toISOString().slice(0, 10);
};
const old_month = old_day(1).slice(0, 7);
const old_address = `/settlements/close?month=${old_month}`;
const name_in = (locale) => new Date(`${old_month}-15T12:00:00Z`).toLocaleDateString(locale, {
  timeZone: zone, month: 'long', year: 'numeric',
});

test('who only reads is offered no closing, and nobody of a month that has not ended', async () => {
  for (const [as, path, state] of [
    [auditor, old_address, 'ready to be closed'],
    [accountant, address, 'not ended yet'],
  ])
    await office.visit({ as, path }, async (page) => {
      await page.getByText(state, { exact: true }).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Close for good' }).count(), 0);
    });
});

test('a month in which something may still be settled says so before it is closed', () =>
  office.visit({ as: accountant, path: '/payments' }, async (page) => {
    const close = { ...JSON.parse(full_month()), state: 'settling', closed_on: '2026-08-11' };
    await page.route('**/payments/settlement/close?*', (route) => route.fulfill({ json: close }));
    await page.goto(office.at('/settlements/close?month=2026-07'));
    await page.getByRole('button', { name: 'Close for good…' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Close July 2026 for good?' });
    await dialog.getByText('may still be settled or come to the bank, until 2026-08-11').waitFor();
    await dialog.getByLabel('Why it is closed nevertheless').waitFor();
  }));

test('a month with findings is closed for good with a reason, typed by its name, by keys', () =>
  office.visit({ as: accountant, path: old_address }, async (page, visitor) => {
    // A line that nobody knows, in a payout that no bank has told of.
    await import_lines(old_day(8), [line('999999998', 'TR778')]);
    await page.reload();
    const opener = page.getByRole('button', { name: 'Close for good…' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const title = `Close ${name_in('en-GB')} for good?`;
    const dialog = page.getByRole('alertdialog', { name: title });
    await dialog.getByText('Findings of 436.04 EUR: 2.').waitFor();
    await assert_usable(page, 'the question before a month is closed');
    await save_screenshot(page, 'console-close-for-good');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent === 'Close for good…');

    await page.keyboard.press('Enter');
    const why = dialog.getByLabel('Why it is closed nevertheless');
    const again = dialog.getByLabel(`Type ${old_month} to confirm`);
    await again.fill(month);
    await page.keyboard.press('Enter');
    await dialog.getByText('Say why it is closed although something stands open.').waitFor();
    await dialog.getByText(`This is not ${old_month}.`).waitFor();
    assert.ok(await why.evaluate((field) => field === document.activeElement));
    await assert_usable(page, 'the question, answered wrongly');

    // A colleague's file comes before it is sent: it is not what was looked at any more.
    await import_lines(old_day(9), [line('999999997', 'TR779')]);
    await why.fill('with the bank');
    await again.fill(old_month);
    visitor.expect_refusal(409);
    await page.keyboard.press('Enter');
    await dialog.getByText('have changed since they were looked at').waitFor();
    await dialog.getByText('Findings of 872.08 EUR: 4.').waitFor();
    await again.focus();
    await page.keyboard.press('Enter');

    await dialog.waitFor({ state: 'detached' });
    await page.locator('#month-state:focus').getByText('by Ferenc F.: these numbers never change.')
      .waitFor();
    const is_closed = async () => {
      await page.getByText('closed, with 4 open findings', { exact: true }).waitFor();
      await page.getByText('Reason: with the bank').waitFor();
      assert.equal(await opener.count(), 0);
    };
    await is_closed();
    await assert_usable(page, 'a month that is closed');
    await save_screenshot(page, 'console-closed');
    await page.reload();
    await is_closed();
  }));

test('the question on a phone, in the dark, in Hungarian, where nothing is open', () =>
  office.visit(
    { as: accountant, path: '/payments', language: 'hu-HU', width: 320, height: 700, dark: true },
    async (page) => {
      const close = { ...JSON.parse(full_month()), state: 'ready' };
      await page.route('**/payments/settlement/close?*', (route) => route.fulfill({ json: close }));
      await page.goto(office.at('/settlements/close?month=2026-07'));
      await page.getByRole('button', { name: 'Végleges lezárás…' }).click();
      const dialog = page.getByRole('alertdialog');
      await dialog.getByRole('heading', { name: 'Végleg lezárjuk ezt a hónapot: 2026. július?' })
        .waitFor();
      assert.equal(await dialog.getByLabel('Miért zárjuk le mégis').count(), 0);
      await dialog.getByLabel('Megerősítésül írd be: 2026-07').fill('2026-07');
      await assert_usable(page, 'the question on a phone');
      await save_screenshot(page, 'console-phone-close-for-good');
    },
  ));
