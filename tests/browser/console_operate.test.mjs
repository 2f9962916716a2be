// What operators look at: whether the others know what they are to be told, what providers have
// told us, and how everything is.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { eventually } from '../fixtures/harness.mjs';
import { assert_usable, Office, people } from './office.mjs';
import { save_screenshot } from './harness.mjs';

const { hu, operator } = people;
const hu_operator = { ...operator, privs: { ...operator.privs, tickets_search_flags: 'HU' } };

// Hears events, and answers as it is told to.
async function open_receiver() {
  const heard = [];
  let status = 204;
  const server = createServer(async (request, reply) => {
    for await (const _ of request);
    heard.push({ id: request.headers['webhook-id'], status });
    reply.writeHead(status).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/hooks`,
    answer_with: (to) => (status = to),
    times: (id, of = 204) => heard.filter((one) => one.id === id && one.status === of).length,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

let receiver, office;
before(async () => {
  receiver = await open_receiver();
  office = await Office.open({
    PAYMENTS_EVENTS_URL: receiver.url,
    PAYMENTS_EVENTS_SECRET: `whsec_${Buffer.alloc(32, 'a secret').toString('base64')}`,
  });
});
after(async () => {
  await office?.close();
  await receiver?.close();
});

const visit = (path, options, story) => office.visit({ as: operator, path, ...options }, story);
const row = (page, id) => page.locator('.events tbody tr', {
  has: page.getByRole('link', { name: `TR${id}`, exact: true }),
});
const id_of = (page, id) => row(page, id).locator('.row-link').first().getAttribute('data-id');

// A payment of which the receiver does not take the event; given up once its days have passed.
async function untold({ dead = false } = {}) {
  receiver.answer_with(503);
  const id = await office.paid();
  const of_it = `WHERE transaction_id = ${id}`;
  const { database } = office.platform;
  const tries = async (least) => {
    const [event] = await database.rows(`SELECT tries FROM outbox ${of_it}`);
    return Number(event?.tries ?? 0) >= least;
  };
  await eventually(() => tries(1), { what: 'the event to be tried' });
  if (!dead) return id;
  await database.execute(`UPDATE outbox SET tries = 15, next_at = 0 ${of_it}`);
  await eventually(() => tries(16), { what: 'the event to be given up' });
  return id;
}

test('what waits stands there with its last error and its body, and can be left out', async () => {
  const id = await untold();
  await visit('/events', {}, async (page) => {
    await row(page, id).getByText('answered 503').waitFor();
    await row(page, id).locator('.row-link').click();
    await page.locator('.opened pre', { hasText: `"transaction_id": ${id}` }).waitFor();
    await assert_usable(page, 'an event that waits');
    await page.reload();
    await page.locator('.opened pre').waitFor();
    await page.getByRole('button', { name: /^Leave out/ }).first().click();
    await page.getByRole('button', { name: 'Leave it out' }).click();
    await page.getByText('Please say why.').waitFor();
    await page.getByLabel('Why').fill('the shop was closed down');
    await assert_usable(page, 'leaving an event out');
    await page.getByRole('button', { name: 'Leave it out' }).click();
    await page.locator('.note', { hasText: 'The event is left out.' }).waitFor();
    await row(page, id).first().waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Left out' }).click();
    await row(page, id).waitFor();
    await page.goto(office.at('/audit'));
    await page.getByText('left out payment.paid').waitFor();
    await page.getByText('“the shop was closed down”').waitFor();
  });
});

test('dead events are sent again under their old ids, and the page says so', async () => {
  const [one, two, three] = [
    await untold({ dead: true }), await untold({ dead: true }), await untold({ dead: true }),
  ];
  receiver.answer_with(204);
  await visit('/events?tab=dead', {}, async (page) => {
    await row(page, one).waitFor();
    await page.getByRole('tab', { name: /Given up\s*3/ }).waitFor();
    await page.getByText('the order can differ').waitFor();
    await assert_usable(page, 'dead events');
    await save_screenshot(page, 'console-events');
    const ids = await Promise.all([one, two, three].map((id) => id_of(page, id)));
    await row(page, one).getByRole('button', { name: /^Send again/ }).click();
    await page.locator('.note', { hasText: '1 event will be sent again' }).waitFor();
    await row(page, one).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Send all dead ones again' }).click();
    await page.getByText('2 events were given up, and will be sent again.').waitFor();
    await assert_usable(page, 'the question before all are sent again');
    await page.getByRole('button', { name: 'Send them again' }).click();
    await page.getByText('No event was given up').waitFor();
    await page.locator('.note', { hasText: '2 events will be sent again' }).waitFor();
    await assert_usable(page, 'no dead events');
    for (const id of ids) await eventually(() => receiver.times(id) === 1, { what: id });
    await page.getByRole('tab', { name: 'Told', exact: true }).click();
    for (const id of [one, two, three]) await row(page, id).waitFor();
    await row(page, two).getByRole('button', { name: /^Send again/ }).click();
    await eventually(() => receiver.times(ids[1]) === 2, { what: 'what was told to come again' });
  });
});

test('events of settlements have a list of their own, for who sees every ticket', async () => {
  receiver.answer_with(503);
  const { database } = office.platform;
  const at = Date.now() - 4 * 24 * 3600_000;
  const event = (id, type, data) => database.execute(
    `INSERT INTO settlement_events (id, about, type, data, at, tries, dead_at, last_error) VALUES
      (${id}, 'matter ${id}', '${type}', '${JSON.stringify(data)}', ${at}, 16, ${Date.now()},
       'answered 503')`,
  );
  await event(1, 'settlement.payout', { payout_id: 'po_1', state: 'missing' });
  await event(2, 'settlement.finding', { key: 'a1b2', kind: 'line_unknown', state: 'open' });
  await visit('/events?tab=dead', {}, async (page) => {
    await page.getByRole('tab', { name: /Given up\s*2/ }).waitFor();
    await page.getByLabel('About').selectOption({ label: 'settlements (2)' });
    const payout = page.locator('.events tbody tr:not(.opened)', { hasText: 'settlement.payout' });
    const link = payout.getByRole('link', { name: 'po_1' });
    assert.match(await link.getAttribute('href'), /settlements\?payout=po_1$/);
    await payout.getByText('answered 503').waitFor();
    await payout.locator('.row-link').click();
    await page.locator('.opened pre', { hasText: '"payout_id": "po_1"' }).waitFor();
    await assert_usable(page, 'an event of settlements');
    await save_screenshot(page, 'console-events-settlements');
    await payout.getByRole('button', { name: /^Send again/ }).click();
    await page.locator('.note', { hasText: '1 event will be sent again' }).waitFor();
    await payout.waitFor({ state: 'detached' });
    const finding = page.locator('.events tbody tr', { hasText: 'settlement.finding' });
    await finding.getByRole('button', { name: /^Leave out/ }).click();
    await page.getByLabel('Why').fill('they know');
    await page.getByRole('button', { name: 'Leave it out' }).click();
    await page.getByText('No event was given up').waitFor();
    await page.getByRole('tab', { name: 'Left out' }).click();
    await finding.getByRole('link', { name: 'finding' }).waitFor();
    await page.getByRole('tab', { name: /Waiting/ }).click();
    await payout.waitFor();
    await page.goto(office.at('/audit'));
    await page.getByText('“they know”').waitFor();
  });
  await database.execute('DELETE FROM settlement_events');
});

test('who does not see every ticket is offered none of settlements', () =>
  visit('/events', { as: hu_operator }, async (page) => {
    await page.getByRole('tab', { name: /Waiting/ }).waitFor();
    assert.equal(await page.getByLabel('About').count(), 0);
  }));

test('a test event says whether the receiver takes events at all', () =>
  visit('/events', {}, async (page) => {
    receiver.answer_with(204);
    await page.getByRole('button', { name: 'Send a test event' }).click();
    await page.getByText('The receiver took it').waitFor();
    await assert_usable(page, 'a test event that was taken');
    receiver.answer_with(503);
    await page.getByRole('button', { name: 'Send a test event' }).click();
    await page.getByText('The receiver did not take it').waitFor();
    await page.getByText(/503/).first().waitFor();
    await assert_usable(page, 'a test event that was not taken');
  }));

test('a message of no payment is read as it came, from the worklist too', async () => {
  await office.payments.control('simplepay', 'forge', {
    merchant: 'PUBLICTESTEUR', order_ref: 'TR999999', transaction_id: 99,
  });
  await eventually(() => office.payments.unmatched() > 0, { what: 'the message' });
  const id = await office.paid();
  await visit('/work?kind=unmatched_message', {}, async (page) => {
    await page.locator('.entry').click();
    await page.getByRole('link', { name: 'Read the message' }).click();
    const raw = page.locator('.opened .raw pre');
    await raw.waitFor();
    assert.match(await raw.innerText(), /"orderRef": "TR999999"/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.retry p', { hasText: 'Still of no payment.' }).waitFor();
    await assert_usable(page, 'a message of no payment');
    assert.equal(await row(page, id).count(), 0);
    await page.getByLabel('Show').selectOption('all');
    await row(page, id).first().getByRole('link', { name: `TR${id}` }).waitFor();
    await page.goto(office.at('/events?tab=incoming&open=1'));
    await page.locator('.raw pre').waitFor();
  });
});

test('the health is said in Hungarian too, and what others said as it came', () =>
  visit('/health', { language: 'hu-HU' }, async (page) => {
    await page.getByRole('heading', { name: 'Önellenőrzés' }).waitFor();
    await page.getByText('elérhető, írható, és a sémája a mai').waitFor();
    await page.getByText('Legalább hetente:').waitFor();
    const english = await page.locator('.checks [lang=en]').allTextContents();
    assert.deepEqual(english, []);
  }));

test('the health says how everything is, and can be copied as text', () =>
  visit('/health', {}, async (page) => {
    await page.getByRole('heading', { name: 'Self-check' }).waitFor();
    const database = page.locator('.check-line', {
      has: page.getByRole('heading', { name: 'Database' }),
    });
    await database.locator('.status-good').waitFor();
    await page.locator('.tiles', { hasText: 'Last backup' }).getByText('never').first().waitFor();
    await page.locator('.grid', { hasText: 'SimplePay' }).getByText('Tickets service').waitFor();
    await page.locator('.grid', { hasText: 'runs' }).waitFor();
    await assert_usable(page, 'the health');
    await save_screenshot(page, 'console-health');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as text' }).click();
    await eventually(async () => {
      const text = await page.evaluate(() => navigator.clipboard.readText());
      return /^ozora-payments \S+ .*\n\n\[/.test(text) && /^SIMPLE: \d+ calls/m.test(text);
    }, { what: 'the report on the clipboard' });
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByRole('button', { name: 'Looking…' }).waitFor({ state: 'detached' });
    await page.goto(office.at('/'));
    await page.locator('.health-lines li', { hasText: 'SimplePay' }).waitFor();
    await page.locator('.health-lines', { hasText: 'never verified' }).waitFor();
    await assert_usable(page, 'the health on Today');
  }));

for (const { width, dark } of [{ width: 320, dark: true }, { width: 390, dark: false }]) {
  test(`on a phone of ${width} pixels, ${dark ? 'dark' : 'light'}, in Hungarian, by keys`, () =>
    visit('/health', { width, dark, height: 700, language: 'hu-HU' }, async (page) => {
      await page.getByRole('heading', { name: 'Önellenőrzés' }).waitFor();
      await assert_usable(page, 'the health on a phone');
      await page.keyboard.press('g');
      await page.keyboard.press('e');
      await page.getByRole('heading', { level: 1, name: 'Események' }).waitFor();
      await page.locator('[role=tab][aria-selected=true]').focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.locator('.events .row-link').first().waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.locator('.opened pre').waitFor();
      await assert_usable(page, 'an event on a phone');
      await page.goto(office.at('/events?tab=incoming&show=all'));
      await page.locator('.events .row-link').first().click();
      await page.locator('.opened pre').waitFor();
      await assert_usable(page, 'a message on a phone');
    }));
}

test('who may not operate is told which privilege opens it, and sees neither page', () =>
  office.visit({ as: hu, path: '/events' }, async (page, visitor) => {
    visitor.expect_refusal(403);
    for (const path of ['/events', '/events?tab=incoming', '/health']) {
      await page.goto(office.at(path));
      await page.getByText('You may not see this').waitFor();
      await page.getByText(/payments_operate/).waitFor();
      await assert_usable(page, `${path}, which is not for this person`);
    }
    assert.equal(await page.locator('.side a', { hasText: /Events|Health/ }).count(), 0);
  }));

test('without the database the console says so, until it is there again', () =>
  visit('/health', {}, async (page, visitor) => {
    visitor.expect_refusal(503);
    await page.locator('.check-line').first().waitFor();
    await page.route('**/console/session', (route) => route.fulfill({
      status: 503, contentType: 'application/problem+json', headers: { 'Retry-After': '5' },
      json: {
        type: '/problems/storage-unavailable', status: 503, detail: 'the database is away',
        instance: randomUUID(),
      },
    }));
    await page.reload();
    await page.getByRole('heading', { name: 'The service does not reach its database' }).waitFor();
    await page.getByText('ozora-payments doctor').waitFor();
    await assert_usable(page, 'no database');
    await page.unroute('**/console/session');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.check-line').first().waitFor();
  }));

test('who asks too often is told when it goes on, and it does by itself', () =>
  visit('/health', {}, async (page, visitor) => {
    visitor.expect_refusal(429);
    await page.locator('.check-line').first().waitFor();
    for (const call of ['health', 'events/list']) {
      await page.route(`**/payments/${call}`, (route) => route.fulfill({
        status: 429, contentType: 'application/problem+json', headers: { 'Retry-After': '1' },
        json: {
          type: '/problems/rate-limited', status: 429, detail: 'slowly', instance: randomUUID(),
        },
      }));
      await page.goto(office.at(call === 'health' ? '/health' : '/events?tab=told'));
      await page.getByText(/Trying again in/).waitFor();
      await assert_usable(page, `${call} too often`);
      await page.unroute(`**/payments/${call}`);
      await page.locator('.check-line, .events .row-link').first().waitFor();
    }
  }));
