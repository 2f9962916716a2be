// What others are told of payments: every request is verified with the library that receivers use.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { eventually, pause, payments_program, Program, stripe_keys } from '../fixtures/harness.mjs';
import { assert_ok, send } from './client.mjs';
import { faults_of_event } from './contract.mjs';
import {
  act_on_simplepay, billing, open_world, pay_at_stripe, search, simple_eur, stripe_huf,
} from './world.mjs';

const new_secret = () => `whsec_${randomBytes(32).toString('base64')}`;
const secret = new_secret();

// Keeps every event that verifies, and answers as it is told to.
async function open_receiver() {
  const events = [];
  const refused = [];
  let answer = () => 204;
  let webhook = new Webhook(secret);
  const server = createServer(async (request, reply) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString('utf8');
    try {
      const { type, timestamp, data } = webhook.verify(body, request.headers);
      assert.equal(faults_of_event(request.headers, JSON.parse(body)), '');
      const event = {
        id: request.headers['webhook-id'],
        path: request.url,
        type,
        timestamp,
        data,
        body,
      };
      const status = answer(event);
      events.push({ ...event, status });
      reply.writeHead(status).end();
    } catch (error) {
      refused.push(`${error.message}: ${body}`);
      reply.writeHead(400).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/hooks/payments/?shop=1`,
    events,
    refused,
    of: (id) => events.filter(({ data }) => data.transaction_id === id),
    answer_with: (how) => (answer = how),
    trust: (other) => (webhook = new Webhook(other)),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

let receiver, world;
before(async () => {
  receiver = await open_receiver();
  world = await open_world({
    settings: { PAYMENTS_EVENTS_URL: receiver.url, PAYMENTS_EVENTS_SECRET: secret },
  });
});
after(async () => {
  await world?.close();
  await receiver?.close();
});

async function start(code) {
  const ticket_id = world.tickets.add();
  const body = { ticket_id, code, metas: billing };
  return { ticket_id, ...assert_ok(await world.call('startPayment', { body })) };
}

async function pay_by_simplepay() {
  const started = await start(simple_eur);
  await act_on_simplepay(started.redirect_url, 'pay');
  return started;
}

const intent_of = ({ client_secret }) => client_secret.replace(/_secret_.*$/, '');

function at_stripe(path, fields) {
  return send(`${world.sandbox.stripe}/v1/${path}`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${stripe_keys.secret}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(fields).toString(),
  });
}

async function pay_by_stripe() {
  const started = await start(stripe_huf);
  const reply = await pay_at_stripe(world.sandbox, started.client_secret);
  assert.equal(reply.status, 200);
  return started;
}

const told = (id, count = 1) =>
  eventually(() => receiver.of(id).length >= count && receiver.of(id), {
    within_ms: 30_000,
    what: `transaction ${id} to be told ${count} times`,
  });

async function events_command(...args) {
  const program = new Program(payments_program, ['events', ...args], {
    env: world.database.settings,
  });
  const { code } = await program.ended;
  return { code, output: program.output };
}

// Behind the service's back: as many tries as three days have, all in vain, and one more is due.
async function let_three_days_pass(id) {
  const due_again = 'UPDATE outbox SET tries = 15, next_at = 0';
  await world.database.execute(`${due_again} WHERE transaction_id = ${id}`);
}

describe('events', () => {
  it('tell of a payment by SimplePay', async () => {
    const { ticket_id, transaction_id } = await pay_by_simplepay();
    const [event] = await told(transaction_id);
    const { provider_transaction_id, ...data } = event.data;
    assert.equal(event.type, 'payment.paid');
    assert.match(provider_transaction_id, /^[0-9]+$/);
    assert.deepEqual(data, {
      transaction_id,
      reference: `TR${transaction_id}`,
      ticket_id,
      code: simple_eur,
      fee_type: 'NORMAL-TOTAL-FEE',
      currency: 'EUR',
      amount: 220,
      amount_refunded: 0,
      processor: 'SIMPLE',
      status: 'paid',
      previous_status: 'pending',
      review_reason: null,
    });
    assert.equal(event.path, '/hooks/payments/?shop=1');
  });

  it('tell of a payment by Stripe, and of what is given back, in that order', async () => {
    const started = await pay_by_stripe();
    const intent = intent_of(started);
    await told(started.transaction_id);
    const refund = await at_stripe('refunds', { payment_intent: intent, amount: '3000000' });
    assert.equal(refund.status, 200, refund.text);
    const [paid, refunded] = await told(started.transaction_id, 2);
    assert.deepEqual(
      [paid.type, paid.data.amount, paid.data.provider_transaction_id],
      ['payment.paid', 88000, intent],
    );
    assert.deepEqual(
      [refunded.type, refunded.data.status, refunded.data.previous_status],
      ['payment.refunded', 'partially_refunded', 'paid'],
    );
    assert.equal(refunded.data.amount_refunded, 30000);
    assert.ok(Date.parse(refunded.timestamp) >= Date.parse(paid.timestamp));
  });

  it('tell of a payment that was cancelled', async () => {
    const { redirect_url, transaction_id } = await start(simple_eur);
    const returned = await act_on_simplepay(redirect_url, 'cancel');
    assert_ok(await world.call('simplePayBackref', { body: returned }));
    const [event] = await told(transaction_id);
    assert.deepEqual([event.type, event.data.status], ['payment.failed', 'cancelled']);
  });

  it('hold nothing about the visitor', async () => {
    const everything = receiver.events.map(({ body }) => body).join();
    for (const value of Object.values(billing))
      assert.ok(!everything.includes(`"${value}"`), value);
  });

  it('come once when they are taken', async () => {
    const { transaction_id } = await pay_by_simplepay();
    await told(transaction_id);
    await pause(1000);
    assert.equal(receiver.of(transaction_id).length, 1);
  });

  it('come again under the same id until they are taken', async () => {
    let failures = 0;
    receiver.answer_with(() => (failures++ < 1 ? 500 : 200));
    const { transaction_id } = await pay_by_simplepay();
    const [first, second] = await told(transaction_id, 2);
    receiver.answer_with(() => 204);
    assert.deepEqual([first.status, second.status], [500, 200]);
    assert.equal(second.id, first.id);
    assert.equal(second.body, first.body);
  });

  it('do not hold up payments while nobody takes them', async () => {
    receiver.answer_with(() => 503);
    const { transaction_id } = await pay_by_simplepay();
    await told(transaction_id);
    const token = world.service_token(search);
    const { transactions } = assert_ok(
      await world.call('searchTransactions', { body: { search_term: transaction_id }, token }),
    );
    assert.equal(transactions[0].status, 'paid');
    const { output } = await events_command(
      'list',
      '--waiting',
      '--transaction',
      String(transaction_id),
    );
    assert.match(output, /waiting until .* after 1 tries: answered 503/);
    receiver.answer_with(() => 204);
    await told(transaction_id, 2);
  });

  it('are delivered by the next process when this one was killed before', async () => {
    receiver.answer_with(() => 503);
    const { transaction_id } = await pay_by_simplepay();
    const [first] = await told(transaction_id);
    await eventually(async () => {
      const { output } = await events_command('list', '--transaction', String(transaction_id));
      return output.includes('after 1 tries');
    }, { what: 'the failure to be kept' });
    await world.platform.payments.program.stop('SIGKILL');
    receiver.answer_with(() => 204);
    await world.platform.restart();
    const again = (await told(transaction_id, 2)).at(-1);
    assert.equal(again.id, first.id);
    assert.equal(again.body, first.body);
  });

  it('are listed and told again by command', async () => {
    const { transaction_id } = await pay_by_simplepay();
    const [event] = await told(transaction_id);
    const { output } = await eventually(async () => {
      const listed = await events_command(
        'list',
        '--delivered',
        '--transaction',
        String(transaction_id),
      );
      return listed.output.includes('1 event') && listed;
    }, { what: 'the delivery to be kept' });
    assert.match(
      output,
      new RegExp(`^${event.id}  .*  TR${transaction_id}  payment.paid  paid  delivered `),
    );

    const replayed = await events_command('replay', '--id', event.id);
    assert.deepEqual(replayed, { code: 0, output: '1 event due again\n' });
    const [, again] = await told(transaction_id, 2);
    assert.equal(again.id, event.id);
    assert.equal(again.body, event.body);
  });

  it('that were given up are in the list of dead letters until they are replayed', async () => {
    receiver.answer_with(() => 500);
    const { transaction_id } = await pay_by_simplepay();
    await told(transaction_id);
    await eventually(async () => {
      const { output } = await events_command('list', '--transaction', String(transaction_id));
      return output.includes('after 1 tries');
    }, { what: 'the failure to be kept' });
    await let_three_days_pass(transaction_id);
    const dead = await eventually(async () => {
      const listed = await events_command('list', '--dead');
      return listed.output.includes('1 event\n') && listed;
    }, { what: 'the event to be given up' });
    assert.match(
      dead.output,
      new RegExp(`TR${transaction_id}  payment.paid  paid  dead .* after 16 tries: answered 500\n`),
    );
    assert.match(world.platform.payments.program.output, /an event was given up: nobody was told/);
    receiver.answer_with(() => 204);
    const { text } = await world.call('metrics');
    assert.match(text, /^payments_events_dead 1$/m);
    assert.match(text, /^payments_events_total\{outcome="delivered"\} [1-9]/m);

    assert.equal((await events_command('replay', '--dead')).output, '1 event due again\n');
    await told(transaction_id, 3);
    assert.equal((await events_command('list', '--dead')).output, '0 events\n');
  });

  it('are not replayed by a command that does not say which', async () => {
    const { code, output } = await events_command('replay');
    assert.equal(code, 2, output);
    assert.equal((await events_command('replay', '--since', 'yesterday')).code, 2);
    assert.equal((await events_command('replay', '--id', 'evt_1')).code, 2);
    assert.equal((await events_command('list', '--dead', '--waiting')).code, 2);
  });

  it('are signed with both secrets while one is rolled', async () => {
    const rolled = new_secret();
    await world.platform.restart({ PAYMENTS_EVENTS_SECRET: `${secret},${rolled}` });
    await told((await pay_by_simplepay()).transaction_id);
    receiver.trust(rolled);
    await told((await pay_by_simplepay()).transaction_id);
    receiver.trust(secret);
    await world.platform.restart({ PAYMENTS_EVENTS_SECRET: secret });
  });

  it('wait while nobody is to be told, and come in order afterwards', async () => {
    await world.platform.restart({
      PAYMENTS_EVENTS_URL: undefined,
      PAYMENTS_EVENTS_SECRET: undefined,
    });
    const started = await pay_by_stripe();
    await eventually(async () => {
      const { output } = await events_command(
        'list',
        '--transaction',
        String(started.transaction_id),
      );
      return output.includes('payment.paid');
    }, { what: 'the payment to be paid' });
    const refund = await at_stripe('refunds', { payment_intent: intent_of(started) });
    assert.equal(refund.status, 200, refund.text);
    await eventually(async () => {
      const id = String(started.transaction_id);
      const { output } = await events_command('list', '--transaction', id);
      return output.includes('payment.refunded');
    }, { what: 'the refund to be known' });
    await world.platform.restart({
      PAYMENTS_EVENTS_URL: receiver.url,
      PAYMENTS_EVENTS_SECRET: secret,
    });
    const events = await told(started.transaction_id, 2);
    assert.deepEqual(events.map(({ type }) => type), ['payment.paid', 'payment.refunded']);
  });

  it('can be tried with one that is about nothing', async () => {
    const token = world.user_token({ payments_operate: 'true' });
    const tested = assert_ok(await world.call('sendTestEvent', { body: {}, token }));
    assert.equal(tested.outcome, 'delivered');
    const { type, data, id } = receiver.events.find((event) => event.id === tested.event_id);
    assert.deepEqual([type, data, id], ['test', {}, tested.event_id]);
    receiver.answer_with(() => 503);
    const refused = assert_ok(await world.call('sendTestEvent', { body: {}, token }));
    receiver.answer_with(() => 204);
    assert.deepEqual([refused.outcome, refused.error], ['failed', 'answered 503']);
    await pause(300);
    assert.equal(receiver.events.filter(({ id }) => id === refused.event_id).length, 1);
  });

  it('were all signed as a receiver demands', () => {
    assert.deepEqual(receiver.refused, []);
    assert.ok(receiver.events.length > 10);
  });
});
