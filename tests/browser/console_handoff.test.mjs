// Staff come from the platform, are shown who they are, and see where they are signed in; in an
// installation that has moved the paths of its operations.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { open_staff_platform } from '../../sandbox/platform/platform.mjs';
import { free_port } from '../fixtures/harness.mjs';
import { assert_usable, Office, people } from './office.mjs';

const moved = {
  PAYMENTS_ROUTE_FIND_TRANSACTIONS: '/api/v1/find',
  PAYMENTS_ROUTE_GET_TRANSACTION: '/api/v1/transaction',
  PAYMENTS_ROUTE_LIST_REVIEWS: '/api/v1/reviews',
  PAYMENTS_ROUTE_ADD_NOTE: '/api/v1/notes',
};

let office, staff;
before(async () => {
  const port = await free_port();
  const url = `http://localhost:${port}`;
  office = await Office.open({
    ...moved,
    PAYMENTS_CONSOLE_SIGN_IN: 'handoff',
    PAYMENTS_CONSOLE_HANDOFF_PAGE: `${url}/sign-in`,
    PAYMENTS_CONSOLE_HANDOFF_URL: `${url}/exchange`,
  });
  const { keys, user_key } = office.platform;
  const own_key = JSON.parse(await readFile(join(keys, 'payments.jwk'), 'utf8'));
  staff = await open_staff_platform({
    port,
    user_key,
    service_keys: { keys: [own_key] },
    console_url: office.platform.url,
    claims_for: (name) => ({ name: `${name} K.`, privs: people.hu.privs }),
  });
});
after(async () => {
  await staff?.close();
  await office?.close();
});

// As the platform sends the browser of whoever it has signed in.
const come = (page, name, to = '/console/payments') => {
  const query = new URLSearchParams({ code: staff.code_for(name), to });
  return page.goto(`${office.platform.url}/console/handoff?${query}`);
};
const go_on = (page, name) => page.getByRole('button', { name: `Go on as ${name} K.` }).click();
const is_in = (page, name) =>
  page.locator('.person-name', { hasText: `${name} K.` }).waitFor();
const visit = (story) =>
  office.browser.visit({ width: 1280, height: 800 }, async (visitor, page) => {
    visitor.expect_refusal(401);
    await story(page, visitor);
  });

test('whoever comes is shown who they are, and is in when they say so', () =>
  visit(async (page) => {
    const id = await office.begun();
    await come(page, 'Kata', `/console/payments/${id}`);
    await page.getByRole('heading', { name: 'Is this you?' }).waitFor();
    await page.getByText('Kata K.', { exact: true }).waitFor();
    assert.ok(!page.url().includes('code='), 'the code stays in the address');
    await assert_usable(page, 'the page that asks');
    await go_on(page, 'Kata');
    await is_in(page, 'Kata');
    await page.locator('.story').waitFor();

    // Somebody else's code: nothing changes until they say yes.
    await come(page, 'Eve');
    await page.getByText('You are signed in as Kata K.').waitFor();
    await page.getByRole('link', { name: 'This is not me' }).click();
    await is_in(page, 'Kata');
    await come(page, 'Eve');
    await go_on(page, 'Eve');
    await is_in(page, 'Eve');
  }));

test('a page that asks too late says so', () =>
  visit(async (page) => {
    await page.goto(office.at('/confirm'));
    await page.getByText('It took too long').waitFor();
    await assert_usable(page, 'the page that asks nobody');
  }));

test('pages work where operations have been moved', () =>
  visit(async (page) => {
    const id = await office.begun();
    const asked = new Set();
    page.on('request', (request) => asked.add(new URL(request.url()).pathname));
    await come(page, 'Kata');
    await go_on(page, 'Kata');
    await page.locator('.row-link', { hasText: `TR${id}` }).click();
    await page.locator('.story').waitFor();
    await page.keyboard.press('n');
    await page.locator('dialog textarea').fill('written there');
    await page.locator('dialog').getByRole('button', { name: 'Save note' }).click();
    await page.getByText('written there').waitFor();
    for (const path of Object.values(moved)) assert.ok(asked.has(path), path);
    for (const path of ['/payments/find', '/payments/transaction', '/payments/review'])
      assert.ok(!asked.has(path), path);
  }));

test('my sessions are listed, and others of mine ended', () =>
  visit(async (page) => {
    await come(page, 'Kata');
    await go_on(page, 'Kata');
    await is_in(page, 'Kata');
    const elsewhere = await page.context().browser().newContext();
    const there = await elsewhere.newPage();
    await come(there, 'Kata');
    await go_on(there, 'Kata');
    await is_in(there, 'Kata');

    await page.locator('.person-menu summary').click();
    await page.getByRole('button', { name: 'My sessions' }).click();
    const dialog = page.locator('dialog');
    await dialog.getByText('this one').waitFor();
    await assert_usable(page, 'my sessions');
    await dialog.getByRole('button', { name: 'End all others' }).click();
    await dialog.getByText('You are signed in nowhere else.').waitFor();
    assert.equal(await dialog.locator('tbody tr').count(), 1);
    await there.reload();
    await there.getByRole('heading', { name: 'Sign in' }).waitFor();
    await elsewhere.close();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }));
