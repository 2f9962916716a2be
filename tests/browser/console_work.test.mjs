// The worklist: what a person must decide, whose it is to see, and that facts end it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { simple_eur } from '../faults/world.mjs';
import { assert_usable, fill_refund, give_back, Office, people } from './office.mjs';
import { save_screenshot } from './harness.mjs';

let office, twice, again, contradicted, abroad;
before(async () => {
  office = await Office.open();
  contradicted = await office.begun();
  abroad = await office.begun({ flag: 'INT' });
  for (const id of [contradicted, abroad]) {
    await office.payments.forge_ipn(id);
    await office.payments.in_status(id, 'review');
  }
  twice = await paid_twice();
  again = await paid_twice();
});
after(() => office?.close());

// Two captures for one fee, the later of which is put before a person.
async function paid_twice() {
  const { payments } = office;
  const ticket = await payments.ticket();
  const id = await payments.started(simple_eur, ticket);
  await payments.act(id, 'challenge');
  await payments.forge_ipn(id, { status: 'CANCELLED' });
  await payments.in_status(id, 'cancelled');
  const next = await payments.started(simple_eur, ticket);
  await payments.pay(next);
  await payments.act(id, 'challenge-pass');
  payments.paid_twice.add(ticket);
  await payments.in_status(id, 'review');
  return id;
}

const entry = (page, id) => page.locator(`.entry[data-id="TR${id}"]`);
const pane = (page) => page.locator('section.pane');

test('an entry says why it is there and what to do, and leads to the payment', () =>
  office.visit({}, async (page) => {
    await page.locator('.side .count', { hasText: '3' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.getByRole('heading', { level: 1, name: 'Worklist' }).waitFor();
    await page.getByText('Choose an entry').waitFor();
    await assert_usable(page, 'the worklist');
    await entry(page, twice).click();
    await pane(page).getByRole('heading', { name: 'the fee was paid twice' }).waitFor();
    await pane(page).getByText('Refund this transaction').waitFor();
    await pane(page).locator('.story').waitFor();
    await assert_usable(page, 'an entry');
    await save_screenshot(page, 'console-work');
    await page.reload();
    await pane(page).getByRole('heading', { name: 'the fee was paid twice' }).waitFor();
    await pane(page).getByRole('link', { name: `Open TR${twice}` }).click();
    await page.getByText('Needs a person: the fee was paid twice').waitFor();
    await page.goBack();
    await pane(page).getByRole('heading', { name: 'the fee was paid twice' }).waitFor();
  }));

test('somebody of HU neither sees nor counts what is of INT', async () => {
  await office.visit({ path: '/work' }, async (page) => {
    await entry(page, contradicted).waitFor();
    assert.equal(await entry(page, abroad).count(), 0);
    await page.locator('.list-foot', { hasText: '3 of 3' }).waitFor();
  });
  await office.visit({ as: people.reader, path: '/work' }, async (page) => {
    await entry(page, abroad).waitFor();
    await page.locator('.list-foot', { hasText: '4 of 4' }).waitFor();
  });
});

test('by keys alone, in the dark, on a phone, in Hungarian', () =>
  office.visit({ width: 320, height: 700, dark: true, language: 'hu-HU', path: '/work' },
    async (page) => {
      await entry(page, contradicted).waitFor();
      await assert_usable(page, 'the worklist on a phone');
      await page.keyboard.press('j');
      const first = await page.evaluate(() => document.activeElement.dataset.id);
      await page.keyboard.press('Enter');
      await page.locator('li.chosen', { has: entry(page, first.slice(2)) }).locator('.story')
        .waitFor();
      await assert_usable(page, 'an entry on a phone');
      await save_screenshot(page, 'console-phone-work');
      await page.getByText('Keresd meg a fizetést').waitFor();
      await page.locator('.original summary').click();
      await page.getByText('Look the payment up at the provider').waitFor();
    }));

test('what only facts can end has no button that closes it, and is given back from the list', () =>
  office.visit({ as: people.clerk, path: '/work' }, async (page) => {
    await entry(page, again).click();
    await pane(page).locator('.story').waitFor();
    await pane(page).getByText('No person can close this').waitFor();
    assert.equal(await pane(page).getByRole('button', { name: /^Close/ }).count(), 0);
    await page.keyboard.press('c');
    assert.equal(await page.locator('dialog').count(), 0);
    await fill_refund(page);
    await assert_usable(page, 'a refund from the list');
    await give_back(page).click();
    await page.getByText('220 EUR given back').waitFor();
    await page.keyboard.press('Enter');
    await entry(page, again).waitFor({ state: 'detached' });
  }));

test('what is given back leaves the list by itself', () =>
  office.visit({ path: '/work' }, async (page) => {
    await entry(page, twice).click();
    await pane(page).locator('.story').waitFor();
    const reply = await office.payments.refund(twice);
    assert.equal(reply.status, 200, reply.text);
    await entry(page, twice).waitFor({ state: 'detached' });
    await page.getByText('This entry is no longer on the list.').waitFor();
    await page.locator('.side .count', { hasText: '1' }).waitFor();
  }));

test('a list of nothing says what will come', async () => {
  const empty = await Office.open();
  try {
    await empty.visit({ path: '/work' }, async (page) => {
      await page.getByText('Nothing waits').waitFor();
      await assert_usable(page, 'an empty worklist');
      assert.equal(await page.locator('.side .count').count(), 0);
    });
  } finally {
    await empty.close();
  }
});

test('who may not search has no worklist', () =>
  office.visit({ as: people.nobody, path: '/work' }, async (page, visitor) => {
    visitor.expect_refusal(403);
    await page.getByText('You may not see this').waitFor();
    await page.getByText(/payments_search/).waitFor();
  }));
