// More starts than the database takes: some are refused at once, and everything else goes on.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { eventually, simplepay_accounts } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import { billing, open_world, search, simple_eur } from './world.mjs';

// As many as are taken up together by either database, and many more.
const crowd = 300;

let world;
before(async () => {
  world = await open_world({
    settings: {
      PAYMENTS_THREADS: '1', PAYMENTS_START_WAIT_MS: '50',
      PAYMENTS_TICKETS_TIMEOUT_MS: '60000', // the tickets of a crowd come from this very process
    },
  });
});
after(() => world?.close());

const start = () => start_with({});
const start_with = (headers) =>
  world.call('startPayment', {
    headers,
    body: { ticket_id: world.tickets.add(), code: simple_eur, metas: billing },
  });

function send_ipn(id, provider_id) {
  const { merchant, secret } = simplepay_accounts.EUR;
  const text = JSON.stringify({
    ...{ salt: 'a'.repeat(32), orderRef: `TR${id}`, method: 'CARD', merchant },
    ...{ finishDate: new Date().toISOString(), paymentDate: new Date().toISOString() },
    ...{ transactionId: Number(provider_id), status: 'CANCELLED' },
  });
  const signature = createHmac('sha384', secret).update(text).digest('base64');
  return world.call('simplePayIpn', { text, headers: { Signature: signature } });
}

const found = async (id) =>
  assert_ok(
    await world.call('searchTransactions', {
      body: { search_term: id },
      token: world.service_token(search),
    }),
  ).transactions[0];

describe('more starts than can be carried', () => {
  it('are refused at once, while notices and questions are not, and none is lost', async () => {
    const { transaction_id: id } = assert_ok(await start());
    const { provider_transaction_id: provider_id } = await found(id);

    const release = await world.database.hold();
    let notice;
    let accepted;
    try {
      accepted = Array.from({ length: crowd }, start);
      const refused = await eventually(
        async () => {
          const reply = await Promise.race([start(), pause_ms(200)]);
          return reply?.status === 503 && reply;
        },
        { within_ms: 4_000, what: 'a start to be refused' },
      );
      assert_problem(refused, 503, 'overloaded');
      assert.match(refused.headers['retry-after'], /^[2-5]$/);

      // The shop's page can read why, and a proxy's log which it was.
      const origin = 'https://shop.example.com';
      const told = await start_with({ Origin: origin, 'X-Request-Id': 'of-the-proxy.1' });
      assert_problem(told, 503, 'overloaded');
      assert.equal(told.headers['access-control-allow-origin'], origin);
      assert.match(told.headers['access-control-expose-headers'], /Retry-After/);
      assert.equal(told.headers['x-request-id'], 'of-the-proxy.1');
      assert.equal(told.json.instance, 'of-the-proxy.1');
      assert.equal(told.headers['cache-control'], 'no-store');

      notice = send_ipn(id, provider_id);
      assert.equal((await found(id)).status, 'pending');
    } finally {
      await release();
    }

    const replies = await Promise.all(accepted);
    const good = replies.filter(({ status }) => status === 200);
    assert.ok(good.length >= 64, `${good.length} of ${crowd} were accepted`);
    for (const reply of replies) if (reply.status !== 200) assert_problem(reply, 503, 'overloaded');
    for (const { json } of good) assert.equal((await found(json.transaction_id)).status, 'pending');

    assert_ok(await notice);
    await eventually(async () => (await found(id)).status === 'cancelled', {
      what: 'the notice that waited to count',
    });
    assert_ok(await start());
    const { text } = await world.call('metrics');
    assert.match(text, /^payments_refused_for_load_total [1-9]/m);
    assert.match(
      text,
      /^payments_http_requests_total\{operation="startPayment",status="503"\} [1-9]/m,
    );
  });
});

const pause_ms = (time) => new Promise((resolve) => setTimeout(resolve, time));
