// What every operation with a body makes of bodies that it cannot take.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { simplepay_accounts, stripe_keys } from '../../fixtures/harness.mjs';
import { assert_problem, exchange, send, slug } from '../client.mjs';
import { check_problem, check_reply, operations } from '../contract.mjs';
import { offered, open_world, scope, search, simple_eur } from '../world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

const stripe_signature = (text) => {
  const time = Math.floor(Date.now() / 1000);
  const mac = createHmac('sha256', stripe_keys.webhook_secret).update(`${time}.`).update(text);
  return { 'Stripe-Signature': `t=${time},v1=${mac.digest('hex')}` };
};
const simplepay_signature = (text) => ({
  Signature: createHmac('sha384', simplepay_accounts.EUR.secret).update(text).digest('base64'),
});

// Every operation that takes JSON: one good body, who may call it, and its required members.
const takers = {
  listPaymentOptions: {
    good: { ticket_id: 42, ticket_status: 'registered', template: { payment_options: [] } },
    token: () => world.service_token(),
    required: ['/ticket_id', '/ticket_status', '/template'],
    wrong: { ticket_id: '42', ticket_status: 7, template: [], metas: {} },
  },
  listTicketTransactions: {
    good: { ticket_id: 42 },
    token: () => world.user_token({ ...search, ...scope }),
    required: ['/ticket_id'],
    wrong: { ticket_id: '42' },
  },
  searchTransactions: {
    good: { search_term: 42 },
    token: () => world.user_token(search),
    required: ['/search_term'],
    wrong: { search_term: '42' },
  },
  startPayment: {
    good: { ticket_id: 42, code: simple_eur },
    required: ['/ticket_id', '/code'],
    wrong: { ticket_id: true, code: 1, metas: [] },
  },
  simplePayBackref: {
    good: { r: 'e30=', s: 'A'.repeat(64) },
    required: ['/r', '/s'],
    wrong: { r: 1, s: null },
  },
  simplePayIpn: { signed: simplepay_signature },
  stripeWebhook: { signed: stripe_signature },
};

const headers_for = (id, text) => takers[id].signed?.(text) ?? {};
const post = (id, text, options = {}) =>
  world.call(id, {
    text,
    token: takers[id].token?.(),
    headers: { ...headers_for(id, text), ...options.headers },
    request: options.request ?? 'breaks',
  });

const not_json = {
  'an empty body': '',
  'white space': ' \n ',
  'half an object': '{"ticket_id": 42',
  'something after the value': '{"ticket_id": 42} x',
  'two values': '{}{}',
  'single quotes': "{'ticket_id': 42}",
  'a comment': '{"ticket_id": 42 /* the ticket */}',
  'a comma too many': '{"ticket_id": 42,}',
  'a bare word': 'ticket',
  'not a number': '{"ticket_id": NaN}',
  'a leading zero': '{"ticket_id": 042}',
  'a tab in a text': '{"code": "\t"}',
  'a form': 'ticket_id=42',
  'bytes that are not UTF-8': Buffer.from([...Buffer.from('{"code": "'), 0xc3, 0x28, 0x22, 0x7d]),
  'an overlong UTF-8 form': Buffer.from([...Buffer.from('{"code": "'), 0xc0, 0xaf, 0x22, 0x7d]),
};

const not_objects = ['null', 'true', '42', '"text"', '[]', '[{}]'];

