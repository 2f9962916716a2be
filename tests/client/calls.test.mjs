// How the client of clients/js calls, against a service that misbehaves in every way.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { join } from 'node:path';
import { pause } from '../../scripts/platform.mjs';
import { installed, payments_client } from './installed.mjs';
import { bytes, cut, json, open_scripted, problem, silence } from './scripted.mjs';

let service, library, payments;
const with_options = (options) =>
  new library.PaymentsClient({ url: service.url, token: 'a.b.c', ...options });
before(async () => {
  library = await payments_client();
  service = await open_scripted();
  payments = with_options();
});
after(() => service?.close());

const started = { required_additional_action: true, redirect_url: 'https://pay.example/1',
  client_secret: null, transaction_id: 7 };
const start = { ticket_id: 42, code: 'NORMAL-TOTAL-FEE-EUR-SIMPLE' };
const found = { transactions: [] };
const html = '<html>Please sign in to the Wi-Fi</html>';

// What a call threw.
const fault = (promise) => promise.then(() => assert.fail('it went well'), (error) => error);
const tries_of = async (call, ...answers) => {
  service.answer(...answers);
  await call().catch(() => undefined);
  return service.asked.length;
};

describe('a request', () => {
  it('is as the contract says, and a public one carries no token', async () => {
    service.answer(json(started, 200, { 'X-Request-Id': 'seen-1', 'Idempotent-Replayed': 'true' }));
    const input = { ...start, metas: { name: 'Éva' } };
    const answer = await payments.startPayment(input, { traceparent: '00-aa-bb-01' });
    assert.deepEqual(answer, started);
    const [{ method, url, headers, body }] = service.asked;
    assert.deepEqual([method, url, JSON.parse(body)], ['POST', '/payments/start', input]);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers.authorization, undefined);
    assert.equal(headers.traceparent, '00-aa-bb-01');
    assert.match(headers['x-request-id'], /^[0-9a-f]{32}$/);
    assert.deepEqual(library.details_of(answer), {
      status: 200, request_id: 'seen-1', idempotency_key: headers['idempotency-key'],
      is_replayed: true, etag: undefined, attempts: 1,
    });
  });

  it('asks for its token before each try', async () => {
    const wanted = [];
    const token = async (request) => `token-${wanted.push(request)}`;
    service.answer(problem(503), json(found));
    await with_options({ token }).searchTransactions({ search_term: 1 });
    const sent = service.asked.map(({ headers }) => headers.authorization);
    assert.deepEqual(sent, ['Bearer token-1', 'Bearer token-2']);
    assert.deepEqual(wanted[0], { operation: 'searchTransactions', kinds: ['user', 'service'] });
    await payments.searchTransactions({ search_term: 1 }, { token: () => 'another' });
    assert.equal(service.asked[2].headers.authorization, 'Bearer another');
  });

  it('throws what the token callback throws, and asks nobody', async () => {
    service.answer(json(found));
    const token = () => { throw new RangeError('no key'); };
    const error = await fault(payments.searchTransactions({ search_term: 1 }, { token }));
    assert.deepEqual([error.name, service.asked.length], ['RangeError', 0]);
  });

  it('fills places and queries, and leaves out what is not given', async () => {
    service.answer(json({ payout: 'po_1', lines: [] }));
    await payments.listPayoutLines({ payout: 'po/1 ?' });
    service.answer(json({ as_of: 'now', findings: [], unexplained: {} }));
    await with_options({ url: `${service.url}/pay/` }).listFindings({ state: 'open', as_of: null });
    assert.equal(service.asked[0].url, '/pay/payments/settlement/findings?state=open');
    for (const payout of ['..', '', undefined]) {
      assert.equal((await fault(payments.listPayoutLines({ payout }))).name, 'TypeError');
    }
    assert.equal(service.asked.length, 1);
  });

  it('finds the paths that an operator has moved', async () => {
    service.answer(json(started));
    await with_options({ routes: { startPayment: '/api/v1/pay' } }).startPayment(start);
    assert.equal(service.asked[0].url, '/api/v1/pay');
  });

  it('gives null for a list that has not changed', async () => {
    service.answer(json({ ticket_ids: [1] }, 200, { ETag: 'W/"1"' }), bytes(304, 'text/plain', ''));
    const { etag } = library.details_of(await payments.listTicketIds());
    assert.equal(await payments.listTicketIds({ if_none_match: etag }), null);
    assert.equal(service.asked[1].headers['if-none-match'], 'W/"1"');
  });

  it('needs an address of http without anything hidden in it', () => {
    for (const url of ['ftp://a', 'http://u:p@a', 'http://a/?x=1', 'no address']) {
      assert.throws(() => with_options({ url }), TypeError, url);
    }
  });
});

