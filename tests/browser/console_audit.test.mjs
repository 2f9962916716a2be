// The audit: what people did and saw, in words, and whose it is to read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assert_usable, Office, people } from './office.mjs';
import { save_screenshot } from './harness.mjs';

const { auditor, clerk, hu } = people;

let office, paid, contradicted;
before(async () => {
  office = await Office.open();
  paid = await office.paid();
  contradicted = await office.begun();
  await office.payments.forge_ipn(contradicted);
  await office.payments.in_status(contradicted, 'review');
  await as(clerk, 'addNote', { transaction_id: paid, text: 'wants an <invoice>' });
  await as(clerk, 'refundPayment', { transaction_id: paid, amount: 50, reason: 'a day cancelled' });
  await as(auditor, 'reveal', { transaction_id: paid, why: 'on the phone' });
  await as(clerk, 'askProvider', { transaction_id: contradicted });
  const entry = { kind: 'contradiction', number: contradicted };
  await as(clerk, 'closeReview', { ...entry, as: 'mine' });
  await as(clerk, 'closeReview', { ...entry, as: 'closed', note: 'all is well' });
});
after(() => office?.close());

async function as(person, operation, body) {
  const reply = await office.payments.call(operation, { body, token: office.token(person) });
  assert.ok(reply.status < 300, `${operation}: ${reply.status} ${reply.text}`);
}

const lines = (page) => page.locator('.lines tbody tr');
const line = (page, words) => lines(page).filter({ hasText: words });
const visit = (options, story) => office.visit({ as: auditor, path: '/audit', ...options }, story);

test('each thing that was done is a sentence: who, what, why, about which payment', () =>
  visit({}, async (page) => {
    await line(page, 'Ági A.wrote a note“wants an <invoice>”').waitFor();
    await line(page, 'Ági A.gave back 50 EUR“a day cancelled”').waitFor();
    await line(page, 'Ferenc F.saw personal data“on the phone”').waitFor();
    await line(page, 'Ági A.asked the provider').waitFor();
    const closed = line(page, /closed an entry of the worklist: the provider contradicts its own/);
    await closed.getByText('“all is well”').waitFor();
    await line(page, 'took an entry of the worklist').waitFor();
    await line(page, 'Ferenc F.signed in').first().waitFor();
    await assert_usable(page, 'the audit');
    await save_screenshot(page, 'console-audit');
    await closed.getByRole('link', { name: `TR${contradicted}` }).click();
    await page.getByRole('heading', { level: 1, name: `TR${contradicted}` }).waitFor();
  }));

test('filters are in the address, and one that leaves nothing is named', () =>
  visit({}, async (page) => {
    await page.getByLabel('Kind').selectOption('note');
    await line(page, 'gave back').waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).search, '?kind=note');
    await page.getByLabel('About').fill(`TR${paid}`);
    await page.waitForURL(/about=TR/);
    await page.reload();
    await line(page, 'wrote a note').waitFor();
    await page.getByLabel('Kind').selectOption('close');
    await page.getByText('The filter “payments ended” leaves nothing.').waitFor();
    await assert_usable(page, 'an audit of nothing');
    await page.getByRole('button', { name: 'Drop the filter payments ended' }).click();
    await line(page, 'wrote a note').waitFor();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await lines(page).filter({ hasText: 'Ferenc F.' }).first().getByRole('button').click();
    await line(page, 'wrote a note').waitFor({ state: 'detached' });
    await line(page, 'saw personal data').waitFor();
    await page.goto(office.at('/audit?to=2026-01-01&kind=note'));
    await page.getByText('The filter “To day: 2026-01-01” leaves nothing.').waitFor();
    await page.goto(office.at('/audit?from=soon'));
    await page.locator('.filters .wrong', { hasText: 'soon: not a day' }).waitFor();
    await assert_usable(page, 'a day that is none');
  }));

test('an id that is an e-mail address does not come into the page’s address', () => {
  const sub = 'eva@example.hu';
  return visit({ as: { ...auditor, sub, name: 'Éva E.' } }, async (page) => {
    await line(page, 'Éva E.signed in').getByRole('button').click();
    await line(page, 'wrote a note').waitFor({ state: 'detached' });
    await line(page, 'signed in').waitFor();
    assert.ok(!page.url().includes('example'), page.url());
    await page.reload();
    await line(page, 'signed in').first().waitFor();
    assert.equal(await line(page, 'wrote a note').count(), 0);
  });
});

for (const { width, dark } of [{ width: 320, dark: true }, { width: 390, dark: false }]) {
  test(`on a phone of ${width} pixels, ${dark ? 'dark' : 'light'}, in Hungarian`, () =>
    visit({ width, dark, height: 700, language: 'hu-HU' }, async (page) => {
      await line(page, 'visszatérített: 50').waitFor();
      await assert_usable(page, 'the audit on a phone');
      await page.locator('.filters > summary').click();
      await assert_usable(page, 'its filters on a phone');
      await page.getByLabel('Fajta').selectOption('close');
      await page.getByText('E szűrő nem hagy meg semmit: „lezárt fizetések”.').waitFor();
    }));
}

test('who may not read it is told which privilege opens it', () =>
  office.visit({ as: hu, path: '/audit' }, async (page, visitor) => {
    visitor.expect_refusal(403);
    await page.getByText('You may not see this').waitFor();
    await page.getByText(/payments_audit/).waitFor();
    assert.equal(await page.locator('.side a', { hasText: 'Audit' }).count(), 0);
    await assert_usable(page, 'an audit that is not for this person');
  }));

test('while the database is busy the page says when it tries again, and does', () =>
  visit({}, async (page, visitor) => {
    visitor.expect_refusal(503);
    await lines(page).first().waitFor();
    await page.route('**/payments/actions', (route) => route.fulfill({
      status: 503, contentType: 'application/problem+json', headers: { 'Retry-After': '1' },
      json: { type: '/problems/unavailable', status: 503, detail: 'not now', instance: '1' },
    }));
    await page.reload();
    await page.getByText(/Trying again in/).waitFor();
    await assert_usable(page, 'an audit that cannot be read now');
    await page.unroute('**/payments/actions');
    await lines(page).first().waitFor();
  }));
