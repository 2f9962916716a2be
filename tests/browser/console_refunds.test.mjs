// Giving money back from the back office: once, whatever happens, and the page tells the truth.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assert_ok } from '../api/client.mjs';
import { save_screenshot } from './harness.mjs';
import { assert_usable, fill_refund, give_back, Office, people } from './office.mjs';

let office;
before(async () => { office = await Office.open({ PAYMENTS_CONSOLE_REFUND_AUTH_AGE: '5' }); });
after(() => office?.close());

const open = (page, id) => page.goto(office.at(`/payments/${id}`));
const refunded = async (id) => (await office.payments.transaction(id)).amount_refunded;

test('a part goes back, and the payment’s page says by whom and why', async () => {
  const id = await office.paid();
  await office.visit({ path: `/payments/${id}` }, async (page) => {
    await page.locator('.story').waitFor();
    await page.keyboard.press('r');
    await page.locator('dialog.refund').waitFor();
    await assert_usable(page, 'the dialog');
    await save_screenshot(page, 'console-refund');
    await give_back(page).click();
    await page.getByText('Please say why.').waitFor();
    await page.locator('#refund-amount').fill('221');
    await give_back(page).click();
    await page.getByText('Only 220 EUR is left.').waitFor();
    await assert_usable(page, 'the dialog with mistakes');
    await page.locator('#refund-amount').fill('20,5');
    await page.locator('#refund-why').selectOption('visitor');
    await page.getByLabel('Note, no names').fill('by phone');
    await give_back(page).click();
    await page.getByText('20.50 EUR given back').waitFor();
    await assert_usable(page, 'the dialog at its end');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.locator('.status', { hasText: 'partly refunded' }).first().waitFor();
    await page.getByRole('tab', { name: 'Refunds' }).click();
    const row = page.locator('.plain tbody tr');
    assert.match(await row.innerText(), new RegExp(`TR${id}-R1`));
    assert.match(await row.innerText(), /Kata K\..*the visitor asked for it: by phone/);
    await assert_usable(page, 'the refunds');
  });
  assert.deepEqual(await office.refunds_at_simplepay(id), [20.5]);
});

test('a double click and a reload at once make one refund', async () => {
  const id = await office.paid();
  await office.visit({ path: `/payments/${id}` }, async (page) => {
    await page.locator('.story').waitFor();
    await fill_refund(page, { amount: 50 });
    await give_back(page).dblclick();
    await page.reload();
    await page.locator('.balance', { hasText: 'left to give back 170 EUR' }).waitFor();
    // It goes on where it was, unless the answer had come before the page was left.
    const dialog = page.locator('dialog.refund');
    if (await dialog.count() > 0) await dialog.filter({ hasText: 'given back' }).waitFor();
  });
  assert.equal(await refunded(id), 50);
  assert.deepEqual(await office.refunds_at_simplepay(id), [50]);
});

test('of two clerks who give back all, one does, and the other reads what is left', async () => {
  const id = await office.paid();
  await office.visit({ path: `/payments/${id}` }, async (kata, visitor) => {
    visitor.expect_refusal(409);
    visitor.expect_refusal(422);
    await kata.locator('.story').waitFor();
    await fill_refund(kata);
    assert_ok(await office.payments.refund(id, 200));
    await give_back(kata).click();
    await kata.locator('dialog.refund').getByText(/given back|Left now/).first().waitFor();
    await assert_usable(kata, 'a refund after another');
  });
  assert.equal(await refunded(id), 220);
});

test('more than what is left by now is refused, and the form is open again', async () => {
  const id = await office.paid();
  await office.visit({ path: `/payments/${id}` }, async (page, visitor) => {
    visitor.expect_refusal(422);
    await page.locator('.story').waitFor();
    await fill_refund(page, { amount: 100 });
    // The page must not hear of it before the button is pressed.
    await page.route('**/payments/transaction', (route) => route.abort());
    visitor.expect_complaint('ERR_FAILED');
    assert_ok(await office.payments.refund(id, 150));
    await give_back(page).click();
    await page.locator('dialog .note-bad').waitFor();
    await page.unroute('**/payments/transaction');
    await page.getByText('Left now: 70 EUR.').waitFor();
    await assert_usable(page, 'the refusal');
    await page.locator('#refund-amount').fill('70');
    await give_back(page).click();
    await page.getByText('70 EUR given back').waitFor();
  });
  assert.equal(await refunded(id), 220);
});

test('while the provider is silent nobody knows, and then the page says what came', async () => {
  const id = await office.paid();
  await office.payments.order_fault('simplepay', 'refund', 'no-answer-after');
  await office.payments.order_fault('simplepay', 'query', '503', { times: 1000, skip: 1 });
  await office.visit({ path: `/payments/${id}` }, async (page, visitor) => {
    visitor.expect_refusal(504);
    await page.locator('.story').waitFor();
    await fill_refund(page, { amount: 50 });
    await give_back(page).click();
    await page.getByText('Nobody knows yet', { exact: true }).waitFor();
    await assert_usable(page, 'the dialog while nobody knows');
    await save_screenshot(page, 'console-refund-unknown');
    assert.ok(await page.locator('#refund-amount').isDisabled());
    await page.keyboard.press('Escape');
    await page.getByText('A refund was sent from here').waitFor();
    await assert_usable(page, 'the page while nobody knows');
    await page.reload();
    await page.getByText('Nobody knows yet', { exact: true }).waitFor();
    await office.payments.clear_faults('simplepay');
    await page.getByText('50 EUR given back').waitFor({ timeout: 60_000 });
  });
  assert.deepEqual(await office.refunds_at_simplepay(id), [50]);
});