describe('a try is made again', () => {
  const read = (options) => payments.searchTransactions({ search_term: 1 }, options);
  const close = () => payments.closePayment({ transaction_id: 1, reason: 'x' });
  const pay = () => payments.startPayment(start);

  it('of what only reads, whatever the silence was about', async () => {
    for (const first of [problem(503), problem(429), bytes(502, 'text/html', html), cut,
      bytes(200, 'text/html', html), bytes(200, 'application/json', '{"transactions":[')]) {
      assert.equal(await tries_of(read, first, json(found)), 2, String(first));
    }
  });

  it('of a write under the same key, with the same body and request id', async () => {
    service.answer(cut, problem(409), json(started));
    const answer = await pay();
    const sent = service.asked.map(({ headers, body }) =>
      [headers['idempotency-key'], headers['x-request-id'], body]);
    assert.equal(sent.length, 3);
    assert.deepEqual(sent[1], sent[0]);
    assert.deepEqual(sent[2], sent[0]);
    assert.equal(library.details_of(answer).attempts, 3);
  });

  it('never of a write without a key', async () => {
    for (const answer of [problem(503), problem(429), cut, bytes(502, 'text/html', html)]) {
      assert.equal(await tries_of(close, answer), 1);
    }
  });

  it('never where the service or the provider has decided', async () => {
    const decided = [problem(400), problem(502), problem(409, { type: 'already-paid' }),
      problem(409, { type: 'payment-in-progress', headers: { 'Retry-After': '1' } }),
      bytes(404, 'text/html', html), json({ other: 1 })];
    for (const answer of decided) assert.equal(await tries_of(pay, answer), 1);
  });

  it('a bounded number of times, or once', async () => {
    assert.equal(await tries_of(read, problem(503)), 4);
    assert.equal(await tries_of(() => read({ attempts: 1 }), problem(503)), 1);
    const error = await fault(read({ attempts: 2 }));
    assert.deepEqual([error.attempts, error.operation], [2, 'searchTransactions']);
  });

  it('not before Retry-After, and not at all when that is too late', async () => {
    service.answer(problem(503, { headers: { 'Retry-After': '1' } }), json(found));
    await read();
    const [first, second] = service.asked;
    assert.ok(second.at - first.at >= 1000);
    service.answer(problem(503, { headers: { 'Retry-After': '3600' } }));
    const error = await fault(read());
    assert.deepEqual([error.retry_after_s, service.asked.length], [3600, 1]);
  });

  it('after waits that grow, differ, and end', async () => {
    const { backoff_ms, seconds_of } = await import(
      join(await installed(), 'node_modules/payments_client/dist/esm/retry.js'));
    assert.deepEqual([1, 2, 3].map((n) => backoff_ms(n, () => 1)), [250, 500, 1000]);
    assert.deepEqual([1, 2, 3].map((n) => backoff_ms(n, () => 0)), [125, 250, 500]);
    assert.equal(backoff_ms(60, () => 1), 8000);
    assert.equal(seconds_of('Tue, 01 Dec 2026 11:00:07 GMT', Date.UTC(2026, 11, 1, 11)), 7);
    assert.equal(seconds_of('Tue, 01 Dec 2026 10:00:00 GMT', Date.UTC(2026, 11, 1, 11)), 0);
    for (const no of [null, '', 'soon', '-5', '1.5']) assert.equal(seconds_of(no), undefined);
  });
});

