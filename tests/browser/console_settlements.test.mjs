// The accountant's page: files are dropped, what does not agree is understood and accepted, and
// every payout opens to the payments behind it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
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
const reader = {
  name: 'Réka R.', privs: { payments_search: 'true', payments_export: 'true', ...everywhere },
};
const of_hu = {
  name: 'Hanna H.', privs: { ...people.reader.privs, payments_export: 'true' },
};

let office, paid;
before(async () => {
  office = await Office.open();
  paid = await office.paid();
  await office.paid();
});
after(() => office?.close());

const heading = (page) => page.getByRole('heading', { level: 1, name: 'Settlements' }).waitFor();

// A report of SimplePay in which the first payment is, and one that nobody here knows.
const [head, row] = readFileSync(
  new URL('../settlement/data/simplepay-report-eur_20260708.csv', import.meta.url), 'utf8',
).split('\n');
// Paid out today: after some days more the payout would be late.
const payout_name = report_of_day(day_in_budapest());
async function report() {
  const { transactionId } = await office.payments.simplepay_payment(paid);
  const line = (id, reference) => row.replace('914300104', id).replace('TR1004', reference);
  const text = [head, line(`${transactionId}`, `TR${paid}`), line('999999999', 'TR777'), ''];
  return {
    name: `${payout_name}.csv`, mimeType: 'text/csv', buffer: Buffer.from(text.join('\n')),
  };
}
const choose = (page, ...files) => page.locator('.drop-zone input').setInputFiles(files);

test('before the first file the page says what to do', () =>
  office.visit({ as: accountant, path: '/settlements' }, async (page) => {
    await heading(page);
    await page.getByText('No payout yet: import the first file below.').waitFor();
    await assert_usable(page, 'settlements without a file');
  }));

test('a file that is dropped beside the zone is not opened instead of the page', () =>
  office.visit({ as: accountant, path: '/settlements' }, async (page) => {
    await heading(page);
    await page.locator('.drop-zone').waitFor();
    const is_held_back = (type) => page.evaluate((name) => {
      const data = new DataTransfer();
      data.items.add(new File(['a'], 'a.csv'));
      const options = { bubbles: true, cancelable: true, dataTransfer: data };
      const event = new DragEvent(name, options);
      document.querySelector('h1').dispatchEvent(event);
      return event.defaultPrevented;
    }, type);
    assert.equal(await is_held_back('dragover'), true);
    assert.equal(await is_held_back('drop'), true);
    assert.equal(await page.locator('.previews li').count(), 0);
  }));

