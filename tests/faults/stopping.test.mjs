// SIGTERM: nobody new is let in, what runs is finished or resumes later. The exit is 0, or 1 when
// a request was cut off.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, beforeEach } from 'node:test';
import { assert_ok } from '../api/client.mjs';
import { eventually, pause } from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, simplepay_timeout_ms, stripe_eur, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());
beforeEach(async () => {
  if (world.platform.payments.program.end) await world.platform.restart({});
});

const told = 'the service is told to stop';
const rows = new Rows(() => world, [told]);
const at_once_ms = 1500;  // on a machine that has other things to do as well

// A start that the provider has carried out and answers after `delay_ms`.
async function slow_start(code, delay_ms) {
  const [part, operation] = code === simple_eur ? ['simplepay', 'start'] : ['stripe', 'create'];
  const known = (await world.payments(part)).length;
  await world.order_fault(part, operation, 'late', { delay_ms });
  const body = { ticket_id: await world.ticket(), code, metas: {} };
  const reply = world.call('startPayment', { body });
  reply.catch(() => {});
  await eventually(async () => (await world.payments(part)).length > known);
  const made = (await world.payments(part)).at(-1);
  return { reply, id: Number(made.metadata?.transaction_id ?? made.order_ref.slice(2)) };
}

const signal = (name) => world.platform.payments.program.child.kill(name);

// How the service ended, and how long it took from now on.
async function end() {
  const began = performance.now();
  const { code } = await world.platform.payments.program.ended;
  return { code, took_ms: performance.now() - began };
}

// What its log says last.
function last_message() {
  return JSON.parse(world.platform.payments.program.lines.filter(Boolean).at(-1)).message;
}

// A connection that has sent `bytes`; `closed` gives all that came back.
async function connection(bytes) {
  const { hostname, port } = new URL(world.platform.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (part) => (received += part)).on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', () => resolve(received)));
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(bytes);
  return { socket, closed, received: () => received };
}

for (const [provider, code] of [['SimplePay', simple_eur], ['Stripe', stripe_eur]]) {
  rows.row(told, `a start waits for ${provider}`,
    `a start that waits for ${provider} is answered, and the service exits with 0`,
    async (world, tell) => {
      const { reply, id } = await slow_start(code, 700);
      signal('SIGTERM');
      const { code: exit, took_ms } = await end();
      assert.equal(exit, 0);
      assert.equal(last_message(), 'stopped');
      assert.ok(took_ms < 700 + at_once_ms, `it took ${took_ms} ms`);
      tell.heard(await reply);
      assert.equal(assert_ok(await reply).transaction_id, id);
      await world.platform.restart({});
      tell.status(await world.status(id), (await world.pay(id)).status);
      tell.resolves('nothing is wrong: it exits with 0 once the start is answered');
    });
}

rows.row(told, 'a second SIGTERM while a start waits',
  'a second SIGTERM takes nothing from the start that runs',
  async (world, tell) => {
    const { reply, id } = await slow_start(simple_eur, 700);
    signal('SIGTERM');
    await pause(100);
    signal('SIGTERM');
    const { code } = await end();
    assert.equal(code, 0);
    tell.heard(await reply);
    assert_ok(await reply);
    await world.platform.restart({});
    tell.status(await world.status(id), (await world.pay(id)).status);
    tell.resolves('nothing is wrong: it exits with 0 once the start is answered');
  });

rows.row(told, 'connections are open between two requests',
  'idle connections do not keep a service that is told to stop',
  async (world, tell) => {
    const host = new URL(world.platform.url).host;
    const request = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const idle = [await connection(request), await connection(request), await connection('')];
    await eventually(() => idle.slice(0, 2).every((one) => one.received().includes('200 OK')));
    signal('SIGTERM');
    const { code, took_ms } = await end();
    assert.equal(code, 0);
    assert.ok(took_ms < at_once_ms, `it took ${took_ms} ms`);
    const [answer, , nothing] = await Promise.all(idle.map(({ closed }) => closed));
    assert.equal(answer.match(/HTTP\/1\.1 /g).length, 1);
    assert.equal(nothing, '');
    tell.resolves('they are closed, and it exits with 0 at once');
  });

rows.row(told, 'someone new connects while a start waits',
  'a service that is told to stop lets nobody new in while it finishes',
  async (world, tell) => {
    const { reply } = await slow_start(simple_eur, 700);
    signal('SIGTERM');
    await eventually(() => world.platform.payments.program.output.includes('stopping'));
    const refused = await eventually(() =>
      world.call('listTicketIds', { token: world.platform.service_token() }).then(
        () => false, (error) => error), { every_ms: 10 });
    assert.ok(['ECONNREFUSED', 'ECONNRESET'].includes(refused.code), refused.code);
    assert_ok(await reply);
    assert.equal((await end()).code, 0);
    tell.heard('nothing');
    tell.resolves('the proxy sends them elsewhere; who was in before is answered');
  });

