// What a collector of traces is sent (docs/operations.md, "Traces").
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { assert_ok } from '../api/client.mjs';
import { act_on_simplepay, billing, open_world, simple_eur, stripe_huf } from '../api/world.mjs';
import { eventually } from '../fixtures/harness.mjs';
import { open_collector } from './collector.mjs';

const caller_span = '00f067aa0ba902b7';
const new_id = () => randomBytes(16).toString('hex');
const header = (id) => ({ traceparent: `00-${id}-${caller_span}-00` });

const start = async (world, code, id, ticket_id = world.tickets.add()) =>
  assert_ok(
    await world.call('startPayment', {
      body: { ticket_id, code, metas: billing }, headers: header(id),
    }),
  );

describe('a service that is to tell of all it does', () => {
  let collector, world;

  before(async () => {
    collector = await open_collector();
    world = await open_world({
      settings: { PAYMENTS_TRACES_URL: collector.url, PAYMENTS_TRACES_PERCENT: '100' },
    });
  });
  after(async () => {
    await world?.close();
    await collector?.close();
  });

  const told = (id) => eventually(() => collector.trace(id), { what: `trace ${id}` });
  const named = (spans, name) => spans.filter(({ displayName }) => displayName === name);

  it('shows a start with its calls and commits, inside the trace of the caller', async () => {
    const id = new_id();
    await start(world, simple_eur, id);
    const spans = await told(id);
    const [root] = named(spans, 'startPayment');
    assert.equal(root.parentSpanId, caller_span);
    assert.equal(root.spanKind, 'SERVER');
    assert.equal(root.attributes['http.request.method'], 'POST');
    assert.equal(root.attributes['http.route'], '/payments/start');
    assert.equal(Number(root.attributes['http.response.status_code']), 200);
    assert.match(root.attributes['payments.request_id'], /./);
    const calls = spans.filter(({ spanKind }) => spanKind === 'CLIENT');
    assert.deepEqual(calls.map(({ displayName }) => displayName), ['tickets', 'simplepay']);
    assert.deepEqual(
      calls.map(({ attributes }) => attributes['payments.operation']), ['get', 'start'],
    );
    const commits = named(spans, 'database commit');
    for (const span of spans) {
      if (span !== root) assert.equal(span.parentSpanId, root.spanId);
      assert.ok(root.startTime <= span.startTime && span.endTime <= root.endTime);
    }
    // The attempt is on record before the provider hears of it, and the answer after.
    const [attempt, answer] = commits.slice(-2);
    assert.ok(attempt.endTime <= calls[1].startTime);
    assert.ok(calls[1].endTime <= answer.startTime);
  });

  it('passes on that it records, with its own span', async () => {
    const id = new_id();
    await start(world, stripe_huf, id);
    const [root] = named(await told(id), 'startPayment');
    const sent = world.tickets.asked.map(({ headers }) => headers.traceparent);
    assert.ok(sent.includes(`00-${id}-${root.spanId}-01`), `${sent}`);
  });

  it('tells of failures, and never of a person', async () => {
    const id = new_id();
    const reply = await world.call('startPayment', {
      body: { ticket_id: 999_999, code: simple_eur, metas: billing }, headers: header(id),
    });
    assert.equal(reply.status, 404);
    const spans = await told(id);
    const [tickets] = named(spans, 'tickets');
    assert.equal(Number(tickets.attributes['http.response.status_code']), 404);
    assert.equal(tickets.status.code, 2);
    const [root] = named(spans, 'startPayment');
    assert.equal(root.status, undefined);  // the caller's mistake, and not ours
    const all = JSON.stringify(await collector.traces());
    for (const word of Object.values(billing)) {
      if (word.length > 2) assert.ok(!all.includes(word), word);
    }
  });

  it('shows what goes on in the background, once it asks somebody', async () => {
    const id = new_id();
    const { redirect_url } = await start(world, simple_eur, id);
    await act_on_simplepay(redirect_url, 'pay');
    const asks = await eventually(async () => {
      const traces = await collector.traces();
      return traces.find((spans) =>
        spans.some(({ displayName, attributes }) =>
          displayName === 'simplepay' && attributes['payments.operation'] === 'query'));
    }, { what: 'a question to SimplePay' });
    const root = asks.find(({ parentSpanId }) => !parentSpanId);
    assert.ok(root, JSON.stringify(asks));
    for (const spans of await collector.traces())
      if (spans.some(({ spanKind, parentSpanId }) => spanKind === 'INTERNAL' && !parentSpanId))
        assert.ok(
          spans.some(({ spanKind }) => spanKind === 'CLIENT') ||
            spans.some(({ startTime, endTime }) => endTime - startTime >= 99),
          JSON.stringify(spans),
        );
  });

  it('sends at its end what the last requests left', async () => {
    const id = new_id();
    await start(world, simple_eur, id);
    await world.platform.restart();
    assert.ok((await collector.trace(id)).length > 1);
  });
});

