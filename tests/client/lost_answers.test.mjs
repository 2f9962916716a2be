// The service has taken a request, and its answer never arrives: the client asks once more, and
// nothing happens twice.
import assert from 'node:assert/strict';
import { createServer, request as ask } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { billing, client_world, pay, simple_eur } from './world.mjs';

// Passes everything on; of so many requests it waits for the answer and then cuts the line, or
// holds the answer back for so long.
async function open_line(url) {
  let lost = 0;
  let late_ms = 0;
  const server = createServer((request, reply) => {
    const { method, headers } = request;
    const onward = ask(`${url}${request.url}`, { method, headers }, async (answer) => {
      const parts = await answer.toArray();
      if (lost > 0) {
        --lost;
        request.socket.destroy();
        return;
      }
      const wait = late_ms;
      late_ms = 0;
      setTimeout(() => {
        reply.writeHead(answer.statusCode, answer.headers).end(Buffer.concat(parts));
      }, wait);
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    lose: (count) => (lost = count),
    hold_back: (ms) => (late_ms = ms),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

let place, line, payments;
before(async () => {
  place = await client_world();
  line = await open_line(place.url);
  payments = place.client({ url: line.url });
});
after(() => line?.close());

const attempts_of = async (ticket_id) =>
  (await payments.listTicketTransactions({ ticket_id })).transactions;
const start_of = () => ({ ticket_id: place.world.tickets.add(), code: simple_eur, metas: billing });

describe('after a lost answer', () => {
  it('a start is the same payment', async () => {
    const start = start_of();
    line.lose(2);
    const started = await payments.startPayment(start);
    const { attempts, is_replayed } = place.library.details_of(started);
    assert.deepEqual([attempts, is_replayed], [3, true]);
    const made = await attempts_of(start.ticket_id);
    assert.deepEqual(made.map(({ id, status }) => [id, status]),
      [[started.transaction_id, 'pending']]);
  });

  it('a start whose answer is late is the same payment', async () => {
    const start = start_of();
    line.hold_back(2000);
    const started = await payments.startPayment(start, { timeout_ms: 1000 });
    assert.ok(place.library.details_of(started).attempts > 1);
    assert.equal((await attempts_of(start.ticket_id)).length, 1);
  });

  it('a refund is made once', async () => {
    const { transaction_id, ticket_id } = await pay(place);
    line.lose(1);
    const refund = await payments.refundPayment({ transaction_id, amount: 50 });
    assert.equal(refund.refund_id, `TR${transaction_id}-R1`);
    assert.equal(place.library.details_of(refund).is_replayed, true);
    const { refunds } = await payments.getTransaction({ transaction_id });
    assert.deepEqual(refunds.map(({ amount }) => amount), [50]);
    assert.equal((await attempts_of(ticket_id))[0].amount_refunded, 50);
  });

  it('what reads is read again, and what has no key is left to the caller', async () => {
    const { transaction_id } = await payments.startPayment(start_of());
    line.lose(1);
    const found = await payments.searchTransactions({ search_term: transaction_id });
    assert.equal(found.transactions[0].id, transaction_id);
    line.lose(1);
    const why = 'the visitor asks';
    const error = await payments.reveal({ transaction_id, why }).catch((caught) => caught);
    assert.deepEqual([error.name, error.attempts], ['ConnectionError', 1]);
  });
});

describe('after a crash', () => {
  it('another process with the same key and the same request gets the same payment', async () => {
    const start = start_of();
    const idempotency_key = place.library.new_idempotency_key();
    line.lose(1);
    const options = { idempotency_key, attempts: 1 };
    const error = await payments.startPayment(start, options).catch((caught) => caught);
    assert.deepEqual([error.name, error.idempotency_key], ['ConnectionError', idempotency_key]);
    const started = await place.client().startPayment(start, { idempotency_key });
    assert.equal(place.library.details_of(started).is_replayed, true);
    const [made, ...others] = await attempts_of(start.ticket_id);
    assert.deepEqual([made.id, others], [started.transaction_id, []]);
  });

  it('another request under the same key is refused', async () => {
    const start = start_of();
    const { idempotency_key } =
      place.library.details_of(await payments.startPayment(start));
    const other = { ...start, ticket_id: place.world.tickets.add() };
    const error = await payments.startPayment(other, { idempotency_key }).catch((caught) => caught);
    assert.deepEqual([error.type, error.status], ['/problems/key-reused', 422]);
  });
});