for (const [provider, code] of [['SimplePay', simple_eur], ['Stripe', stripe_eur]]) {
  rows.row(told, `a start waits for ${provider} beyond PAYMENTS_DRAIN_MS`,
    `a start by ${provider} that takes longer than the deadline goes on after the next start`,
    async (world, tell) => {
      await world.order_fault('stripe', 'payment_intent.created', 'never');
      await world.platform.restart({ PAYMENTS_DRAIN_MS: '300' });
      const { reply, id } = await slow_start(code, 900);
      signal('SIGTERM');
      const { code: exit, took_ms } = await end();
      assert.equal(exit, 1);
      assert.equal(last_message(), 'stopped before every request was answered');
      assert.ok(took_ms < 300 + at_once_ms, `it took ${took_ms} ms`);
      await assert.rejects(reply);
      // The list of events would tell of the payment at once, or a moment later.
      await world.order_fault('stripe', 'list-events', '500');
      await world.platform.restart({ PAYMENTS_DRAIN_MS: undefined });
      await world.clear_faults('stripe');
      tell.heard('nothing');
      tell.status(await world.status(id), (await world.in_status(id, 'pending')).status);
      tell.status((await world.pay(id)).status);
      tell.resolves('it exits with 1 at the deadline; the attempt is on record and asked about');
    });
}

rows.row(told, 'a client has sent half a request and no more',
  'half a request is waited for until the deadline and no longer',
  async (world, tell) => {
    await world.platform.restart({ PAYMENTS_DRAIN_MS: '300' });
    const half = await connection('POST /payments/start HTTP/1.1\r\nHost: x\r\nContent-Le');
    await pause(50);
    signal('SIGTERM');
    const { code, took_ms } = await end();
    assert.equal(code, 0);
    assert.ok(took_ms < 300 + at_once_ms, `it took ${took_ms} ms`);
    assert.equal(await half.closed, '');
    await world.platform.restart({ PAYMENTS_DRAIN_MS: undefined });
    tell.heard('nothing');
    tell.resolves('nothing was begun; it exits with 0 at the deadline');
  });

rows.row(told, 'Stripe is slow to list its events',
  'a call of the background does not keep a service that is told to stop',
  async (world, tell) => {
    await world.order_fault('stripe', 'list-events', 'late', { delay_ms: 5000 });
    const asked = (await world.log('stripe', 'list-events')).length;
    await world.platform.restart({});
    await eventually(async () => (await world.log('stripe', 'list-events')).length > asked);
    signal('SIGTERM');
    const { code, took_ms } = await end();
    assert.equal(code, 0);
    assert.equal(last_message(), 'stopped');
    assert.ok(took_ms < at_once_ms, `it took ${took_ms} ms`);
    await world.clear_faults('stripe');
    tell.resolves('nothing is waited for; the list is read again at the next start');
  });

rows.row(told, 'an IPN was acknowledged, and SimplePay takes its time to confirm it',
  'what was acknowledged just before a stop is confirmed before it ends',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.order_fault('simplepay', 'query', 'late', { delay_ms: 700 });
    await world.act(id, 'pay');
    await world.delivered('simplepay', `TR${id}`);
    tell.status((await world.transaction(id)).status);
    signal('SIGTERM');
    const { code, took_ms } = await end();
    assert.equal(code, 0);
    assert.ok(took_ms < 700 + at_once_ms, `it took ${took_ms} ms`);
    await world.clear_faults('simplepay');
    await world.platform.restart({});
    const { status } = await world.transaction(id);
    assert.equal(status, 'paid');
    tell.status(status);
    tell.resolves('SimplePay is waited for, two seconds at most; it exits with 0');
  });

rows.row(told, 'SimplePay is silent about an IPN that was acknowledged',
  'a stop does not wait long for a provider that is silent about a payment',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.platform.restart({ PAYMENTS_SIMPLEPAY_TIMEOUT_MS: '5000' });
    await world.order_fault('simplepay', 'query', 'no-answer');
    await world.act(id, 'pay');
    await world.delivered('simplepay', `TR${id}`);
    signal('SIGTERM');
    const { code, took_ms } = await end();
    assert.equal(code, 0);
    assert.ok(took_ms < 2000 + at_once_ms, `it took ${took_ms} ms`);
    await world.clear_faults('simplepay');
    const usual = String(simplepay_timeout_ms);
    await world.platform.restart({ PAYMENTS_SIMPLEPAY_TIMEOUT_MS: usual });
    tell.status((await world.transaction(id)).status);
    tell.resolves(
      'it exits with 0 after two seconds; the next start asks when the claim has ended');
  });

rows.row(told, 'SIGINT, as Ctrl-C sends it', 'SIGINT ends it like SIGTERM',
  async (world, tell) => {
    signal('SIGINT');
    assert.equal((await end()).code, 0);
    await world.platform.restart({});
    tell.resolves('as SIGTERM');
  });

rows.close();
