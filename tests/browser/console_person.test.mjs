// A visitor's data in the back office: looked at, taken out, erased.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { assert_usable, Office, people } from './office.mjs';

const officer = {
  name: 'Dóra D.',
  privs: {
    payments_search: 'true', payments_erase: 'true', payments_audit: 'true',
    tickets_search_flags: '*', tickets_search_years: '*', tickets_search_events: '*',
  },
};
const metas = {
  email: 'zsuzsi.kacifant@example.org', name: 'Kacifánt Zsuzsanna', country: 'HU',
  city: 'Sárrétudvari', zip: '6763', address: 'Pipitér köz 77', phone: '+36301357924',
};

let office, paid, begun;
before(async () => {
  office = await Office.open();
  paid = await office.paid({ metas });
  begun = await office.begun({ metas });
});
after(() => office?.close());

async function look(page, who = metas.email) {
  await page.getByLabel('E-mail address, or number of a ticket').fill(who);
  await page.getByRole('button', { name: 'Look' }).click();
  await page.locator('#found').waitFor();
}
const row = (page, id) => page.locator('.person-payments tbody tr', { hasText: `TR${id}` });

test('who may not erase finds no way there, and is told what is missing', () =>
  office.visit({ path: '/person' }, async (page) => {
    await page.getByText('payments_erase').waitFor();
    assert.equal(await page.locator('nav.side a', { hasText: 'A visitor’s data' }).count(), 0);
  }));

test('what is held is shown with what becomes of it, and of whom is in no address', () =>
  office.visit({ as: officer }, async (page) => {
    await page.locator('nav.side a', { hasText: 'A visitor’s data' }).click();
    await assert_usable(page, 'the search');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByText('neither an e-mail address').waitFor();
    await look(page);
    assert.match(await row(page, paid).innerText(), /kept for accounts until/);
    assert.match(await row(page, begun).innerText(), /waits/);
    await assert_usable(page, 'what is held');
    const kept = await page.evaluate(() =>
      JSON.stringify([location.href, localStorage, sessionStorage, history.state]));
    assert.ok(!kept.includes('kacifant'), kept);
  }));

test('it is taken out for a reason, as a file', () =>
  office.visit({ as: officer, path: '/person' }, async (page) => {
    await look(page);
    await page.getByRole('button', { name: 'Take out…' }).click();
    await page.getByRole('button', { name: 'Take out', exact: true }).click();
    await page.getByText('Please say why.').waitFor();
    await assert_usable(page, 'the question why');
    await page.getByLabel('Why').fill('letter 77');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Take out', exact: true }).click();
    const taken = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    assert.deepEqual(taken.held.map(({ email }) => email), [metas.email, metas.email]);
  }));

test('it is erased when the address is typed once more, and the report can be kept', () =>
  office.visit({ as: officer, path: '/person' }, async (page) => {
    await look(page);
    await page.getByRole('button', { name: 'Erase…' }).click();
    await assert_usable(page, 'the question');
    const go = page.getByRole('button', { name: 'Erase', exact: true });
    await page.getByLabel('Why').fill('letter 77');
    await page.locator('#again').fill('somebody@example.org');
    await go.click();
    await page.getByText('This is not').waitFor();
    await page.locator('#again').fill(metas.email);
    await go.click();
    await page.getByRole('heading', { name: 'What was erased of' }).waitFor();
    assert.match(await row(page, paid).innerText(), /erased .*kept for accounts until/s);
    assert.match(await row(page, begun).innerText(), /waits since/);
    await assert_usable(page, 'the report');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the report' }).click();
    const report = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    assert.equal(report.payments[0].state, 'restricted');
    await page.getByRole('button', { name: 'Another visitor' }).click();
    await look(page, 'nobody@example.org');
    await page.getByText('No payment of nobody@example.org').waitFor();
  }));

test('the payment says so, and the audit names who did it', () =>
  office.visit({ as: officer, path: '/audit' }, async (page) => {
    await page.getByText('had a visitor erased').waitFor();
    await page.getByText('took out a visitor’s data').waitFor();
    assert.ok(!(await page.locator('main').innerText()).includes('kacifant'));
  }));

test('in Hungarian, on a phone, in the dark', () =>
  office.visit({
    as: officer, path: '/person', width: 320, height: 700, language: 'hu-HU', dark: true,
  }, async (page) => {
    await page.getByLabel('E-mail-cím vagy jegyszám').fill(metas.email);
    await page.getByRole('button', { name: 'Megnézem' }).click();
    await page.locator('#found').waitFor();
    await page.getByText('a könyvelésnek kell eddig').waitFor();
    await assert_usable(page, 'in Hungarian on a phone');
  }));
