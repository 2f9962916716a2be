// The file for the accountant: what is saved is what was shown, and what the page Money says.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { simple_huf, stripe_eur } from '../faults/world.mjs';
import { save_screenshot } from './harness.mjs';
import { assert_usable, Office, people } from './office.mjs';

const finance = {
  name: 'Ferenc F.', privs: { ...people.reader.privs, payments_export: 'true' },
};
const nowhere = {
  name: 'Nóra N.', privs: { ...finance.privs, tickets_search_flags: 'NONE' },
};
const of_hu = {
  name: 'Hanna H.', privs: { ...finance.privs, tickets_search_flags: 'HU' },
};

// In EUR two payments of 220, one of which is for INT, and 50.05 given back; in HUF one of 88 000.
let office;
before(async () => {
  office = await Office.open();
  const refunded = await office.paid();
  const reply = await office.payments.refund(refunded, 50.05);
  assert.equal(reply.status, 200, reply.text);
  await office.paid({ code: stripe_eur, flag: 'INT' });
  await office.paid({ code: simple_huf });
});
after(() => office?.close());

const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();
const in_cents = (text) =>
  Math.round(Number(text.replace(/[^\d.,-]/g, '').replace(',', '.')) * 100);

const file_of = { 'Payments': 'payments', 'Refunds': 'refunds', 'Daily totals': 'daily_totals' };

// Both before the browser paints, as whoever is quick on a slow machine does.
const choose_and_make = (page, what) => page.evaluate(async (name) => {
  const choices = [...document.querySelectorAll('.whats label')];
  choices.find((label) => label.textContent.startsWith(name)).click();
  await new Promise((resolve) => setTimeout(resolve));
  document.querySelector('.export-form [type=submit]').click();
}, what);

async function made(page) {
  await page.getByRole('button', { name: 'Make the file' }).click();
  await page.getByRole('button', { name: /^Download / }).waitFor();
}

async function saved(page) {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Download / }).click();
  const download = await coming;
  const text = await readFile(await download.path(), 'utf8');
  return { name: download.suggestedFilename(), text };
}

test('the file agrees with the page Money to the cent', () =>
  office.visit({ as: finance, path: '/money?period=week' }, async (page) => {
    await heading(page, 'Money');
    const net = in_cents(await page.locator('.tiles > div', { hasText: 'Net' }).locator('dd')
      .first().innerText());
    assert.equal(net, 44000 - 5005);
    await page.getByRole('link', { name: 'As a file for the accountant' }).click();
    await heading(page, 'Exports');
    await made(page);
    await page.getByText('It agrees with the page Money to the cent.').waitFor();
    const shown = await page.locator('tr.sum[data-currency=EUR] td').last().innerText();
    assert.equal(in_cents(shown), net);
    const { text } = await saved(page);
    const [head, ...lines] = text.trimEnd().split('\r\n').map((line) => line.split(','));
    const of = (line, name) => line[head.indexOf(name)];
    const in_file = lines.filter((line) => of(line, 'currency') === 'EUR')
      .reduce((all, line) => all + Math.round(Number(of(line, 'amount')) * 100), 0);
    assert.equal(in_file, net);
  }));

test('somebody of HU exports nothing of INT', () =>
  office.visit({ as: of_hu, path: '/exports' }, async (page) => {
    await made(page);
    await page.getByText('It agrees with the page Money to the cent.').waitFor();
    const { text } = await saved(page);
    assert.equal(text.match(/,taken,/g).length, 2); // one of EUR, one of HUF
  }));

test('a file may have no line', () =>
  office.visit({ as: nowhere, path: '/exports' }, async (page) => {
    await made(page);
    await page.getByText('No line: nothing happened in these days.').waitFor();
    await assert_usable(page, 'a file without a line');
  }));

test('what is saved is what was shown: dates and amounts as Hungarian Excel reads them', () =>
  office.visit({ as: finance, path: '/exports' }, async (page) => {
    await heading(page, 'Exports');
    await page.getByLabel('Form').selectOption('excel-hu');
    await page.locator('.plain-cells td', { hasText: /^-50,05$/ }).waitFor();
    await assert_usable(page, 'the first lines');
    await made(page);
    await assert_usable(page, 'a file that is shown');
    await save_screenshot(page, 'console-exports');
    const first = await page.locator('.plain-cells tbody tr').first().locator('td').allInnerTexts();
    const { name, text } = await saved(page);
    assert.match(name, /^movements-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
    assert.ok(text.startsWith('\ufeffrow_id;'));
    assert.ok(text.includes(first.join(';')), first.join(';'));
    assert.match(text, /;\d{4}\.\d\d\.\d\d\. \d\d:\d\d;given_back;.*;-50,05;/);
    for (const what of ['Payments', 'Refunds', 'Daily totals']) {
      await choose_and_make(page, what);
      await page.getByRole('button', { name: new RegExp(`^Download ${file_of[what]}`) }).waitFor();
      assert.ok((await saved(page)).text.length > 100, String(what));
      await assert_usable(page, String(what));
    }
  }));

test('a file that breaks off is none', () =>
  office.visit({ as: finance, path: '/exports' }, async (page) => {
    await page.route('**/payments/export', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).slice(0, -20) });
    });
    await page.getByRole('button', { name: 'Make the file' }).click();
    await page.getByText(/The file broke off after \d+ lines/).waitFor();
    assert.equal(await page.getByRole('button', { name: /^Download / }).count(), 0);
    await assert_usable(page, 'a file that broke off');
    await page.unroute('**/payments/export');
    await made(page);
  }));

test('days that cannot be asked for are marked, and what the service says is shown', () =>
  office.visit({ as: finance, path: '/exports?from=2026-11-30&to=2026-11-01' },
    async (page, visitor) => {
      await page.getByText('The first day must not be after the last').waitFor();
      assert.ok(await page.getByRole('button', { name: 'Make the file' }).isDisabled());
      await assert_usable(page, 'wrong days');
      visitor.expect_refusal(503);
      await page.route('**/payments/export', (route) => route.fulfill({
        status: 503, contentType: 'application/problem+json',
        json: { type: '/problems/unavailable', status: 503, detail: 'not now', instance: '1' },
      }));
      await page.goto(office.at('/exports'));
      await page.getByRole('button', { name: 'Make the file' }).click();
      await page.getByText('not now').waitFor();
      await assert_usable(page, 'a file that is refused');
    }));

test('who may not export has no such page', () =>
  office.visit({ as: people.reader, path: '/exports' }, async (page) => {
    await page.getByText('You may not see this').waitFor();
    await page.getByText(/payments_export/).waitFor();
    assert.equal(await page.locator('.side a', { hasText: 'Exports' }).count(), 0);
    await assert_usable(page, 'exports that are not for this person');
  }));

test('on a phone, in the dark, in Hungarian, and at 200 % of the size', async () => {
  const hungarian = { as: finance, language: 'hu-HU', path: '/exports' };
  await office.visit({ ...hungarian, width: 320, height: 700, dark: true }, async (page) => {
    await heading(page, 'Exportok');
    await page.getByRole('button', { name: 'A fájl elkészítése' }).click();
    await page.getByText('Centre egyezik a Pénz oldallal.').waitFor();
    await assert_usable(page, 'a file on a phone');
  });
  await office.visit({ ...hungarian, width: 640, height: 400 }, async (page) => {
    await heading(page, 'Exportok');
    await assert_usable(page, 'exports at 200 %');
  });
});
