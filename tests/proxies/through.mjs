// What must hold behind any proxy, asked of the real service through a real one. Where a proxy is
// known to have its own way, just that is expected of it (servers.mjs).
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { payments_program, Program, simplepay_accounts } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem, send } from '../api/client.mjs';
import { operations } from '../api/contract.mjs';
import { billing, scope, search, simple_eur, stripe_huf } from '../api/world.mjs';
import { open_world_behind, with_stub } from './behind.mjs';
import { proxies, titles } from './servers.mjs';
import {
  get_and_post_by_curl, paid, pay, post_from, send_slowly, start,
} from './visitors.mjs';

const origin = 'https://shop.example.com';
const crowd = 12;

function reading(name, proxy) {
  describe(`behind ${name}, ticket ids`, () => {
    const { path } = operations.listTicketIds;
    const first_id = 5_000_000;
    const count = 50_000;
    let world;
    let token;
    before(async () => {
      world = await open_world_behind(proxy);
      token = world.service_token();
      await world.database.execute(`
        INSERT INTO transactions (ticket_id, fee_type, currency, processor, amount_minor, account,
          email, metas, created_at, expires_at, status, live, holds_fee, updated_at)
        WITH RECURSIVE ids(ticket) AS (
          SELECT ${first_id} UNION ALL SELECT ticket + 1 FROM ids
           WHERE ticket < ${first_id + count - 1})
        SELECT ticket, 'FULL-FEE', 'EUR', 'simplepay', 0, '', '', '{}', 0, 0, 'failed', false,
          false, 0 FROM ids`);
    });
    after(() => world?.close());
    const list = (headers = {}) =>
      send(`${world.url}${path}`, { headers: { Authorization: `Bearer ${token}`, ...headers } });

    it('come whole, plain and as gzip', async () => {
      const plain = await list();
      const packed = await list({ 'Accept-Encoding': 'gzip' });
      for (const reply of [plain, packed]) {
        const { ticket_ids } = assert_ok(reply);
        assert.equal(ticket_ids.filter((id) => id >= first_id).length, count);
        assert.ok(reply.headers.etag);
      }
      assert.equal(plain.headers['content-encoding'], undefined);
      assert.equal(packed.headers['content-encoding'], 'gzip');
      assert.ok(packed.size * 3 < plain.size, `${packed.size} of ${plain.size} bytes`);
    });

    it('are not sent again to who has them', async () => {
      for (const packing of [{}, { 'Accept-Encoding': 'gzip' }]) {
        const { headers: { etag } } = await list(packing);
        const again = await list({ ...packing, 'If-None-Match': etag });
        assert.equal(again.status, 304);
        assert.equal(again.size, 0);
        assert.equal(again.headers.etag, etag);
      }
    });
  });
}

function calling(name, world_of) {
  describe(`behind ${name}, the API`, () => {
    let world;
    before(() => (world = world_of()));

    it('offers options', async () => {
      const body = {
        ticket_id: 1, ticket_status: 'registered',
        template: { payment_options: [{ code: stripe_huf, amount: 88000 }] },
      };
      const token = world.service_token();
      const reply = await world.call('listPaymentOptions', { body, token });
      const { payment_options } = assert_ok(reply);
      assert.deepEqual(payment_options.map(({ code }) => code), [stripe_huf]);
    });

    it('starts a payment, gives the same again, and finds it', async () => {
      const ticket_id = world.tickets.add();
      const body = { ticket_id, code: simple_eur, metas: billing };
      const keyed = { body, headers: { 'Idempotency-Key': `key-${ticket_id}` } };
      const first = await world.call('startPayment', keyed);
      const { transaction_id } = assert_ok(first);
      assert.equal((await world.call('startPayment', keyed)).text, first.text);
      const { transactions } = assert_ok(await world.call('listTicketTransactions', {
        body: { ticket_id }, token: world.user_token({ ...search, ...scope }),
      }));
      assert.deepEqual(transactions.map(({ id }) => id), [transaction_id]);
    });

    it('says what is wrong in its own words', async () => {
      const body = { ticket_id: 999_999_999, code: simple_eur, metas: billing };
      assert_problem(await world.call('startPayment', { body }), 404, 'unknown-ticket');
      const torn = { text: '{', request: 'breaks' };
      assert_problem(await world.call('startPayment', torn), 400, 'malformed-json');
      assert_problem(await world.call('listTicketIds', {}), 401, 'unauthorized');
      const refused = await world.call('startPayment', {
        body: { ...body, ticket_id: world.tickets.add({ status: 'new' }) },
      });
      assert_problem(refused, 422, 'code-not-offered');
      assert_problem(await send(`${world.url}/nowhere`), 404, 'not-found');
      const wrong_method = await send(`${world.url}${operations.startPayment.path}`);
      assert_problem(wrong_method, 405, 'method-not-allowed');
    });

    it('lets the shop\'s browser call, and no other\'s', async () => {
      for (const [from, allowed] of [[origin, origin], ['https://evil.example.com', undefined]]) {
        const reply = await send(`${world.url}${operations.startPayment.path}`, {
          method: 'OPTIONS',
          headers: {
            Origin: from,
            'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'content-type,idempotency-key',
          },
        });
        assert.equal(reply.headers['access-control-allow-origin'], allowed);
      }
    });
  });
}