describe('a key', () => {
  it('may be the caller\'s, and is told with every error', async () => {
    service.answer(problem(429, { headers: { 'Retry-After': '90' } }));
    const key = library.new_idempotency_key();
    const error = await fault(payments.startPayment(start, { idempotency_key: key }));
    assert.equal(error.idempotency_key, key);
    assert.equal(service.asked[0].headers['idempotency-key'], key);
    const made = await fault(payments.startPayment(start, { attempts: 1 }));
    assert.match(made.idempotency_key, /^[0-9a-f]{32}$/);
    assert.notEqual(made.idempotency_key, key);
  });

  it('that would not count is an error before anything is sent', async () => {
    service.answer(json(started));
    const misfit = await fault(payments.startPayment(start, { idempotency_key: 'a key' }));
    const order = { transaction_id: 1, reason: 'x' };
    const useless = await fault(payments.closePayment(order, { idempotency_key: 'k' }));
    assert.deepEqual([misfit.name, useless.name], ['TypeError', 'TypeError']);
    assert.equal(service.asked.length, 0);
  });
});

describe('time', () => {
  const read = (options) => payments.searchTransactions({ search_term: 1 }, options);
  const in_time = async (ms, call) => {
    const begun = performance.now();
    const error = await fault(call());
    assert.ok(performance.now() - begun < ms, `${performance.now() - begun} ms`);
    return error;
  };
  const half = (_, reply) =>
    reply.writeHead(200, { 'Content-Type': 'application/json' }).write('{"transactions":');

  it('ends a try without an answer, with half of one, or without a token', async () => {
    for (const answer of [silence, half]) {
      service.answer(answer);
      const error = await in_time(4000, () => read({ timeout_ms: 50, attempts: 2 }));
      assert.deepEqual([error.name, error.attempts], ['TimeoutError', 2]);
    }
    const token = () => new Promise(() => {});
    const error = await in_time(4000, () => read({ timeout_ms: 50, attempts: 1, token }));
    assert.equal(error.name, 'TimeoutError');
  });

  it('ends all tries together', async () => {
    service.answer(silence);
    const error = await in_time(4000, () => read({ timeout_ms: 200, total_ms: 500, attempts: 99 }));
    assert.equal(error.name, 'TimeoutError');
    assert.ok(service.asked.length < 4);
  });

  it('is the caller\'s to end: before, in a try, and between two', async () => {
    const reason = new Error('the visitor has gone');
    service.answer(silence);
    assert.equal(await fault(read({ signal: AbortSignal.abort(reason) })), reason);
    assert.equal(service.asked.length, 0);
    for (const answer of [silence, problem(503, { headers: { 'Retry-After': '5' } })]) {
      service.answer(answer);
      const control = new AbortController();
      setTimeout(() => control.abort(reason), 60);
      assert.equal(await in_time(4000, () => read({ signal: control.signal })), reason);
      assert.equal(service.asked.length, 1);
    }
  });
});

describe('an answer', () => {
  const read = () => payments.searchTransactions({ search_term: 1 }, { attempts: 1 });

  it('that is a problem document says which, of which member, and when to come back', async () => {
    const errors = [{ pointer: '/code', detail: 'must be a string' }];
    service.answer(problem(400, { errors, transaction_id: 5, headers: { 'Retry-After': '2' } }));
    const error = await fault(payments.startPayment(start));
    assert.ok(error instanceof library.ProblemError && error instanceof library.PaymentsError);
    const { type, status, title, detail, transaction_id, retry_after_s } = error;
    assert.deepEqual({ type, status, title, detail, transaction_id, retry_after_s }, {
      type: '/problems/invalid-request', status: 400, title: 'No', detail: 'not now',
      transaction_id: 5, retry_after_s: 2,
    });
    assert.deepEqual(error.errors, errors);
  });

  it('of another shape is an error whatever its status, and is not shown', async () => {
    const huge = '{"transactions":[{"id":9007199254740993}]}';
    const wrong = [
      [bytes(200, 'text/html', html), 200, 'it is text/html'],
      [bytes(200, 'application/json', html), 200, 'it is not JSON, or not whole'],
      [json({ transaction: [] }), 200, '/transactions is missing'],
      [json({ transactions: {} }), 200, '/transactions is not array'],
      [json({ transactions: [null] }), 200, '/transactions/0 is not object'],
      [json([]), 200, 'the answer is not object'],
      [bytes(200, 'application/json', huge), 200, '/transactions/0/ticket_id is missing'],
      [json(found, 201), 201, 'it is application/json'],
      [bytes(204, 'text/plain', ''), 204, 'it is text/plain'],
      [bytes(304, 'text/plain', ''), 304, 'it leads elsewhere'],
      [bytes(302, 'text/plain', '', { Location: '/payments/search' }), 302, 'it leads elsewhere'],
      [bytes(404, 'text/html', html), 404, 'it is text/html'],
      [json({ message: 'no' }, 400), 400, 'it is application/json'],
      [problem(400, { status: 401 }), 400, 'its problem document is about status 401'],
      [problem(400, { detail: 7 }), 400, '/detail is not string'],
    ];
    for (const [answer, status, what] of wrong) {
      service.answer(answer);
      const error = await fault(read());
      assert.equal(error.name, 'UnexpectedAnswerError', what);
      assert.deepEqual([error.status, error.fault], [status, what]);
      assert.ok(!JSON.stringify(error).includes('Wi-Fi') && !error.message.includes('Wi-Fi'));
      assert.equal(service.asked.length, 1);
    }
  });

  it('with a number that JavaScript would round is not taken', async () => {
    service.answer(bytes(200, 'application/json', '{"ticket_ids":[9007199254740993]}'));
    const error = await fault(payments.listTicketIds({}, { attempts: 1 }));
    assert.equal(error.fault, '/ticket_ids/0 is not integer');
  });

  it('may have members and words that this version does not know', async () => {
    service.answer(json({ ...started, more: 1 }));
    assert.equal((await payments.startPayment(start)).more, 1);
    service.answer(problem(400, { type: 'of-tomorrow' }));
    assert.equal((await fault(read())).type, '/problems/of-tomorrow');
  });
});

