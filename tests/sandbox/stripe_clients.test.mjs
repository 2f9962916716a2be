// Stripe's own Node library and command-line tool against the stand-in. Our gateway and the
// stand-in were written by the same people from the same papers; these clients were not, so they
// find what both got wrong.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Stripe from 'stripe';
import { eventually, make_keys, start_sandbox, stripe_keys } from '../../scripts/platform.mjs';

// The program itself, without the package @stripe/cli around it, which lists programs for other
// machines that npm does not have and would fetch one from elsewhere.
const cli_program = join(
  dirname(fileURLToPath(import.meta.url)), 'node_modules/@stripe/cli-linux-x64/bin/stripe',
);
const skip = process.arch === 'x64' ? false : `npm has no such tool for ${process.arch}`;
const older_version = '2024-04-10';

// Where webhooks arrive; `hooks` has the raw body and the signature of each.
async function open_receiver() {
  const hooks = [];
  const server = createServer(async (request, reply) => {
    let body = '';
    for await (const part of request) body += part;
    hooks.push({ body, signature: request.headers['stripe-signature'] });
    reply.writeHead(200).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, hooks, close };
}

let directory, receiver, sandbox, sdk;

const client = (options = {}) => {
  const { hostname, port } = new URL(sandbox.stripe);
  const at = { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false };
  return new Stripe(stripe_keys.secret, { ...at, ...options });
};

// What the tool prints; as JSON where it is. Fails as the tool does.
const cli = (...args) =>
  new Promise((resolve, reject) => {
    const env = {
      PATH: process.env.PATH,
      HOME: directory,
      STRIPE_API_KEY: stripe_keys.secret,
      STRIPE_CLI_TELEMETRY_OPTOUT: '1',
    };
    const all = [...args, '--api-base', sandbox.stripe, '--color', 'off'];
    execFile(cli_program, all, { env, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error) return reject(new Error(`${args.join(' ')}: ${error.message}${stdout}${stderr}`));
      const start = stdout.indexOf('{');
      const shows_object = start >= 0 && stdout.trimEnd().endsWith('}');
      resolve(shows_object ? JSON.parse(stdout.slice(start)) : stdout);
    });
  });

// The webhook of an event, verified as a merchant does.
const webhook = (matches, count = 1) =>
  eventually(
    () => {
      const found = receiver.hooks
        .map(({ body, signature }) =>
          sdk.webhooks.constructEvent(body, signature, stripe_keys.webhook_secret))
        .filter(matches);
      return found.length >= count && found;
    },
    { what: 'a webhook' },
  );

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ozora-payments-'));
  receiver = await open_receiver();
  const keys = await make_keys(join(directory, 'keys'));
  sandbox = await start_sandbox({ keys, payments_url: receiver.url });
  sdk = client();
});
after(async () => {
  await sandbox?.stop();
  await receiver?.close();
  await rm(directory, { recursive: true, force: true });
});

const order = { amount: 1749000, currency: 'huf' };
const never_redirects = { automatic_payment_methods: { enabled: true, allow_redirects: 'never' } };

