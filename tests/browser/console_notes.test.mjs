// Notes of colleagues in a payment's story, and personal data that are shown for a reason.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assert_usable, Office, people } from './office.mjs';

const with_personal = {
  name: 'Kata K.', privs: { ...people.hu.privs, payments_personal: 'true' },
};

let office, paid;
before(async () => {
  office = await Office.open();
  paid = await office.paid();
});
after(() => office?.close());

test('a note is written by one key, and stands in the story with its author', () =>
  office.visit({ path: `/payments/${paid}` }, async (page) => {
    await page.locator('.story').waitFor();
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: `Note on TR${paid}` }).waitFor();
    await assert_usable(page, 'the note');
    await page.getByRole('button', { name: 'Save note' }).click();
    await page.getByText('Please write something.').waitFor();
    await page.getByLabel('Note', { exact: true }).fill('visitor called, <b>wants</b> an invoice');
    await page.getByRole('button', { name: 'Save note' }).click();
    const line = page.locator('.story .said');
    await line.waitFor();
    const words = /Kata K\..*note: visitor called, <b>wants<\/b> an invoice/s;
    assert.match(await line.innerText(), words);
    await assert_usable(page, 'a story with a note');
  }));

test('a note survives a session that ends', () =>
  office.visit({ path: `/payments/${paid}` }, async (page) => {
    await page.locator('.story').waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Note', { exact: true }).fill('half a thought');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Save note' }).click();
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    await office.sign_in_elsewhere(page, people.hu);
    await page.locator('.story .said', { hasText: 'half a thought' }).waitFor();
    assert.equal(await page.locator('.story .said', { hasText: 'half a thought' }).count(), 1);
  }));

test('personal data are shown to whoever may see them and says why', async () => {
  await office.visit({ path: `/payments/${paid}` }, async (page) => {
    await page.locator('.story').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Show…' }).count(), 0);
  });
  await office.visit({ as: with_personal, path: `/payments/${paid}` }, async (page) => {
    await page.getByRole('button', { name: 'Show…' }).click();
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('Please say why.').waitFor();
    await assert_usable(page, 'the question why');
    await page.getByLabel('Why').fill('the visitor is on the phone');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('visitor@example.com').waitFor();
    await page.getByText('Éva Kovács').waitFor();
    await assert_usable(page, 'personal data');
    await page.getByRole('button', { name: 'Hide again' }).click();
    await page.getByText('visitor@example.com').waitFor({ state: 'detached' });
    const kept = await page.evaluate(() =>
      JSON.stringify([localStorage, sessionStorage, history.state]));
    assert.ok(!kept.includes('visitor@'), kept);
  });
});
