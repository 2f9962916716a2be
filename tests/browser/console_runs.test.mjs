// Money back to everybody of an event: chosen, read, typed, released by a second person, and each
// refunded once, whatever happens on the way.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { assert_ok } from '../api/client.mjs';
import { simple_huf, stripe_eur } from '../faults/world.mjs';
import { save_screenshot } from './harness.mjs';
import { assert_usable, Office, people } from './office.mjs';

const runner = (name) => ({
  name, privs: { ...people.hu.privs, payments_refund_bulk: 'true' },
});
const starter = runner('Sára S.'), releaser = runner('Rita R.');

// One each two seconds and processor, until a run has been cut off in its middle.
let office;
before(async () => { office = await Office.open({ PAYMENTS_REFUND_RUN_PACE: '30' }); });
after(() => office?.close());

const visit = (options, story) =>
  office.visit({ as: starter, path: '/refunds', ...options }, story);
const paid = (event, codes) => Promise.all(codes.map((code) => office.paid({ code, event })));
const refunded = async (id) => (await office.payments.transaction(id)).amount_refunded;
const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();
const state = (page, words) => page.locator('.page-head .status', { hasText: words }).waitFor();
const all_given_back = (page) => page.getByText('Everybody has got the money back', { exact: true })
  .waitFor({ timeout: 60_000 });
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

// Reads the plan of an event, from an empty form.
async function read_plan(page, event) {
  await page.goto(office.at(`/refunds/new?year=2027&event=${event}`));
  await press(page, 'Read what would go back');
  await page.getByRole('heading', { name: 'Start' }).waitFor();
}

// `sums`: what is typed, by the name of its field.
async function fill_start(page, name, sums) {
  await page.getByLabel('Name of the run').fill(name);
  await page.locator('#refund-why').selectOption('event_cancelled');
  for (const [of, amount] of Object.entries(sums)) await page.getByLabel(of).fill(amount);
}

// How many items each question about a run is for, from now on.
function asked_for_runs(page) {
  const limits = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/payments/refund-run')) limits.push(request.postDataJSON().limit);
  });
  return limits;
}

async function release(page, name) {
  await page.getByRole('link', { name }).click();
  await heading(page, name);
  await press(page, 'Release…');
  await page.locator('dialog .money-button').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}

test('whoever has made no run yet reads the three steps', () =>
  visit({ path: '/payments', language: 'hu-HU', width: 320, height: 700, dark: true },
    async (page) => {
      await page.locator('h1').waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('r');
      await heading(page, 'Tömeges visszatérítések');
      await page.locator('.run-empty li').nth(2).waitFor();
      await assert_usable(page, 'no run yet, on a phone');
    }));

const four_and_two = [simple_huf, simple_huf, simple_huf, simple_huf, stripe_eur, stripe_eur];