for (const id of Object.keys(takers)) {
  describe(`${id}, given a body`, () => {
    for (const [name, text] of Object.entries(not_json)) {
      it(`that is ${name}, says malformed-json`, async () => {
        const request = Buffer.isBuffer(text) ? 'cannot tell' : 'breaks';
        assert_problem(await post(id, text, { request }), 400, 'malformed-json');
      });
    }

    it('without a content type, or with another one, says unsupported-media-type', async () => {
      for (const type of [
        null,
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/jsonp',
        'json',
      ]) {
        const reply = await post(id, '{}', { headers: { 'Content-Type': type } });
        assert_problem(reply, 415, 'unsupported-media-type');
      }
    });

    it('that is compressed, says unsupported-media-type', async () => {
      for (const coding of ['gzip', 'deflate', 'br', 'nonsense']) {
        const reply = await post(id, '{}', { headers: { 'Content-Encoding': coding } });
        assert_problem(reply, 415, 'unsupported-media-type');
      }
    });

    it('over the limit, says body-too-large', async () => {
      const notification = takers[id].signed !== undefined;
      const limit = notification ? 256 * 1024 : 64 * 1024;
      const text = JSON.stringify({ pad: 'x'.repeat(limit) });
      const reply = await exchange(world.url, [
        `POST ${operations[id].path} HTTP/1.1`,
        'Host: localhost',
        'Content-Type: application/json',
        `Content-Length: ${text.length}`,
        '',
        text,
      ].join('\r\n'));
      check_reply(id, reply);
      assert_problem(reply, 413, 'body-too-large');
    });

    it('just under the limit, reads it', async () => {
      const limit = takers[id].signed ? 256 * 1024 : 64 * 1024;
      const text = JSON.stringify({ pad: 'x'.repeat(limit - 100) });
      assert.notEqual((await post(id, text)).status, 413);
    });
  });
}