describe('a stream', () => {
  const order = { what: 'movements', from: '2026-11-01', to: '2026-12-01', form: 'rfc4180' };
  const begun = (then) => (request, reply) => {
    reply.writeHead(200, { 'Content-Type': 'text/csv; charset=utf-8' }).write('row_id\r\n');
    then(request, reply);
  };
  const text_of = async (stream) => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of stream) text += decoder.decode(part, { stream: true });
    return text;
  };

  it('comes part by part, as long as it takes', async () => {
    let go_on;
    service.answer(begun((_, reply) => (go_on = () => reply.end('1\r\n'))));
    const stream = await payments.exportCsv(order, { timeout_ms: 800, total_ms: 900 });
    await pause(1000); // a busy reader, whose time does not count
    const reader = stream.getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), 'row_id\r\n');
    reader.releaseLock();
    setTimeout(go_on, 400);
    assert.equal(await text_of(stream), '1\r\n');
    assert.equal(library.details_of(stream).status, 200);
  });

  it('that breaks off or stands still is an error, and no short file', async () => {
    const type = { 'Content-Type': 'text/csv' };
    service.answer((_, reply) => reply.writeHead(200, type).flushHeaders());
    const empty = await payments.exportCsv(order, { timeout_ms: 500 });
    assert.equal((await fault(text_of(empty))).name, 'TimeoutError');
    const cut_later = (request) => setTimeout(cut, 30, request);
    for (const [then, name] of [[cut_later, 'ConnectionError'], [silence, 'TimeoutError']]) {
      service.answer(begun(then));
      const stream = await payments.exportCsv(order, { timeout_ms: 500 });
      assert.equal((await fault(text_of(stream))).name, name);
    }
  });

  it('leaves nothing at a signal that lives on', async () => {
    const { signal } = new AbortController();
    service.answer(json(started), begun((_, reply) => reply.end()), problem(503), json(found));
    await payments.startPayment(start, { signal });
    assert.equal(await text_of(await payments.exportCsv(order, { signal })), 'row_id\r\n');
    await payments.searchTransactions({ search_term: 1 }, { signal });
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  });

  it('ends when the caller says so, and when it is let go', async () => {
    service.answer(begun(silence));
    const control = new AbortController();
    const stream = await payments.exportCsv(order, { signal: control.signal });
    const reason = new Error('enough');
    setTimeout(() => control.abort(reason), 20);
    assert.equal(await fault(text_of(stream)), reason);
    const closed = new Promise((resolve) => service.answer(begun((request) =>
      request.socket.once('close', resolve))));
    await (await payments.exportCsv(order)).cancel();
    await closed;
  });

  it('is not begun with something else', async () => {
    service.answer(bytes(200, 'text/html', html));
    assert.equal((await fault(payments.exportCsv(order))).fault, 'it is text/html');
  });
});