function paying(name, world_of) {
  describe(`behind ${name}, a payment`, () => {
    let world;
    before(() => (world = world_of()));

    it('by SimplePay is paid by its IPN', async () => {
      const started = await start(world, simple_eur);
      await pay(world, started);
      const { events } = await paid(world, started.transaction_id);
      assert.ok(events.some(({ source }) => source === 'ipn'), JSON.stringify(events));
    });

    it('by Stripe is paid by its webhook', async () => {
      const started = await start(world, stripe_huf);
      await pay(world, started);
      const { events } = await paid(world, started.transaction_id);
      assert.ok(events.some(({ source }) => source === 'webhook'), JSON.stringify(events));
    });

    it('has its IPN answered byte for byte, and signed', async () => {
      const mac = (text) =>
        createHmac('sha384', simplepay_accounts.EUR.secret).update(text).digest('base64');
      const text = '{"salt":"r7Lk2Wc9Xh4Bz0Np5Tq8Md3Vy6Jf1SgA", "orderRef":"TR999999999",' +
        '"method":"CARD","merchant":"PUBLICTESTEUR","finishDate":"2026-03-02T10:21:07+01:00",' +
        '"paymentDate":"2026-03-02T10:18:41+01:00","transactionId":512345678,' +
        '"status":"FINISHED","x": [1e2, 100.0]}';
      const headers = { Signature: mac(text) };
      const reply = await world.call('simplePayIpn', { text, headers });
      const { receiveDate } = assert_ok(reply);
      assert.equal(reply.text, `${text.slice(0, -1)},"receiveDate":"${receiveDate}"}`);
      assert.equal(reply.headers.signature, mac(reply.text));
    });

    it('of many visitors at once is paid, and the books agree', async () => {
      const codes = Array.from({ length: crowd }, (_, i) => (i % 2 ? simple_eur : stripe_huf));
      await Promise.all(codes.map(async (code) => {
        const started = await start(world, code);
        await pay(world, started);
        await paid(world, started.transaction_id);
      }));
      const { PAYMENTS_DATABASE } = world.settings;
      const env = { PAYMENTS_DATABASE };
      const program = new Program(payments_program, ['verify-ledger'], { env });
      const { code } = await program.ended;
      assert.equal(code, 0, program.output.slice(-2000));
    });
  });
}

function odd_clients(name, proxy, world_of) {
  describe(`behind ${name}, a visitor`, () => {
    it(titles.early_answer, async () => {
      const { path } = operations.startPayment;
      const reply = await send_slowly(world_of().url, path, { bytes: 100_000, ms: 3000 });
      assert.equal(reply.status, 413, reply.body);
      assert.match(reply.body, /body-too-large/);
    });

    it('has a rate limit of their own, whatever they claim', async () => {
      const strict = { PAYMENTS_RATE_LIMIT_ADDRESS: '1/min burst 1' };
      const world = await open_world_behind(proxy, strict);
      try {
        const url = `${world.url}${operations.startPayment.path}`;
        const body = JSON.stringify({ ticket_id: 1, code: simple_eur });
        const from = (address, claimed = {}) => {
          const headers = { 'Content-Type': 'application/json', ...claimed };
          return post_from(address, url, { headers, body });
        };
        assert.equal(await from('127.0.0.2'), 404);
        assert.equal(await from('127.0.0.2'), 429);
        assert.equal(await from('127.0.0.3'), 404);
        assert.equal(await from('127.0.0.2', { 'X-Forwarded-For': '192.0.2.1' }), 429);
      } finally {
        await world.close();
      }
    });
  });
}

function broken_service(name, proxy) {
  const { broken_list } = proxy.own_ways ?? {};
  describe(`behind ${name}, a service that dies`, () => {
    it('with a start is sent it once, also by curl', () =>
      with_stub(proxy, async (stub, front) => {
        const { path } = operations.startPayment;
        await get_and_post_by_curl(`${front.url}/healthz`, `${front.url}${path}`);
        assert.equal(stub.posts, 1);
      }));

    it(titles.broken_list, () =>
      with_stub(proxy, async (_, front) => {
        const asked = send(`${front.url}${operations.listTicketIds.path}`);
        const seen = await asked.then(() => 'whole', () => 'broken off');
        assert.equal(seen, broken_list?.outcome ?? 'broken off');
      }));
  });
}

function recommended(name, world_of) {
  describe(`${name} as we recommend it`, () => {
    it('keeps /metrics and /readyz from the world', async () => {
      for (const path of ['/metrics', '/readyz']) {
        assert.equal((await send(`${world_of().url}${path}`)).status, 404);
      }
    });
  });
}

export function through(name) {
  const proxy = proxies[name];
  describe(name, () => {
    let world;
    before(async () => (world = await open_world_behind(proxy)));
    after(() => world?.close());
    const world_of = () => world;
    reading(name, proxy);
    calling(name, world_of);
    paying(name, world_of);
    odd_clients(name, proxy, world_of);
    broken_service(name, proxy);
    if (proxy.file.startsWith('deploy/')) recommended(name, world_of);
  });
}