for (const [id, { good, required, wrong }] of Object.entries(takers)) {
  if (!good) continue;
  describe(`${id}, given JSON`, () => {
    it('that is no object, says invalid-request', async () => {
      for (const text of not_objects) {
        const reply = await post(id, text);
        assert_problem(reply, 400, 'invalid-request');
        assert.deepEqual(reply.json.errors.map(({ pointer }) => pointer), ['']);
      }
    });

    it('without its members, names each of them', async () => {
      const reply = await post(id, '{}');
      assert_problem(reply, 400, 'invalid-request');
      const pointers = reply.json.errors.map(({ pointer }) => pointer);
      assert.deepEqual(pointers.sort(), [...required].sort());
    });

    it('with null members, names each of them', async () => {
      const nulls = Object.fromEntries(required.map((pointer) => [pointer.slice(1), null]));
      const reply = await post(id, JSON.stringify(nulls));
      assert_problem(reply, 400, 'invalid-request');
      const pointers = reply.json.errors.map(({ pointer }) => pointer);
      assert.deepEqual(pointers.sort(), [...required].sort());
    });

    it('with members of the wrong types, names each of them', async () => {
      const reply = await post(id, JSON.stringify(wrong));
      assert_problem(reply, 400, 'invalid-request');
      const pointers = reply.json.errors.map(({ pointer }) => pointer);
      assert.deepEqual(pointers.sort(), Object.keys(wrong).map((name) => `/${name}`).sort());
    });

    it('with a member twice, says so', async () => {
      const [name, value] = Object.entries(good)[0];
      const again = `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
      const twice = `{${again}, ${JSON.stringify(good).slice(1)}`;
      const reply = await post(id, twice, { request: 'cannot tell' });
      assert_problem(reply, 400, 'invalid-request');
      assert.equal(reply.json.errors[0].pointer, `/${name}`);
    });

    it('with a zero character or half a surrogate pair in a text, says so', async () => {
      for (const bad of ['\\u0000', '\\ud800', '\\udc00', '\\ud800\\u0041']) {
        const text = `${JSON.stringify(good).slice(0, -1)}, "extra": "${bad}"}`;
        const reply = await post(id, text, { request: 'cannot tell' });
        assert_problem(reply, 400, 'invalid-request');
      }
    });

    it('of more than 32 levels, says invalid-request', async () => {
      for (const levels of [32, 1000, 30_000]) {
        const deep = '['.repeat(levels) + ']'.repeat(levels);
        const text = `${JSON.stringify(good).slice(0, -1)}, "extra": ${deep}}`;
        const reply = await post(id, text, { request: 'cannot tell' });
        assert_problem(reply, 400, 'invalid-request');
      }
    });

    it('with members that it does not know, ignores them', async () => {
      const with_more = { ...good, extra: { a: [1, null] }, $where: '1', ['__proto__']: { x: 1 } };
      const plain = await post(id, JSON.stringify(good), { request: 'fits' });
      const reply = await post(id, JSON.stringify(with_more), { request: 'fits' });
      assert.equal(reply.status, plain.status, reply.text);
      assert.equal(slug(reply), slug(plain));
    });

    it('as application/json in any spelling, takes it', async () => {
      const plain = await post(id, JSON.stringify(good), { request: 'fits' });
      for (const type of [
        'application/json; charset=utf-8',
        'Application/JSON',
        'application/json ;charset=UTF-8',
      ]) {
        const reply = await post(id, JSON.stringify(good), {
          request: 'fits',
          headers: { 'Content-Type': type },
        });
        assert.equal(reply.status, plain.status, reply.text);
      }
    });
  });
}

describe('an id', () => {
  const with_ids = {
    listPaymentOptions: 'ticket_id',
    listTicketTransactions: 'ticket_id',
    searchTransactions: 'search_term',
    startPayment: 'ticket_id',
  };
  const bad_ids = [
    '0', '-1', '1.5', '"42"', 'true', '[]', '{}', 'null',
    '1e400', '-1e400', '9223372036854775808', '1e19', '123456789012345678901234567890',
  ];
  const good_ids = ['1.0', '42.0', '1e2', '9007199254740993', '9223372036854775807'];
  const body_with = (id, value) => {
    const rest = Object.entries(takers[id].good).filter(([name]) => name !== with_ids[id]);
    const members = rest.map(
      ([name, member]) => `${JSON.stringify(name)}: ${JSON.stringify(member)}`,
    );
    return `{${[`"${with_ids[id]}": ${value}`, ...members].join(', ')}}`;
  };

  for (const id of Object.keys(with_ids)) {
    it(`of ${id} is a whole number from 1 to 9223372036854775807`, async () => {
      for (const value of bad_ids) {
        const reply = await post(id, body_with(id, value));
        assert_problem(reply, 400, 'invalid-request');
        assert.deepEqual(
          reply.json.errors.map(({ pointer }) => pointer),
          [`/${with_ids[id]}`],
          value,
        );
      }
      for (const value of good_ids) {
        const reply = await post(id, body_with(id, value), { request: 'cannot tell' });
        assert.notEqual(slug(reply), 'invalid-request', `${value}: ${reply.text}`);
      }
    });
  }
});

describe('a path', () => {
  it('that no operation has is 404', async () => {
    for (const path of [
      '/payments',
      '/payments/',
      '/payments/start/',
      '/payments/start/x',
      '/payments//start',
      '/Payments/start',
      '/payments/st%61rt',
      '/.env',
      '/payments/../payments/start',
      '/%00',
      '/metrics/',
    ]) {
      for (const method of ['GET', 'POST']) {
        const raw = await exchange(
          world.url,
          `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`,
        );
        check_problem(raw);
        assert.ok([400, 404].includes(raw.status), `${method} ${path}: ${raw.status} ${raw.text}`);
      }
    }
  });

  for (const [id, { path, method, methods }] of Object.entries(offered(operations))) {
    it(`${method} ${path} names its methods when it is called with another one`, async () => {
      const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'FROB'].filter(
        (one) => !methods.includes(one),
      );
      for (const other of others) {
        const reply = await send(`${world.url}${path}`, { method: other });
        check_reply(id, reply);
        assert_problem(reply, 405, 'method-not-allowed');
        const allowed = reply.headers.allow.split(', ');
        assert.ok(allowed.includes(method) && allowed.includes('OPTIONS'), reply.headers.allow);
        assert.equal(allowed.includes('HEAD'), methods.includes('GET'));
      }
    });

    it(`${method} ${path} answers OPTIONS with its methods`, async () => {
      const reply = await send(`${world.url}${path}`, { method: 'OPTIONS' });
      assert.ok([200, 204].includes(reply.status), reply.text);
      assert.ok(reply.headers.allow.split(', ').includes(method));
      assert.equal(reply.text, '');
    });
  }
});