test('a service that goes away after the button is asked again under the same key', async () => {
  const id = await office.paid();
  await office.visit({ path: `/payments/${id}` }, async (page, visitor) => {
    visitor.expect_complaint('ERR_');
    await page.locator('.story').waitFor();
    await fill_refund(page, { amount: 30 });
    const keys = [];
    let answers = 0;
    await page.route('**/payments/refunds', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      const response = await route.fetch();
      if (++answers === 1) return route.abort();
      return route.fulfill({ response });
    });
    await give_back(page).click();
    await page.getByText('Nobody knows yet', { exact: true }).waitFor();
    await page.getByText('30 EUR given back').waitFor();
    assert.equal(new Set(keys).size, 1);
    assert.ok(keys.length > 1);
  });
  assert.deepEqual(await office.refunds_at_simplepay(id), [30]);
});

test('a session that ends says nothing of a refund: the same key goes on', async () => {
  const id = await office.paid();
  await office.visit({ path: `/payments/${id}` }, async (page, visitor) => {
    visitor.expect_complaint('ERR_');
    await page.locator('.story').waitFor();
    await fill_refund(page, { amount: 40 });
    const keys = [];
    // The first is made, and its answer lost; what is asked again finds no session.
    await page.route('**/payments/refunds', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      await page.context().clearCookies();
      return route.abort();
    });
    await give_back(page).click();
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    assert.ok(await page.locator('#refund-amount').isDisabled(), 'the form is open again');
    await office.sign_in_elsewhere(page, people.hu);
    await page.getByText('40 EUR given back').waitFor();
    assert.ok(keys.length > 1);
    assert.equal(new Set(keys).size, 1);
  });
  assert.deepEqual(await office.refunds_at_simplepay(id), [40]);
});

test('who signed in too long ago signs in over the dialog, and the refund goes on', async () => {
  const id = await office.paid();
  const claims = { auth_time: Math.floor(Date.now() / 1000) - 3600 };
  const early = { ...people.hu, claims };
  await office.visit({ as: early, path: `/payments/${id}` }, async (page, visitor) => {
    visitor.expect_refusal(403);
    await page.locator('.story').waitFor();
    await fill_refund(page, { amount: 45 });
    await page.getByLabel('Note, no names').fill('typed before');
    const asked = page.getByRole('heading', { name: 'Sign in again to move money' });
    await give_back(page).click();
    await asked.waitFor();
    await assert_usable(page, 'the sheet');
    // Whoever would rather not is back in the form, and nothing has happened.
    await page.keyboard.press('Escape');
    await asked.waitFor({ state: 'detached' });
    assert.equal(await refunded(id), 0);
    assert.equal(await page.locator('#refund-amount').inputValue(), '45');

    await give_back(page).click();
    await asked.waitFor();
    await office.sign_in_elsewhere(page, people.hu);
    await page.getByText('45 EUR given back').waitFor();
  });
  assert.equal(await refunded(id), 45);
  assert.deepEqual(await office.refunds_at_simplepay(id), [45]);
});

test('a refund that the provider refuses leaves the form for another try', async () => {
  const id = await office.paid();
  await office.payments.order_fault('simplepay', 'refund', 'refuse', { code: 5110 });
  await office.visit({ path: `/payments/${id}` }, async (page, visitor) => {
    visitor.expect_refusal(502);
    await page.locator('.story').waitFor();
    await fill_refund(page, { amount: 30 });
    await give_back(page).click();
    await page.locator('dialog').getByText('The refund was not made').waitFor();
    await office.payments.clear_faults('simplepay');
    await give_back(page).click();
    await page.getByText('30 EUR given back').waitFor();
  });
  assert.deepEqual(await office.refunds_at_simplepay(id), [30]);
});

test('who may not refund sees no button, and no key opens the dialog', async () => {
  const id = await office.paid();
  await office.visit({ as: people.reader, path: `/payments/${id}` }, async (page, visitor) => {
    visitor.expect_refusal(403);
    await page.locator('.story').waitFor();
    await page.keyboard.press('r');
    assert.equal(await page.getByRole('button', { name: /Refund…/ }).count(), 0);
    assert.equal(await page.locator('dialog').count(), 0);
    const by_hand = await page.evaluate(async (transaction_id) => {
      const reply = await fetch('/payments/refunds', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Console': '1' },
        body: JSON.stringify({ transaction_id }),
      });
      return [reply.status, (await reply.json()).detail];
    }, id);
    assert.equal(by_hand[0], 403);
    assert.match(by_hand[1], /payments_refund/);
  });
  assert.equal(await refunded(id), 0);
});

test('a payment of which nothing is left says so instead of opening the dialog', async () => {
  const id = await office.paid();
  assert_ok(await office.payments.refund(id));
  await office.visit({ path: `/payments/${id}` }, async (page) => {
    const button = page.getByRole('button', { name: /Refund…/ });
    await button.waitFor();
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await page.locator('#why-not').waitFor();
    await page.keyboard.press('r');
    await button.click({ force: true });
    assert.equal(await page.locator('dialog').count(), 0);
    await open(page, id);
    await button.waitFor();
  });
});
