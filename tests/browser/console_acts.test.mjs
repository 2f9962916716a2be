// What may be done with an entry of the worklist: it is taken, snoozed, closed with a note, put
// back; and what two clerks at once read of each other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assert_usable, Office, people } from './office.mjs';

const { clerk, colleague, hu } = people;

let office, first, second, third;
before(async () => {
  office = await Office.open();
  [first, second, third] = [await contradicted(), await contradicted(), await contradicted()];
});
after(() => office?.close());

// A payment whose provider contradicts its own word: one of the kinds that a person may close.
async function contradicted() {
  const id = await office.begun();
  await office.payments.forge_ipn(id);
  await office.payments.in_status(id, 'review');
  return id;
}

const entry = (page, id) => page.locator(`.entry[data-id="TR${id}"]`);
const pane = (page) => page.locator('section.pane');
const choose = async (page, id) => {
  await entry(page, id).click();
  await pane(page).locator('.story').waitFor();
};
const says = (page, words) => pane(page).getByText(words).waitFor();
const show = (page, what) => page.getByLabel('Show').selectOption(what);
const is_at = (page, id) =>
  page.waitForFunction((of) => document.activeElement?.dataset.id === of, `TR${id}`);

test('of two clerks who take an entry one has it, and the other reads who', () =>
  office.visit({ as: clerk, path: '/work' }, (page) =>
    office.visit({ as: colleague, path: '/work' }, async (other, late) => {
      await choose(page, first);
      await choose(other, first);
      await assert_usable(page, 'an entry with what may be done');
      // She has not heard of it yet when she presses the button.
      let let_hear;
      const hears = new Promise((resolve) => (let_hear = resolve));
      await other.route('**/payments/review?*', (route) => hears.then(() => route.continue()));
      await page.keyboard.press('t');
      await says(page, 'You have had it since');
      late.expect_refusal(409);
      await pane(other).getByRole('button', { name: 'Take' }).click();
      await pane(other).getByText('Somebody was faster').waitFor();
      let_hear();
      await entry(page, first).locator('.holder', { hasText: 'you' }).waitFor();
      await assert_usable(page, 'an entry of mine');
      await says(other, 'Ági A. has had it since');
      for (const name of [/^Snooze/, /^Close/]) {
        assert.equal(await pane(other).getByRole('button', { name }).count(), 0);
      }
      await assert_usable(other, 'an entry that somebody else has');
      // No key takes it from her, a button does.
      await other.keyboard.press('t');
      await says(other, 'Ági A. has had it since');
      await other.getByLabel('Only mine').check();
      await other.getByText('Nothing on the list is like this').waitFor();
      await page.getByLabel('Only mine').check();
      await entry(page, second).waitFor({ state: 'detached' });
      await entry(page, first).waitFor();
      await other.getByRole('button', { name: 'Drop the filter mine' }).click();
      await choose(other, first);
      await pane(other).getByRole('button', { name: 'Release from Ági A.' }).click();
      await pane(other).getByRole('button', { name: 'Take' }).waitFor();
      await entry(page, first).waitFor({ state: 'detached', timeout: 30_000 });
    })));

test('what is snoozed is off the list until then, and can be put back', () =>
  office.visit({ as: clerk, path: '/work' }, async (page) => {
    await choose(page, second);
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: /^Snooze: TR/ }).waitFor();
    await assert_usable(page, 'the snooze');
    await page.getByLabel('on the morning of').check();
    await page.getByRole('button', { name: 'Snooze it' }).click();
    await page.getByText('Please choose a day of the next seven.').waitFor();
    await page.getByLabel('Day', { exact: true }).fill('2020-01-01');
    await page.getByRole('button', { name: 'Snooze it' }).click();
    await page.getByText('Please choose a day of the next seven.').waitFor();
    await assert_usable(page, 'the snooze with a mistake');
    await page.getByLabel('in a week').check();
    await page.getByLabel('Why').fill('the bank is asked');
    await page.getByRole('button', { name: 'Snooze it' }).click();
    await entry(page, second).waitFor({ state: 'detached' });
    await is_at(page, third);

    await show(page, 'snoozed');
    await choose(page, second);
    await says(page, 'You have snoozed it until');
    await says(page, '“the bank is asked”');
    await assert_usable(page, 'a snoozed entry');
    await pane(page).getByRole('button', { name: 'Put back on the list' }).click();
    await page.getByText('Nothing on the list is like this').waitFor();
    await assert_usable(page, 'a filter that leaves nothing');
    await page.getByRole('button', { name: 'Drop the filter snoozed' }).click();
    await entry(page, second).waitFor();
  }));