describe('the Node library', () => {
  test('creates, confirms, captures in part and refunds no more than that', async () => {
    const metadata = { name: 'ő'.repeat(500) };
    const created = await sdk.paymentIntents.create(
      { ...order, ...never_redirects, capture_method: 'manual', metadata },
      { idempotencyKey: 'capture-in-part' },
    );
    assert.equal(created.status, 'requires_payment_method');
    const { id } = created;
    const held = await sdk.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    assert.equal(held.status, 'requires_capture');
    const captured = await sdk.paymentIntents.capture(id, {
      amount_to_capture: 1_000_000,
      expand: ['latest_charge', 'payment_method'],
    });
    assert.equal(captured.status, 'succeeded');
    assert.equal(captured.amount_received, 1_000_000);
    assert.equal(captured.latest_charge.amount_captured, 1_000_000);
    assert.equal(captured.payment_method.card.last4, '4242');
    const part = await sdk.refunds.create({ payment_intent: id, amount: 400_000 });
    assert.equal(part.status, 'succeeded');
    await assert.rejects(
      sdk.refunds.create({ payment_intent: id, amount: 600_001 }),
      { type: 'StripeInvalidRequestError', statusCode: 400, param: 'amount' },
    );
    const rest = await sdk.refunds.create({ payment_intent: id, expand: ['charge'] });
    assert.equal(rest.amount, 600_000);
    assert.equal(rest.charge.refunded, true);
  });

  test('reads a decline as one', async () => {
    const { id } = await sdk.paymentIntents.create({ ...order, ...never_redirects });
    await assert.rejects(
      sdk.paymentIntents.confirm(id, { payment_method: 'pm_card_chargeDeclined' }),
      { type: 'StripeCardError', code: 'card_declined', decline_code: 'generic_decline' },
    );
  });

  test('turns the pages of a search and of lists by itself', async () => {
    const made = [];
    for (let i = 0; i < 5; ++i) {
      const one = { ...order, ...never_redirects, metadata: { group: 'paged' } };
      made.unshift((await sdk.paymentIntents.create(one)).id);
    }
    const ids = async (list) => (await list.autoPagingToArray({ limit: 100 })).map(({ id }) => id);
    const query = "metadata['group']:'paged'";
    assert.deepEqual(await ids(sdk.paymentIntents.search({ query, limit: 2 })), made);
    const listed = await ids(sdk.paymentIntents.list({ limit: 2 }));
    assert.deepEqual(listed.slice(0, 5), made);

    const events = await sdk.events
      .list({ type: 'payment_intent.created', limit: 2 })
      .autoPagingToArray({ limit: 100 });
    assert.deepEqual(events.map((event) => event.data.object.id), listed);
    assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
    const newer = await ids(sdk.events.list({ ending_before: events.at(-1).id, limit: 2 }));
    const all = await ids(sdk.events.list({ limit: 100 }));
    assert.equal(new Set(newer).size, all.length - 1);
  });

  test('hears what Stripe refuses', async () => {
    const refused = { type: 'StripeInvalidRequestError', statusCode: 400 };
    await assert.rejects(sdk.events.list({ limit: 0 }), { ...refused, param: 'limit' });
    await assert.rejects(sdk.events.list({ limit: 1000 }), { ...refused, param: 'limit' });
    await assert.rejects(
      sdk.events.list({ starting_after: 'evt_1' }),
      { ...refused, code: 'resource_missing', param: 'starting_after' },
    );
    await assert.rejects(sdk.events.list({ expand: ['data.colour'] }), refused);
    await assert.rejects(
      client({ apiVersion: 'yesterday' }).events.list(),
      { ...refused, message: 'Invalid Stripe API version: yesterday' },
    );
  });

  test('names payment methods as its version may', async () => {
    const listed = { ...order, payment_method_types: ['card'] };
    await assert.rejects(
      sdk.paymentIntents.create(listed), { code: 'payment_method_types_no_longer_supported' },
    );
    const older = await client({ apiVersion: older_version }).paymentIntents.create(listed);
    assert.deepEqual(older.payment_method_types, ['card']);
    const filter = { ...order, allowed_payment_method_types: ['card', 'klarna'] };
    assert.deepEqual((await sdk.paymentIntents.create(filter)).payment_method_types, ['card']);
  });

  test('verifies the webhooks, and no others', async () => {
    const { id } = await sdk.paymentIntents.create({ ...order, ...never_redirects });
    const [event] = await webhook(({ data }) => data.object.id === id);
    assert.equal(event.type, 'payment_intent.created');
    const { body, signature } = receiver.hooks.at(-1);
    assert.throws(
      () => sdk.webhooks.constructEvent(`${body} `, signature, stripe_keys.webhook_secret),
      { type: 'StripeSignatureVerificationError' },
    );
  });
});

describe('the command-line tool', { skip }, () => {
  test('creates, confirms, captures in part and refunds', async () => {
    const created = await cli(
      'payment_intents', 'create', '--amount', '5000', '--currency', 'eur', '--capture-method',
      'manual', '-d', 'payment_method_types[]=card', '-d', 'metadata[from]=cli',
    );
    assert.equal(created.object, 'payment_intent', JSON.stringify(created));
    const { id } = created;
    const held = await cli('payment_intents', 'confirm', id, '--payment-method', 'pm_card_visa');
    assert.equal(held.status, 'requires_capture');
    const captured = await cli(
      'payment_intents', 'capture', id, '--amount-to-capture', '3000', '--expand', 'latest_charge',
    );
    assert.equal(captured.amount_received, 3000);
    assert.equal(captured.latest_charge.amount_captured, 3000);
    assert.equal((await cli('refunds', 'create', '--payment-intent', id)).amount, 3000);
    const found = await cli('payment_intents', 'search', '--query', "metadata['from']:'cli'");
    assert.equal(found.data[0].id, id);
    const list = await cli('events', 'list', '--type', 'charge.refunded', '--limit', '1');
    assert.equal(list.data[0].data.object.payment_intent, id);
  });

  test('has an event sent again', async () => {
    const { id } = await sdk.paymentIntents.create({ ...order, ...never_redirects });
    const [event] = await webhook(({ data }) => data.object.id === id);
    const again = await cli('events', 'resend', event.id);
    assert.equal(again.id, event.id);
    await webhook((one) => one.id === event.id, 2);
  });

  for (const type of [
    'payment_intent.created', 'payment_intent.succeeded', 'payment_intent.payment_failed',
    'payment_intent.canceled', 'payment_intent.requires_action',
    'payment_intent.amount_capturable_updated', 'charge.succeeded', 'charge.failed',
    'charge.captured', 'charge.refunded', 'charge.refund.updated', 'charge.dispute.created',
  ]) {
    test(`triggers ${type} with the payment methods of its fixtures`, async () => {
      const before = receiver.hooks.length;
      await cli('trigger', type);
      const known = receiver.hooks.slice(0, before).map(({ body }) => JSON.parse(body).id);
      await webhook((event) => event.type === type && !known.includes(event.id));
    });
  }
});