test('a run goes on while nobody looks and the service is killed, each refund once', async () => {
  const ids = await paid('SUNRISE', four_and_two);
  const before_it = await office.paid({ event: 'SUNRISE' });
  assert_ok(await office.payments.refund(before_it));
  const begun = await office.begun({ event: 'SUNRISE' });
  await visit({ path: '/payments?status=paid,refunded' }, async (page) => {
    await page.getByRole('link', { name: 'Refund these…' }).click();
    await heading(page, 'New refund run');
    await page.getByText('paid, refunded').waitFor(); // what the list was filtered by
    await page.getByRole('button', { name: /^Drop the filter paid/ }).click();
    await press(page, 'Read what would go back');
    await page.getByText('at least one field').waitFor();
    await page.getByLabel('Event').fill('SUNRISE');
    await press(page, 'Read what would go back');
    await page.getByText('6 payments: ').waitFor();
    await page.getByText(/352\s000\sHUF \+ 440\sEUR/).first().waitFor();
    await page.getByText('given back already').click();
    await page.getByRole('link', { name: `TR${before_it}`, exact: true }).waitFor();
    await page.getByText('not paid').click();
    await page.getByRole('link', { name: `TR${begun}`, exact: true }).waitFor();
    await save_screenshot(page, 'console-run-plan');
    await press(page, 'Ask for release');
    await page.getByText('Please give it a name.').waitFor();
    await fill_start(page, 'Sunrise cancelled', {
      'SimplePay, HUF': '352 000', 'Stripe, EUR': '44',
    });
    await press(page, 'Ask for release');
    await page.getByText(/That is not what was read: 440\sEUR/).waitFor();
    await assert_usable(page, 'a plan with mistakes');
    await page.getByLabel('Stripe, EUR').fill('440');
    await press(page, 'Ask for release');
    await heading(page, 'Sunrise cancelled');
    await page.getByText('somebody else must release it').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Release…' }).count(), 0);
    await assert_usable(page, 'a run that waits for its release');
  });
  assert.deepEqual(await Promise.all(ids.map(refunded)), ids.map(() => 0));

  await visit({ as: releaser }, async (page, visitor) => {
    visitor.expect_complaint('ERR_');
    const asked = asked_for_runs(page);
    await release(page, 'Sunrise cancelled');
    await page.locator('.counts-line', { hasText: /given back [1-9]/ }).waitFor();
    assert.deepEqual(new Set(asked), new Set([50])); // counts and items together
    await office.platform.payments.program.stop('SIGKILL');
    await page.locator('.counts-line', { hasText: /waits [1-9]/ }).waitFor();
    await assert_usable(page, 'a run that goes on');
    await save_screenshot(page, 'console-run');
  });
  await office.platform.restart({ PAYMENTS_REFUND_RUN_PACE: '6000' });

  await visit({ as: releaser }, async (page) => {
    await page.getByRole('link', { name: 'Sunrise cancelled' }).click();
    await all_given_back(page);
    await page.getByText('released by Rita R.').waitFor();
    await assert_usable(page, 'a run that is done');
    const coming = page.waitForEvent('download');
    await press(page, 'Report (CSV)');
    const lines = (await readFile(await (await coming).path(), 'utf8')).trimEnd().split('\r\n');
    assert.equal(lines.length, 1 + ids.length);
    for (const id of ids) assert.ok(lines.some((line) => line.includes(`,TR${id}-R1,`)), lines);
  });
  assert.deepEqual(
    await Promise.all(ids.map(refunded)), [88000, 88000, 88000, 88000, 220, 220],
  );
  for (const id of ids.slice(0, 4)) {
    assert.deepEqual(await office.refunds_at_simplepay(id), [88000]);
  }
});

// As many as a small festival's event has. By Stripe alone, which is asked again under the same
// key: a refund that SimplePay was perhaps asked for waits for 15 minutes (docs/design.md, 3.9).
test('an event of 300 is cancelled though the service is killed, each visitor once', async () => {
  const twenty = Array.from({ length: 20 }, () => stripe_eur);
  const ids = [];
  while (ids.length < 300) ids.push(...await paid('OZORA', twenty));
  await office.platform.restart({ PAYMENTS_REFUND_RUN_PACE: '1500' });
  await visit({}, async (page) => {
    await read_plan(page, 'OZORA');
    await page.getByText('300 payments: ').waitFor();
    await fill_start(page, 'Event cancelled', { 'Stripe, EUR': '66 000' });
    await press(page, 'Ask for release');
    await heading(page, 'Event cancelled');
  });
  await visit({ as: releaser }, async (page, visitor) => {
    visitor.expect_complaint('ERR_');
    await release(page, 'Event cancelled');
    await page.locator('.counts-line', { hasText: /given back [1-9]\d/ }).waitFor();
    await office.platform.payments.program.stop('SIGKILL');
    await office.platform.restart({ PAYMENTS_REFUND_RUN_PACE: '6000' });
    await page.goto(office.at('/refunds'));
    await page.getByRole('link', { name: 'Event cancelled' }).click();
    await all_given_back(page);
    await page.locator('.counts-line', { hasText: 'given back 300' }).waitFor();
    await assert_usable(page, 'a run of 300 that is done');
  });
  assert.deepEqual(await Promise.all(ids.map(refunded)), ids.map(() => 220));
});