test('what is closed with a note is gone, says who closed it, and can be put back', () =>
  office.visit({ as: clerk, path: '/work' }, async (page) => {
    await choose(page, third);
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Close it' }).click();
    await page.getByText('Please say what was done.').waitFor();
    await assert_usable(page, 'closing with a mistake');
    await page.getByLabel('What was done about it').fill('the provider was called');
    // Whoever must sign in meanwhile goes on with what was typed.
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Close it' }).click();
    await page.getByText('Your session has ended').waitFor();
    await office.sign_in_elsewhere(page, clerk);
    await entry(page, third).waitFor({ state: 'detached' });
    await is_at(page, second);

    await show(page, 'closed');
    await choose(page, third);
    await says(page, /^Closed by Ági A\./);
    await says(page, '“the provider was called”');
    await assert_usable(page, 'a closed entry');
    await page.keyboard.press('t');
    await entry(page, third).waitFor({ state: 'detached' });
    await show(page, 'open');
    await entry(page, third).waitFor();
  }));

test('who may not settle anything reads who has what, and has no buttons', () =>
  office.visit({ as: hu, path: '/work' }, async (page) => {
    await choose(page, first);
    for (const key of ['t', 's', 'c']) await page.keyboard.press(key);
    assert.equal(await page.locator('dialog').count(), 0);
    assert.equal(await pane(page).getByRole('button', { name: /^(Take|Snooze|Close)/ }).count(), 0);
  }));

test('a note is written from the list', () =>
  office.visit({ as: clerk, path: '/work' }, async (page) => {
    await choose(page, first);
    await page.keyboard.press('n');
    await page.getByLabel('Note', { exact: true }).fill('asked on the phone');
    await page.getByRole('button', { name: 'Save note' }).click();
    await says(page, 'note: asked on the phone');
  }));

for (const dark of [true, false]) {
  test(`on a phone, in Hungarian, ${dark ? 'dark' : 'light'}, by keys alone`, () =>
    office.visit(
      { as: clerk, width: 320, height: 700, dark, language: 'hu-HU', path: '/work' },
      async (page) => {
        await entry(page, first).focus();
        await page.keyboard.press('Enter');
        await page.locator('.chosen .story').waitFor();
        await page.keyboard.press('t');
        await page.getByText('Nálad van, ekkortól').waitFor();
        await assert_usable(page, 'an entry on a phone');
        await page.keyboard.press('s');
        await page.locator('dialog').waitFor();
        await assert_usable(page, 'the snooze on a phone');
        await page.keyboard.press('Escape');
        await page.keyboard.press('c');
        await page.getByLabel('Mi történt vele').waitFor();
        await assert_usable(page, 'closing on a phone');
        await page.keyboard.press('Escape');
        await page.keyboard.press('t');
        await page.getByRole('button', { name: 'Átveszem' }).waitFor();
        await page.locator('.filters > summary').click();
        await assert_usable(page, 'the filters on a phone');
      }));
}

test('when the last one is closed the list says who closed it', () =>
  office.visit({ as: clerk, path: '/work', width: 640, height: 400 }, async (page) => {
    await choose(page, first);
    for (const id of [first, second, third]) {
      await page.locator('li.chosen', { has: entry(page, id) }).waitFor();
      await pane(page).getByRole('button', { name: /^Close/ }).click();
      await page.getByLabel('What was done about it').fill('settled');
      await page.getByRole('button', { name: 'Close it' }).click();
      await entry(page, id).waitFor({ state: 'detached' });
    }
    await page.getByText('Nothing waits').waitFor();
    await page.getByText(/^Last closed by Ági A\., /).waitFor();
    await assert_usable(page, 'a list of nothing, at 200 %');
    await page.locator('.side .count').waitFor({ state: 'detached' });
  }));
