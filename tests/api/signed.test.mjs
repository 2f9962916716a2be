// JSON that a provider signed is kept and acknowledged, however odd it is, and learned from as far
// as it can be read.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { eventually, simplepay_accounts, stripe_keys } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import { billing, open_world, scope, search, simple_eur, stripe_huf } from './world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

async function start(code) {
  const body = { ticket_id: world.tickets.add(), code, metas: billing };
  return assert_ok(await world.call('startPayment', { body }));
}

async function transaction(id) {
  const token = world.user_token({ ...search, ...scope });
  const body = { search_term: id };
  return assert_ok(await world.call('searchTransactions', { body, token })).transactions[0];
}

async function unmatched() {
  const token = world.user_token({ ...search, payments_operate: 'true' });
  const { reviews } = assert_ok(await world.call('listReviews', { token }));
  return reviews.filter(({ kind }) => kind === 'unmatched_message');
}

const oddities = {
  'U+0000': String.raw`"x":"a\u0000b"`,
  'a lone surrogate': String.raw`"x":"\ud800"`,
  'a member twice': '"x":1,"x":2',
  'forty levels': `"x":${'['.repeat(40)}${']'.repeat(40)}`,
};

describe('Stripe\'s webhook, rightly signed,', () => {
  const webhook = (text) => {
    const time = Math.floor(Date.now() / 1000);
    const mac = createHmac('sha256', stripe_keys.webhook_secret).update(`${time}.${text}`);
    const headers = { 'Stripe-Signature': `t=${time},v1=${mac.digest('hex')}` };
    return world.call('stripeWebhook', { text, headers, request: 'cannot tell' });
  };

  for (const [what, member] of Object.entries(oddities)) {
    it(`with ${what} in a member that nobody reads makes its payment paid`, async () => {
      const { transaction_id, client_secret } = await start(stripe_huf);
      const id = client_secret.replace(/_secret_.*$/, '');
      const { metadata } = await (await fetch(`${world.sandbox.stripe}/v1/payment_intents/${id}`, {
        headers: { Authorization: `Bearer ${stripe_keys.secret}` },
      })).json();
      const text = `{"id":"evt_${randomUUID()}","object":"event","livemode":false,` +
        `"type":"payment_intent.succeeded","data":{"object":{"id":"${id}",${member},` +
        '"object":"payment_intent","amount":8800000,"amount_received":8800000,' +
        `"currency":"huf","status":"succeeded","metadata":${JSON.stringify(metadata)}}}}`;
      assert_ok(await webhook(text));
      const { status, events } = await transaction(transaction_id);
      assert.equal(status, 'paid', JSON.stringify(events));
    });
  }

  it('that is too deep to be read is kept and listed', async () => {
    const before = (await unmatched()).length;
    assert_ok(await webhook(`{"id":"evt_deep","x":${'['.repeat(1000)}${']'.repeat(1000)}}`));
    assert.equal((await unmatched()).length, before + 1);
  });
});

describe('SimplePay\'s IPN, rightly signed,', () => {
  const mac = (text) =>
    createHmac('sha384', simplepay_accounts.EUR.secret).update(text).digest('base64');
  const ipn = (text, signature = mac(text)) =>
    world.call('simplePayIpn', { text, headers: { Signature: signature }, request: 'cannot tell' });

  for (const [what, member] of Object.entries(oddities)) {
    it(`with ${what} in a member that nobody reads is learned and answered`, async () => {
      const { transaction_id } = await start(simple_eur);
      const { provider_transaction_id } = await transaction(transaction_id);
      const text = `{"salt":"${randomUUID()}","orderRef":"TR${transaction_id}","method":"CARD",` +
        `"merchant":"PUBLICTESTEUR",${member},"transactionId":${provider_transaction_id},` +
        '"status":"CANCELLED"}';
      const reply = await ipn(text);
      assert.equal(reply.status, 200, reply.text);
      assert.ok(reply.text.startsWith(text.slice(0, -1)));
      assert.equal(reply.headers.signature, mac(reply.text));
      await eventually(async () => {
        const { events } = await transaction(transaction_id);
        return events.some(({ source, kind }) => source === 'ipn' && kind === 'cancelled');
      });
    });
  }

  it('that names two accounts is kept, listed and answered', async () => {
    const before = (await unmatched()).length;
    const text = '{"merchant":"PUBLICTESTEUR","merchant":"PUBLICTESTHUF","orderRef":"TR1"}';
    const reply = await ipn(text);
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.headers.signature, mac(reply.text));
    assert.equal((await unmatched()).length, before + 1);
    const forged = await ipn(text, mac(`${text} `));
    assert_problem(forged, 400, 'invalid-signature');
  });
});
