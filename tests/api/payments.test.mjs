// A payment's life over HTTP: start, return, notification, and what the lists say afterwards.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { eventually, simplepay_accounts, stripe_keys } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem, slug } from './client.mjs';
import {
  act_on_simplepay, billing, free_fee, open_world, pay_at_stripe, scope, search, simple_eur,
  stripe_huf,
} from './world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

const start = (ticket_id, code, { metas = billing, headers, request } = {}) =>
  world.call('startPayment', { body: { ticket_id, code, metas }, headers, request });

async function transaction(id) {
  const token = world.service_token(search);
  const { transactions } = assert_ok(
    await world.call('searchTransactions', { body: { search_term: id }, token }),
  );
  return transactions[0];
}

const in_status = (id, status) =>
  eventually(async () => {
    const found = await transaction(id);
    return found.status === status && found;
  }, { within_ms: 20_000, what: `transaction ${id} to be ${status}` });

const backref = (body) => world.call('simplePayBackref', { body });
const simplepay_mac = (text, { secret } = simplepay_accounts.EUR) =>
  createHmac('sha384', secret).update(text).digest('base64');

const confirm = (client_secret, card) => pay_at_stripe(world.sandbox, client_secret, { card });

describe('startPayment', () => {
  it('by SimplePay gives a page to send the visitor to', async () => {
    const ticket = world.tickets.add();
    const started = assert_ok(await start(ticket, simple_eur));
    assert.equal(started.required_additional_action, true);
    assert.ok(started.redirect_url.startsWith(world.sandbox.simplepay));
    assert.equal(started.client_secret, null);
    const { status, amount, currency, reference, metas } = await transaction(
      started.transaction_id,
    );
    assert.deepEqual(
      { status, amount, currency },
      { status: 'pending', amount: 220, currency: 'EUR' },
    );
    assert.equal(reference, `TR${started.transaction_id}`);
    assert.deepEqual(metas, billing);
  });

  it('by Stripe gives a secret to confirm with', async () => {
    const started = assert_ok(await start(world.tickets.add(), stripe_huf));
    assert.equal(started.required_additional_action, true);
    assert.equal(started.redirect_url, null);
    assert.match(started.client_secret, /^pi_.+_secret_/);
    assert.equal((await transaction(started.transaction_id)).amount, 88000);
  });

  it('of a free fee is paid at once', async () => {
    const started = assert_ok(await start(world.tickets.add(), free_fee));
    assert.deepEqual({ ...started, transaction_id: 0 }, {
      required_additional_action: false,
      redirect_url: null,
      client_secret: null,
      transaction_id: 0,
    });
    const { status, amount } = await transaction(started.transaction_id);
    assert.deepEqual({ status, amount }, { status: 'paid', amount: 0 });
  });

  it('keeps billing data that it does not know', async () => {
    const metas = { ...billing, loyalty: { card: 7 }, newsletter: true };
    const started = assert_ok(await start(world.tickets.add(), stripe_huf, { metas }));
    assert.deepEqual((await transaction(started.transaction_id)).metas, metas);
  });

  it('takes the e-mail of the ticket when none is given', async () => {
    assert_ok(await start(world.tickets.add(), simple_eur, { metas: {} }));
    const body = { ticket_id: world.tickets.add(), code: simple_eur };
    assert_ok(await world.call('startPayment', { body }));
  });

  it('without any e-mail names /metas/email', async () => {
    const ticket = world.tickets.add({ email: undefined });
    const reply = await start(ticket, simple_eur, { metas: {} });
    assert_problem(reply, 400, 'invalid-request');
    assert.deepEqual(reply.json.errors.map(({ pointer }) => pointer), ['/metas/email']);
  });

  it('names every wrong member of metas at once', async () => {
    const metas = { email: 7, name: [], zip: { a: 1 }, city: true };
    const reply = await start(world.tickets.add(), simple_eur, { metas, request: 'breaks' });
    assert_problem(reply, 400, 'invalid-request');
    const pointers = reply.json.errors.map(({ pointer }) => pointer).sort();
    assert.deepEqual(pointers, ['/metas/city', '/metas/email', '/metas/name', '/metas/zip']);
  });

  it('for a ticket that nobody knows is 404', async () => {
    assert_problem(await start(999_999_999, simple_eur), 404, 'unknown-ticket');
  });

  it('with a code that is malformed or not on offer is 422', async () => {
    const ticket = world.tickets.add();
    for (const code of [
      'x',
      'SIMPLE',
      'EUR-SIMPLE',
      '-EUR-SIMPLE',
      'FULL-FEE-EUR-SIMPLE',
      'normal-total-fee-EUR-SIMPLE',
      'NORMAL-TOTAL-FEE-USD-SIMPLE',
      'NORMAL-TOTAL-FEE-EUR-PAYPAL',
      `${simple_eur} `,
      `${simple_eur}\n`,
      'NORMAL-TOTAL-FEE-EUR-STRIPE-INTENTS',
      "' OR 1=1 --",
      '💶',
      'A'.repeat(255),
    ]) {
      assert_problem(await start(ticket, code), 422, 'code-not-offered');
    }
  });

  it('with a code that is empty or too long names it', async () => {
    for (const code of ['', 'A'.repeat(256)]) {
      const reply = await start(world.tickets.add(), code, { request: 'breaks' });
      assert_problem(reply, 400, 'invalid-request');
      assert.deepEqual(reply.json.errors.map(({ pointer }) => pointer), ['/code']);
    }
  });

  it('counts the characters of a text and not its bytes, as the contract does', async () => {
    for (const letter of ['x', 'é', '€', '🎪']) {
      const name = letter.repeat(255);
      assert_ok(await start(world.tickets.add(), stripe_huf, { metas: { ...billing, name } }));
      const longer = { ...billing, name: `${name}${letter}` };
      const more = { metas: longer, request: 'breaks' };
      const reply = await start(world.tickets.add(), stripe_huf, more);
      assert_problem(reply, 400, 'invalid-request');
      assert.deepEqual(reply.json.errors.map(({ pointer }) => pointer), ['/metas/name']);
    }
  });

  it('for a ticket in another status is 422', async () => {
    const ticket = world.tickets.add({ status: 'cancelled' });
    assert_problem(await start(ticket, simple_eur), 422, 'code-not-offered');
  });

  it('of a fee that is paid is 409, in any currency and by any processor', async () => {
    const ticket = world.tickets.add();
    const { client_secret, transaction_id } = assert_ok(await start(ticket, stripe_huf));
    await confirm(client_secret);
    await in_status(transaction_id, 'paid');
    for (const code of [stripe_huf, simple_eur]) {
      const reply = await start(ticket, code);
      assert_problem(reply, 409, 'already-paid');
      assert.equal(reply.json.transaction_id, transaction_id);
    }
    assert_ok(await start(ticket, free_fee));
  });

  it('again returns the PaymentIntent that is still open', async () => {
    const ticket = world.tickets.add();
    const first = assert_ok(await start(ticket, stripe_huf));
    assert.deepEqual(assert_ok(await start(ticket, stripe_huf)), first);
  });

  it('ten times at once opens one attempt', async () => {
    const ticket = world.tickets.add();
    const replies = await Promise.all(Array.from({ length: 10 }, () => start(ticket, stripe_huf)));
    const ids = new Set();
    for (const reply of replies) {
      if (reply.status === 200) ids.add(reply.json.transaction_id);
      else assert_problem(reply, 409, 'payment-in-progress');
    }
    assert.equal(ids.size, 1);
    const { transactions } = assert_ok(await world.call('listTicketTransactions', {
      body: { ticket_id: ticket },
      token: world.user_token({ ...search, ...scope }),
    }));
    assert.deepEqual(transactions.map(({ id }) => id), [...ids]);
  });

  it('says so when the tickets service is broken or silent', async () => {
    const lonely = await open_world({ settings: { PAYMENTS_TICKETS_TIMEOUT_MS: '300' } });
    try {
      const body = { ticket_id: lonely.tickets.add(), code: simple_eur, metas: billing };
      lonely.tickets.behave('silent');
      assert_problem(await lonely.call('startPayment', { body }), 504, 'tickets-timeout');
      lonely.tickets.behave('broken');
      assert_problem(await lonely.call('startPayment', { body }), 503, 'tickets-unavailable');
    } finally {
      await lonely.close();
    }
  });

  it('says so when the provider is not reached, and the next start works', async () => {
    const lonely = await open_world({ settings: { PAYMENTS_STRIPE_URL: 'http://127.0.0.1:9' } });
    try {
      const ticket = lonely.tickets.add();
      const by = (code) =>
        lonely.call('startPayment', { body: { ticket_id: ticket, code, metas: billing } });
      assert_problem(await by(stripe_huf), 503, 'provider-unavailable');
      assert_ok(await by(simple_eur));
    } finally {
      await lonely.close();
    }
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (key, body) =>
    world.call('startPayment', { body, headers: { 'Idempotency-Key': key } });

  it('gets the first answer again', async () => {
    const key = randomUUID();
    const body = { ticket_id: world.tickets.add(), code: simple_eur, metas: billing };
    const first = await keyed(key, body);
    assert_ok(first);
    const again = await keyed(key, body);
    assert.equal(again.text, first.text);
  });

  it('does not mind the order of members and white space', async () => {
    const key = randomUUID();
    const ticket_id = world.tickets.add();
    const first = await keyed(key, { ticket_id, code: simple_eur, metas: billing });
    assert_ok(first);
    const metas = Object.fromEntries(Object.entries(billing).reverse());
    const again = await world.call('startPayment', {
      text: JSON.stringify({ metas, code: simple_eur, ticket_id }, null, 4),
      headers: { 'Idempotency-Key': key },
    });
    assert.equal(again.text, first.text);
  });

  it('gets a refusal again, too', async () => {
    const key = randomUUID();
    const body = { ticket_id: world.tickets.add({ status: 'new' }), code: simple_eur };
    const first = await keyed(key, body);
    assert_problem(first, 422, 'code-not-offered');
    const again = await keyed(key, body);
    assert.equal(`${again.status} ${again.json.type}`, `${first.status} ${first.json.type}`);
  });

  it('with another body is 422', async () => {
    const key = randomUUID();
    const ticket_id = world.tickets.add();
    assert_ok(await keyed(key, { ticket_id, code: simple_eur, metas: billing }));
    for (const other of [
      { ticket_id, code: stripe_huf, metas: billing },
      { ticket_id, code: simple_eur, metas: { ...billing, name: 'Somebody Else' } },
      { ticket_id, code: simple_eur },
    ]) {
      assert_problem(await keyed(key, other), 422, 'key-reused');
    }
  });

  it('sent ten times at once opens one payment', async () => {
    const key = randomUUID();
    const body = { ticket_id: world.tickets.add(), code: simple_eur, metas: billing };
    const replies = await Promise.all(Array.from({ length: 10 }, () => keyed(key, body)));
    const good = replies.filter(({ status }) => status === 200);
    assert.ok(good.length >= 1);
    assert.equal(new Set(good.map(({ text }) => text)).size, 1);
    for (const reply of replies) if (reply.status !== 200) assert_problem(reply, 409, 'key-in-use');
  });

  it('that does not fit the pattern is refused: nobody may rely on it', async () => {
    const body = { ticket_id: world.tickets.add(), code: free_fee };
    for (const key of ['a b', 'k'.repeat(129), '', '"', '""', 'a/b', 'a%b']) {
      const reply = await world.call('startPayment', {
        body, headers: { 'Idempotency-Key': key }, request: 'breaks',
      });
      assert_problem(reply, 400, 'invalid-request');
    }
  });
});

describe('simplePayBackref', () => {
  it('of a payment says SUCCESS with SimplePay\'s id, and the payment becomes paid', async () => {
    const ticket = world.tickets.add();
    const { redirect_url, transaction_id } = assert_ok(await start(ticket, simple_eur));
    const seen = assert_ok(await backref(await act_on_simplepay(redirect_url, 'pay')));
    assert.equal(seen.message, 'SUCCESS');
    assert.equal(seen.ticket_id, ticket);
    assert.equal(seen.transaction_id, transaction_id);
    assert.match(seen.provider_transaction_id, /^[0-9]+$/);
    const paid = await in_status(transaction_id, 'paid');
    assert.equal(paid.provider_transaction_id, seen.provider_transaction_id);
    assert.ok(paid.paid_at);
    assert.ok(paid.events.some(({ source, kind }) => source === 'visitor' && kind === 'returned'));
    assert.ok(paid.events.some(({ source, kind }) => source === 'query' && kind === 'captured'));
  });

  it('of a declined card says FAIL with SimplePay\'s id, and a new start works', async () => {
    const ticket = world.tickets.add();
    const { redirect_url, transaction_id } = assert_ok(await start(ticket, simple_eur));
    const seen = assert_ok(await backref(await act_on_simplepay(redirect_url, 'decline')));
    assert.equal(seen.message, 'FAIL');
    assert.match(seen.provider_transaction_id, /^[0-9]+$/);
    await in_status(transaction_id, 'failed');
    assert.notEqual(assert_ok(await start(ticket, simple_eur)).transaction_id, transaction_id);
  });

  for (const [action, message, status] of [
    ['cancel', 'CANCEL', 'cancelled'],
    ['timeout', 'TIMEOUT', 'expired'],
  ]) {
    it(`after ${action} says ${message} and shows no id of SimplePay`, async () => {
      const { redirect_url, transaction_id } = assert_ok(
        await start(world.tickets.add(), simple_eur),
      );
      const seen = assert_ok(await backref(await act_on_simplepay(redirect_url, action)));
      assert.equal(seen.message, message);
      assert.equal(seen.provider_transaction_id, null);
      await in_status(transaction_id, status);
    });
  }

  it('sent twice says the same', async () => {
    const { redirect_url } = assert_ok(await start(world.tickets.add(), simple_eur));
    const returned = await act_on_simplepay(redirect_url, 'cancel');
    const first = assert_ok(await backref(returned));
    const { message, transaction_id } = assert_ok(await backref(returned));
    assert.deepEqual([message, transaction_id], [first.message, first.transaction_id]);
  });

  it('that SimplePay did not sign is 400 and changes nothing', async () => {
    const { transaction_id } = assert_ok(await start(world.tickets.add(), simple_eur));
    const text = JSON.stringify({
      r: 0, t: 500000001, e: 'SUCCESS', m: 'PUBLICTESTEUR', o: `TR${transaction_id}`,
    });
    const good = simplepay_mac(text);
    for (const forged of [
      simplepay_mac(text, simplepay_accounts.HUF),
      simplepay_mac(`${text} `),
      createHmac('sha384', '').update(text).digest('base64'),
      good.slice(0, -1),
      `${good}=`,
      (good[0] === 'A' ? 'B' : 'A') + good.slice(1),
      'x',
    ]) {
      const reply = await backref({ r: Buffer.from(text).toString('base64'), s: forged });
      assert_problem(reply, 400, 'invalid-signature');
    }
    const { events } = await transaction(transaction_id);
    assert.ok(!events.some(({ kind }) => kind === 'returned'));
  });

  it('that is no Base64 of JSON is 400', async () => {
    for (const r of ['%%%', 'e30', 'bm90IGpzb24=', Buffer.from('[]').toString('base64')]) {
      const reply = await backref({ r, s: 'A'.repeat(64) });
      assert.equal(reply.status, 400, reply.text);
      assert.match(slug(reply), /^invalid-(request|signature)$/);
    }
  });

  it('signed, but about a transaction that is not ours, is 404', async () => {
    for (const o of ['TR999999999', 'ORDER-7', 'TR0']) {
      const text = JSON.stringify({ r: 0, t: 500000001, e: 'SUCCESS', m: 'PUBLICTESTEUR', o });
      const reply = await backref({
        r: Buffer.from(text).toString('base64'),
        s: simplepay_mac(text),
      });
      assert_problem(reply, 404, 'unknown-transaction');
    }
  });
});

describe('simplePayIpn', () => {
  const notice = (changes = {}) => JSON.stringify({
    salt: 'r7Lk2Wc9Xh4Bz0Np5Tq8Md3Vy6Jf1SgA',
    orderRef: 'TR999999999',
    method: 'CARD',
    merchant: 'PUBLICTESTEUR',
    finishDate: '2026-03-02T10:21:07+01:00',
    paymentDate: '2026-03-02T10:18:41+01:00',
    transactionId: 512345678,
    status: 'FINISHED',
    ...changes,
  });
  const ipn = (text, signature, request) =>
    world.call('simplePayIpn', { text, headers: { Signature: signature }, request });

  it('is answered with its own text, receiveDate and a signature', async () => {
    const text = notice({ total: '{}' });
    const reply = await ipn(text, simplepay_mac(text));
    const { receiveDate } = assert_ok(reply);
    assert.equal(reply.text, `${text.slice(0, -1)},"receiveDate":"${receiveDate}"}`);
    assert.equal(reply.headers.signature, simplepay_mac(reply.text));
    assert.ok(Math.abs(Date.parse(receiveDate) - Date.now()) < 60_000);
  });

  it('keeps numbers and members as they came', async () => {
    const text = `${notice().slice(0, -1)}, "x": {"y": 100.0, "z": [1e2]} }\n`;
    const reply = await ipn(text, simplepay_mac(text));
    assert_ok(reply);
    assert.ok(reply.text.includes('"x": {"y": 100.0, "z": [1e2]}'), reply.text);
  });

  it('that SimplePay did not sign is 400, and changes nothing', async () => {
    const { transaction_id } = assert_ok(await start(world.tickets.add(), simple_eur));
    const text = notice({ orderRef: `TR${transaction_id}` });
    const good = simplepay_mac(text);
    for (const forged of [
      simplepay_mac(`${text} `),
      simplepay_mac(text, simplepay_accounts.HUF),
      createHmac('sha256', simplepay_accounts.EUR.secret).update(text).digest('base64'),
      (good[0] === 'A' ? 'B' : 'A') + good.slice(1),
      'x',
    ]) {
      assert_problem(await ipn(text, forged, 'cannot tell'), 400, 'invalid-signature');
    }
    assert_problem(
      await world.call('simplePayIpn', { text, request: 'breaks' }), 400, 'invalid-signature',
    );
    assert.equal((await transaction(transaction_id)).status, 'pending');
  });

  it('of a merchant that is not ours is 400', async () => {
    const text = notice({ merchant: 'SOMEBODYELSE' });
    assert_problem(await ipn(text, simplepay_mac(text)), 400, 'invalid-signature');
  });

  it('signed but without its members is kept and answered: SimplePay would repeat it', async () => {
    const text = JSON.stringify({ merchant: 'PUBLICTESTEUR' });
    assert_ok(await ipn(text, simplepay_mac(text)));
  });

  it('that says FINISHED does not make a payment paid that SimplePay denies', async () => {
    const { transaction_id } = assert_ok(await start(world.tickets.add(), simple_eur));
    const { provider_transaction_id } = await transaction(transaction_id);
    const text = notice({
      orderRef: `TR${transaction_id}`,
      transactionId: Number(provider_transaction_id),
    });
    assert_ok(await ipn(text, simplepay_mac(text)));
    await in_status(transaction_id, 'review');
  });
});

describe('stripeWebhook', () => {
  const event = (changes = {}) => JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: 'event',
    api_version: '2024-04-10',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    type: 'payment_intent.succeeded',
    data: {
      object: {
        id: 'pi_unknown', object: 'payment_intent', amount: 8800000, amount_received: 8800000,
        currency: 'huf', livemode: false, status: 'succeeded', metadata: {},
      },
    },
    ...changes,
  });
  const sign = (text, secret = stripe_keys.webhook_secret, time = Math.floor(Date.now() / 1000)) =>
    `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${text}`).digest('hex')}`;
  const webhook = (text, signature, request) =>
    world.call('stripeWebhook', { text, headers: { 'Stripe-Signature': signature }, request });

  it('of a confirmed payment makes it paid', async () => {
    const { client_secret, transaction_id } = assert_ok(
      await start(world.tickets.add(), stripe_huf),
    );
    await confirm(client_secret);
    const paid = await in_status(transaction_id, 'paid');
    assert.equal(paid.provider_transaction_id, client_secret.replace(/_secret_.*$/, ''));
    assert.ok(paid.events.some(({ source, kind }) => source === 'webhook' && kind === 'captured'));
  });

  it('that Stripe signed is stored: of no payment of ours, of another kind or mode', async () => {
    for (const changes of [
      {},
      { type: 'customer.created' },
      { livemode: true },
      { type: 'new.kind.of.event' },
    ]) {
      const text = event(changes);
      for (let times = 0; times < 2; times++) assert_ok(await webhook(text, sign(text)));
    }
  });

  it('that Stripe did not sign is 400', async () => {
    const text = event();
    const now = Math.floor(Date.now() / 1000);
    const wrong = [
      sign(`${text} `),
      sign(text, 'whsec_other'),
      sign(text, stripe_keys.webhook_secret, now - 3600),
      sign(text).replace('v1=', 'v0='),
      sign(text).replace(/^t=\d+,/, ''),
      'nonsense',
    ];
    for (const signature of wrong) {
      assert_problem(await webhook(text, signature), 400, 'invalid-signature');
    }
    const reply = await world.call('stripeWebhook', { text, request: 'breaks' });
    assert_problem(reply, 400, 'invalid-signature');
  });

  it('signed twice while a secret is rolled is taken', async () => {
    const text = event();
    const [time, mac] = sign(text).split(',');
    const old = sign(text, 'whsec_old').split(',')[1];
    assert_ok(await webhook(text, `${time},${old},${mac}`));
  });
});

describe('listPaymentOptions', () => {
  const options = (body) =>
    world.call('listPaymentOptions', { body, token: world.service_token() });
  const offered = async (
    payment_options,
    { ticket_id = 1, ticket_status = 'registered', metas } = {},
  ) =>
    assert_ok(await options({ ticket_id, ticket_status, template: { payment_options }, metas }))
      .payment_options;

  it('gives what is on offer, in order, with titles', async () => {
    const result = await offered([
      { code: stripe_huf, amount: 88000 },
      { code: simple_eur, title: 'Card', note: 'safe', amount: 220.5 },
    ]);
    assert.deepEqual(result, [
      {
        code: stripe_huf,
        title: 'Normal total fee',
        note: '',
        amount: 88000,
        currency: 'HUF',
        payment_mode: 'STRIPE-INTENTS',
      },
      {
        code: simple_eur,
        title: 'Card',
        note: 'safe',
        amount: 220.5,
        currency: 'EUR',
        payment_mode: 'SIMPLE',
      },
    ]);
  });

  it('leaves out what cannot be paid, and gives the rest', async () => {
    const result = await offered([
      { code: '', amount: 1 },
      { code: 'A-EUR-SIMPLE' },
      { code: 'A-EUR-STRIPE-INTENTS', amount: 0.3 },
      { code: 'A-HUF-STRIPE-INTENTS', amount: 150 },
      { code: 'B-EUR-SIMPLE', amount: -1 },
      { code: 'C-EUR-SIMPLE', amount: 1.005 },
      { code: 'D-HUF-SIMPLE', amount: 100.5 },
      { code: 'E-CHF-SIMPLE', amount: 1 },
      { code: 'F-EUR-PAYPAL', amount: 1 },
      { code: 'G-EUR-SIMPLE', amount: 1, ticket_statuses: ['paid'] },
      { code: 'H-EUR-SIMPLE', amount: 1, ticket_statuses: [] },
      { code: 'I-EUR-SIMPLE', amount: 1, valid_from: '2999-01-01T00:00:00Z' },
      { code: 'J-EUR-SIMPLE', amount: 1, valid_until: '2001-01-01T00:00:00Z' },
      {
        code: 'K-EUR-SIMPLE',
        amount: 1,
        valid_from: '2001-01-01T00:00:00Z',
        valid_until: '2999-01-01T00:00:00+02:00',
      },
      { code: 'L-EUR-SIMPLE', amount: 0 },
    ]);
    assert.deepEqual(result.map(({ code }) => code), ['K-EUR-SIMPLE', 'L-EUR-SIMPLE']);
  });

  it('asks the transfer price of a transferred ticket', async () => {
    const ticket_statuses = ['transferred'];
    const choices = [
      { code: 'T-EUR-SIMPLE', amount: 999, ticket_statuses },
      { code: 'T-HUF-SIMPLE', amount: 999, ticket_statuses },
      { code: 'U-EUR-SIMPLE', amount: 999 },
    ];
    for (const value of ['20.5', 20.5]) {
      const metas = [{ keyword: 'transfer_price_eur', value }, { keyword: 'other', value: 'x' }];
      const result = await offered(choices, { ticket_status: 'transferred', metas });
      assert.deepEqual(result.map(({ code, amount }) => [code, amount]), [['T-EUR-SIMPLE', 20.5]]);
    }
  });

  it('does not offer a fee that is paid', async () => {
    const ticket_id = world.tickets.add();
    assert_ok(await start(ticket_id, free_fee));
    const result = await offered([
      { code: free_fee, amount: 0 },
      { code: 'FREE-FEE-HUF-STRIPE-INTENTS', amount: 500 },
      { code: simple_eur, amount: 1 },
    ], { ticket_id });
    assert.deepEqual(result.map(({ code }) => code), [simple_eur]);
  });

  it('names every wrong member at once', async () => {
    const body = {
      ticket_id: 0,
      ticket_status: 5,
      template: { payment_options: {} },
      metas: [{ keyword: 1 }, 7],
    };
    const reply = await world.call('listPaymentOptions', {
      body, token: world.service_token(), request: 'breaks',
    });
    assert_problem(reply, 400, 'invalid-request');
    const pointers = reply.json.errors.map(({ pointer }) => pointer);
    for (const pointer of [
      '/ticket_id',
      '/ticket_status',
      '/template/payment_options',
      '/metas/1',
    ]) {
      assert.ok(pointers.includes(pointer), `${pointer} is not in ${pointers}`);
    }
  });
});

describe('the lists', () => {
  it('of ticket ids hold each ticket once, ascending', async () => {
    const [one, two] = [world.tickets.add(), world.tickets.add()];
    for (const ticket of [two, one, two]) await start(ticket, stripe_huf);
    const { ticket_ids } = assert_ok(
      await world.call('listTicketIds', { token: world.service_token() }),
    );
    assert.ok(ticket_ids.includes(one) && ticket_ids.includes(two));
    assert.deepEqual(ticket_ids, [...new Set(ticket_ids)].sort((a, b) => a - b));

    const compressed = await world.call('listTicketIds', {
      token: world.service_token(), headers: { 'Accept-Encoding': 'gzip' },
    });
    assert.equal(compressed.headers['content-encoding'], 'gzip');
    assert.deepEqual(assert_ok(compressed), { ticket_ids });
  });

  it('of a ticket hold every attempt with its story, by id', async () => {
    const ticket_id = world.tickets.add();
    const first = assert_ok(await start(ticket_id, simple_eur));
    await backref(await act_on_simplepay(first.redirect_url, 'cancel'));
    await in_status(first.transaction_id, 'cancelled');
    const second = assert_ok(await start(ticket_id, simple_eur));
    const { transactions } = assert_ok(await world.call('listTicketTransactions', {
      body: { ticket_id },
      token: world.user_token({ ...search, ...scope }),
    }));
    assert.deepEqual(
      transactions.map(({ id }) => id),
      [first.transaction_id, second.transaction_id],
    );
    for (const { events } of transactions) {
      assert.equal(events[0].kind, 'accepted');
      const times = events.map(({ at }) => at);
      assert.deepEqual(times, [...times].sort());
    }
  });

  it('of a ticket that never paid are empty', async () => {
    const reply = await world.call('listTicketTransactions', {
      body: { ticket_id: world.tickets.add() },
      token: world.user_token({ ...search, ...scope }),
    });
    assert.deepEqual(assert_ok(reply), { transactions: [] });
  });

  it('of a ticket that nobody knows are 404', async () => {
    const reply = await world.call('listTicketTransactions', {
      body: { ticket_id: 999_999_999 },
      token: world.user_token({ ...search, ...scope }),
    });
    assert_problem(reply, 404, 'unknown-ticket');
  });

  it('searched for what is not there are empty', async () => {
    const reply = await world.call('searchTransactions', {
      body: { search_term: 999_999_999 },
      token: world.user_token(search),
    });
    assert.deepEqual(assert_ok(reply), { transactions: [] });
  });
});