test('five refusals in a row stop a run, which says why; it goes on and tries again', async () => {
  const ids = await paid('DUSK', Array.from({ length: 6 }, () => simple_huf));
  await office.payments.order_fault('simplepay', 'refund', 'refuse', { code: 5110, times: 5 });
  await visit({}, async (page) => {
    await read_plan(page, 'DUSK');
    await fill_start(page, 'Dusk cancelled', { 'SimplePay, HUF': '528000' });
    await press(page, 'Ask for release');
    await heading(page, 'Dusk cancelled');
  });
  await visit({ as: releaser, path: '/refunds' }, async (page) => {
    await release(page, 'Dusk cancelled');
    await page.getByText('five refunds in a row were refused').waitFor({ timeout: 30_000 });
    await page.getByRole('tab', { name: /^Refused/ }).click();
    await page.locator('.run-items .cell-why span').nth(4).waitFor();
    await assert_usable(page, 'a run that has stopped by itself');
    await press(page, 'Go on');
    await page.getByText('not everybody has got the money back').waitFor({ timeout: 30_000 });
    await press(page, 'Try the refused ones again');
    await all_given_back(page);
  });
  for (const id of ids) assert.deepEqual(await office.refunds_at_simplepay(id), [88000]);
});

test('a start whose answer is lost is asked for again, and starts one run', async () => {
  const [id] = await paid('LOST', [simple_huf]);
  await visit({}, async (page, visitor) => {
    visitor.expect_complaint('ERR_');
    await read_plan(page, 'LOST');
    await fill_start(page, 'Lost answer', { 'SimplePay, HUF': '88000' });
    const keys = [];
    await page.route('**/payments/refund-runs', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      const response = await route.fetch();
      return keys.length === 1 ? route.abort() : route.fulfill({ response });
    });
    await press(page, 'Ask for release');
    await page.getByText('Nobody knows yet whether it was started').waitFor();
    assert.ok(await page.getByLabel('Name of the run').isDisabled());
    await assert_usable(page, 'a start of which nobody knows');
    await press(page, 'Ask again');
    await heading(page, 'Lost answer');
    assert.equal(new Set(keys).size, 1);
    await press(page, 'Stop…');
    await assert_usable(page, 'stopping a run');
    await press(page, 'Stop the run');
    await state(page, 'stopped');
    await page.goto(office.at('/refunds'));
    await page.locator('.runs .row-link').first().waitFor();
    assert.equal(await page.getByRole('link', { name: 'Lost answer' }).count(), 1);
    await assert_usable(page, 'the runs');
  });
  assert.equal(await refunded(id), 0);
});

test('what has changed between reading and starting is read again first', async () => {
  const [first, second] = await paid('CHANGED', [simple_huf, simple_huf]);
  await visit({}, async (page, visitor) => {
    visitor.expect_refusal(409);
    await read_plan(page, 'CHANGED');
    await fill_start(page, 'Changed', { 'SimplePay, HUF': '176000' });
    assert_ok(await office.payments.refund(second));
    await press(page, 'Ask for release');
    await page.getByText('The plan has changed').waitFor();
    await page.getByText('1 payment: ').waitFor();
    await assert_usable(page, 'a plan that has changed');
  });
  assert.equal(await refunded(first), 0);
});

test('on a phone, in the dark, in Hungarian, by pasted numbers and keys alone', async () => {
  const [id] = await paid('PHONE', [simple_huf]);
  await visit(
    { language: 'hu-HU', width: 320, height: 700, dark: true, path: '/refunds/new?how=numbers' },
    async (page) => {
      const numbers = page.locator('#run-numbers');
      await numbers.fill(`TR${id}; ez`);
      await numbers.blur();
      await page.getByText('Nem egy fizetés száma: ez').waitFor();
      await assert_usable(page, 'numbers on a phone');
      await numbers.fill(`TR${id}, 999999`);
      await page.getByRole('button', { name: 'Mennyi menne vissza?' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('1 fizetés: ').waitFor();
      await page.getByText('nincs ilyen fizetés').waitFor();
      await assert_usable(page, 'a plan on a phone');
      await page.goto(office.at('/refunds'));
      await page.locator('.runs .row-link').first().waitFor();
      await assert_usable(page, 'the runs on a phone');
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.locator('.run-items').waitFor();
      await assert_usable(page, 'a run on a phone');
    },
  );
});

test('who may give back one by one only has no runs, and no link to them', () =>
  office.visit({ path: '/payments' }, async (page, visitor) => {
    visitor.expect_refusal(403);
    await page.locator('.list-foot').waitFor();
    assert.equal(await page.getByText('Refund these…').count(), 0);
    assert.equal(await page.locator('.side a', { hasText: 'Refund runs' }).count(), 0);
    for (const path of ['/refunds', '/refunds/new', '/refunds/1']) {
      await page.goto(office.at(path));
      await page.getByText(/payments_refund_bulk/).waitFor();
      await assert_usable(page, `${path}, which is not for this person`);
    }
  }));
