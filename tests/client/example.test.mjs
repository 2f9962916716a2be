// The example tickets service, beside the real payment service: one ticket is offered, paid and
// marked as paid, however often its visitor and the events come.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually, free_port, open_platform, Program } from '../fixtures/harness.mjs';
import { act_on_simplepay } from '../api/world.mjs';
import { installed } from './installed.mjs';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
let platform, tickets, url;
before(async () => {
  const port = await free_port();
  url = `http://127.0.0.1:${port}`;
  platform = await open_platform({
    settings: {
      PAYMENTS_TICKETS_URL: url,
      PAYMENTS_EVENTS_URL: `${url}/events`,
      PAYMENTS_EVENTS_SECRET: secret,
      PAYMENTS_SIMPLEPAY_RETURN_URL: `${url}/return`,
    },
  });
  const example = join(await installed(), 'node_modules/payments_client/examples/tickets.mjs');
  tickets = new Program(process.execPath, [example], { env: {
    PAYMENTS_URL: platform.url, KEYS: platform.keys, PORT: String(port),
    PAYMENTS_EVENTS_SECRET: secret,
  } });
  await tickets.line((line) => line === url, 'its address');
});
after(async () => {
  await tickets?.stop();
  await platform?.close();
});

const page = async () => (await fetch(url)).text();
const send = (code, key) =>
  fetch(`${url}/pay`, { method: 'POST', redirect: 'manual',
    body: new URLSearchParams({ code, key }) });

describe('the example', () => {
  it('fits on a screen', async () => {
    const text = await readFile(
      new URL('../../clients/js/examples/tickets.mjs', import.meta.url), 'utf8');
    assert.ok(text.split('\n').length <= 81);
  });

  it('sells its ticket once', async () => {
    const offered = await page();
    assert.match(offered, /Ticket 42 is registered/);
    const [, key] = /name="key" value="(\w+)"/.exec(offered);
    const [, code] = /name="code" value="([\w-]+)"/.exec(offered);
    const [first, second] = [await send(code, key), await send(code, key)];
    assert.equal(first.status, 303);
    const payment_page = first.headers.get('location');
    assert.ok(payment_page.startsWith(platform.sandbox.simplepay), payment_page);
    assert.equal(second.headers.get('location'), payment_page);

    const back = await act_on_simplepay(payment_page, 'pay');
    const shown = await (await fetch(`${url}/return?${new URLSearchParams(back)}`)).text();
    assert.match(shown, /SimplePay says SUCCESS/);
    await eventually(async () => (await page()).includes('Ticket 42 is paid'));
    assert.ok(!(await page()).includes('name="code"'));
  });

  it('hears an event twice, and does its work once', async () => {
    const { PaymentsClient } = await import(
      join(await installed(), 'node_modules/payments_client/dist/esm/node.js'));
    const token = platform.user_token({ payments_operate: 'true', tickets_get_flags: '*',
      tickets_get_years: '*', tickets_get_events: '*' });
    const payments = new PaymentsClient({ url: platform.url, token });
    const { events } = await payments.listEvents({ state: 'told' });
    assert.equal(events.length, 1);
    const [{ event_id, told_at }] = events;
    assert.equal((await payments.replayEvents({ event_ids: [event_id] })).changed, 1);
    await eventually(async () =>
      (await payments.listEvents({ state: 'told' })).events[0]?.told_at > told_at);
    assert.equal(tickets.output.match(/paid by TR1/g).length, 1);
  });

  it('tells nobody of its ticket but the payment service, and believes no stranger', async () => {
    const ask = { method: 'POST', body: '{"ticket_id":42}' };
    assert.equal((await fetch(`${url}/tickets/get`, ask)).status, 401);
    const forged = { ...ask, headers: { Authorization: `Bearer ${platform.service_token()}` } };
    assert.equal((await fetch(`${url}/tickets/get`, forged)).status, 401);
    assert.equal((await fetch(`${url}/events`, ask)).status, 401);
  });
});