test('files are looked at, then imported; what does not agree is accepted with a reason', () =>
  office.visit({ as: accountant, path: '/payments' }, async (page) => {
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await heading(page);
    await page.getByLabel('Account').fill('PUBLICTESTEUR');
    await choose(page, await report());
    await page.getByText('simplepay, PUBLICTESTEUR: 2 new, 0 known, 0 conflicting lines').waitFor();
    await assert_usable(page, 'a file that was looked at');
    await page.getByRole('button', { name: 'Import 1 file' }).click();
    await page.locator('.previews').getByText('Imported: 2 new lines').waitFor();

    const finding = page.locator('.finding', { hasText: '999999999' });
    await finding.getByText('Settled, but unknown here').waitFor();
    await finding.getByText('220 EUR').waitFor();
    await page.locator('.tiles', { hasText: '220 EUR' }).waitFor();
    const payout = page.locator('.payout', { hasText: payout_name });
    await payout.getByText('on the way').waitFor();
    await payout.getByText('432.08 EUR').waitFor();
    await payout.locator('.payout-row').click();
    await payout.getByRole('link', { name: `TR${paid}` }).waitFor();
    await assert_usable(page, 'settlements with a finding');
    await page.evaluate(() => scrollTo(0, 0));
    await save_screenshot(page, 'console-settlements');

    // The same file again adds nothing.
    await choose(page, await report());
    await page.getByText('This file was imported before; it adds nothing.').waitFor();

    await finding.getByRole('button', { name: /^Accept/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Accept' }).click();
    await dialog.getByText('Say why, so that others understand it later.').waitFor();
    await assert_usable(page, 'accepting a finding');
    await dialog.getByLabel('Why').fill('a test payment of our own');
    await dialog.getByRole('button', { name: 'Accept' }).click();
    await page.getByText('Everything is explained').first().waitFor();
    await page.getByText('Nothing. Every payment, payout and bank entry agrees').waitFor();
    await page.getByText('Accepted ones (1)').click();
    await page.locator('.accepted').getByRole('button', { name: /^Open again/ }).click();
    await dialog.getByLabel('Why').fill('it was none');
    await dialog.getByRole('button', { name: 'Open again' }).click();
    await page.locator('.finding', { hasText: 'Settled, but unknown here' }).waitFor();

    await payout.getByRole('link', { name: `TR${paid}` }).click();
    await page.getByRole('heading', { level: 1, name: `TR${paid}` }).waitFor();
  }));

test('the month is saved for the program that the accountant has', () =>
  office.visit({ as: accountant, path: '/settlements' }, async (page) => {
    await heading(page);
    const month = month_in_budapest();
    await page.getByLabel('Month').fill(month);
    const saved = async (program) => {
      await page.getByLabel('For').selectOption(program);
      const coming = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download' }).click();
      const download = await coming;
      const text = readFileSync(await download.path(), 'utf8');
      return { name: download.suggestedFilename(), text };
    };
    const table = await saved('hu');
    assert.ok(table.name.startsWith(`movements-${month}-01-`) && table.name.endsWith('.csv'));
    assert.match(table.text, new RegExp(`\\nTR${paid};`));
    const journal = await saved('hledger');
    assert.match(journal.text, new RegExp(`\\(TR${paid}\\)`));
  }));

test('a file that cannot be read says every place, and is not taken', () =>
  office.visit({ as: accountant, path: '/settlements' }, async (page, visitor) => {
    await heading(page);
    visitor.expect_refusal(400);
    const broken = `${head}\nCOMPLETED;x;1;TR1;yesterday\n${row.replace('220,00', 'much')}\n`;
    await choose(
      page,
      { name: 'report_20261208.csv', mimeType: 'text/csv', buffer: Buffer.from(broken) },
      { name: 'report_20261215.csv', mimeType: 'text/csv', buffer: Buffer.from('hello') },
    );
    await page.getByText('line 2: the row has 5 fields').waitFor();
    await page.getByText('line 3, column 12: the gross').waitFor();
    await page.locator('.previews li', { hasText: 'report_20261215.csv' }).locator('.note, .wrong')
      .first().waitFor();
    assert.equal(await page.getByRole('button', { name: /^Import/ }).count(), 0);
    await assert_usable(page, 'files that cannot be read');
    await page.getByRole('button', { name: 'Clear' }).click();
    assert.equal(await page.locator('.previews').count(), 0);
  }));

test('who may only read sees no way to change anything', () =>
  office.visit({ as: reader, path: '/settlements' }, async (page) => {
    await heading(page);
    await page.locator('.finding').waitFor();
    assert.equal(await page.locator('.drop-zone').count(), 0);
    assert.equal(await page.getByRole('button', { name: /^Accept/ }).count(), 0);
  }));

test('settlements are of the whole festival: who sees a part of it is told so', () =>
  office.visit({ as: of_hu, path: '/settlements' }, async (page, visitor) => {
    visitor.expect_refusal(403);
    await page.getByText('settlements are of all tickets').waitFor();
    assert.equal(await page.locator('.finding, .payout').count(), 0);
    await assert_usable(page, 'settlements of nobody');
  }));

test('on a phone, in the dark, in Hungarian', () =>
  office.visit(
    {
      as: accountant, path: '/settlements', language: 'hu-HU', width: 320, height: 700,
      dark: true,
    },
    async (page) => {
      await page.getByRole('heading', { level: 1, name: 'Elszámolások' }).waitFor();
      await page.getByText('Elszámolva, de nálunk ismeretlen').waitFor();
      await page.locator('.payout-row').click();
      await page.locator('.payout-lines').getByText('fizetés').first().waitFor();
      await assert_usable(page, 'settlements on a phone');
      await save_screenshot(page, 'console-phone-settlements');
    },
  ));