describe('a collector that is away', () => {
  it('costs no payment, and hears of it later', async () => {
    const posted = [];
    let status = 503;
    const server = createServer(async (request, reply) => {
      let text = '';
      for await (const part of request) text += part;
      posted.push({ path: request.url, headers: request.headers, status, body: JSON.parse(text) });
      reply.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const world = await open_world({
      settings: {
        PAYMENTS_TRACES_URL: `http://127.0.0.1:${server.address().port}`,
        PAYMENTS_TRACES_PERCENT: '50',
        PAYMENTS_TRACES_TOKEN: 'let-me-tell',
      },
    });
    try {
      const recorded = `${'1'.repeat(18)}${'f'.repeat(14)}`;
      const left_out = `${'1'.repeat(18)}${'0'.repeat(14)}`;
      await start(world, simple_eur, recorded);
      await start(world, simple_eur, left_out);
      const ids = (of) =>
        of.flatMap(({ body }) => body.resourceSpans[0].scopeSpans[0].spans)
          .map(({ traceId }) => traceId);
      await eventually(() => ids(posted).includes(recorded), { what: 'a try' });
      status = 200;
      const taken = () => ids(posted.filter((one) => one.status === 200));
      await eventually(() => taken().includes(recorded), { what: 'another try' });
      assert.ok(!ids(posted).includes(left_out));
      assert.equal(posted[0].path, '/v1/traces');
      assert.equal(posted[0].headers.authorization, 'Bearer let-me-tell');
      const metrics = await (await fetch(`${world.url}/metrics`)).text();
      assert.match(metrics, /payments_trace_spans_total\{outcome="sent"\} [1-9]/);

      status = 400;
      await start(world, simple_eur, recorded.replace('1', '2'));
      await eventually(
        async () => /payments_trace_spans_total\{outcome="dropped"\} [1-9]/.test(
          await (await fetch(`${world.url}/metrics`)).text()),
        { what: 'spans that were refused' },
      );
    } finally {
      await world.close();
      server.close();
    }
  });

  it('keeps no process from its end', async () => {
    let heard = 0;
    const server = createServer(() => ++heard);  // and never answers
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const world = await open_world({
      settings: {
        PAYMENTS_TRACES_URL: `http://127.0.0.1:${server.address().port}`,
        PAYMENTS_TRACES_PERCENT: '100',
      },
    });
    try {
      // So many spans that they would be sent in five parts.
      const asks = Array.from({ length: 100 }, () => `${world.url}/readyz`);
      for (let i = 0; i < 15; ++i)
        await Promise.all(asks.map(async (url) => (await fetch(url)).arrayBuffer()));
      await eventually(() => heard > 0, { what: 'a try' });
      const before = heard;
      await world.platform.payments.stop();
      // One may have been under way.
      assert.ok(heard - before <= 2, `${heard - before} tries`);
    } finally {
      await world.close();
      server.closeAllConnections();
      server.close();
    }
  });
});
