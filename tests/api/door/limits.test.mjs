// Limits of a message, rate limits, and routes that were moved.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../fixtures/harness.mjs';
import { assert_ok, assert_problem, exchange, send, slug } from '../client.mjs';
import { check_problem, check_reply, operations } from '../contract.mjs';
import { billing, open_world, search, simple_eur, stripe_huf } from '../world.mjs';

const head = (...lines) => `${lines.join('\r\n')}\r\n\r\n`;

describe('a message', () => {
  let world;
  before(async () => (world = await open_world()));
  after(() => world?.close());

  for (const [id, { path, method }] of Object.entries(operations)) {
    it(`${method} ${path} with too many or too long headers is 431`, async () => {
      const many = Array.from({ length: 101 }, (_, i) => `X-${i}: 1`);
      for (const lines of [many, [`X-Long: ${'x'.repeat(17_000)}`]]) {
        const reply = await exchange(
          world.url, head(`${method} ${path} HTTP/1.1`, 'Host: localhost', ...lines),
        );
        assert_problem(reply, 431, 'headers-too-large');
        check_problem(reply);
        if (operations[id].responses[431]) check_reply(id, reply);
      }
    });

    it(`${method} ${path} with a target over 8 KiB is 414`, async () => {
      const reply = await exchange(
        world.url, head(`${method} ${path}?${'q'.repeat(8200)} HTTP/1.1`, 'Host: localhost'),
      );
      assert_problem(reply, 414, 'target-too-long');
      check_problem(reply);
      if (operations[id].responses[414]) check_reply(id, reply);
    });
  }

  const smuggled = {
    'two lengths': ['Content-Length: 2', 'Content-Length: 3'],
    'a length and a transfer coding': ['Content-Length: 2', 'Transfer-Encoding: chunked'],
    'a transfer coding that is not known': ['Transfer-Encoding: gzip, chunked'],
    'a transfer coding twice': ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
    'a negative length': ['Content-Length: -2'],
    'a length that is no number': ['Content-Length: 0x2'],
    'a folded header': ['X-A: 1', ' 2'],
    'a space before the colon': ['Content-Length : 2'],
    'a bare line feed': ['X-A: 1\nContent-Length: 2'],
    'a zero byte': ['X-A: \0'],
    'two hosts': ['Host: elsewhere'],
  };
  for (const [name, lines] of Object.entries(smuggled)) {
    it(`with ${name} is 400 and the connection closes`, async () => {
      const { path } = operations.startPayment;
      const reply = await exchange(
        world.url,
        head(
          `POST ${path} HTTP/1.1`,
          'Host: localhost',
          'Content-Type: application/json',
          ...lines,
        ) + '{}',
      );
      assert_problem(reply, 400, 'malformed-request');
      check_reply('startPayment', reply);
      assert.equal(reply.headers.connection, 'close');
    });
  }

  it('with a length that fits no number is refused as too large', async () => {
    const reply = await exchange(world.url, head(
      'POST /payments/start HTTP/1.1', 'Host: localhost', 'Content-Length: 18446744073709551618',
    ));
    check_reply('startPayment', reply);
    assert_problem(reply, 413, 'body-too-large');
  });

  it('that is not HTTP is 400', async () => {
    for (const bytes of [
      '\r\n\r\n\r\n\r\nhello\r\n\r\n',
      'GET /\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n',
      'GET /healthz HTTP/3.0\r\n\r\n',
      'GET  /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET healthz HTTP/1.1\r\nHost: x\r\n\r\n',
    ]) {
      const reply = await exchange(world.url, Buffer.from(bytes, 'latin1'));
      assert_problem(reply, 400, 'malformed-request');
      check_problem(reply);
    }
  });

  it('that ends too early is 400', async () => {
    const { path } = operations.startPayment;
    const reply = await exchange(
      world.url,
      head(
        `POST ${path} HTTP/1.1`,
        'Host: localhost',
        'Content-Type: application/json',
        'Content-Length: 100',
      ) + '{"a',
      { half_close: true },
    );
    assert_problem(reply, 400, 'malformed-request');
  });

  it('in chunks is read like any other', async () => {
    const body = JSON.stringify({ search_term: 1 });
    const chunks = [...body].map((c) => `1\r\n${c}\r\n`).join('');
    const reply = await exchange(world.url, head(
      `POST ${operations.searchTransactions.path} HTTP/1.1`, 'Host: localhost',
      `Authorization: Bearer ${world.user_token(search)}`,
      'Content-Type: application/json', 'Transfer-Encoding: chunked',
    ) + `${chunks}0\r\n\r\n`);
    check_reply('searchTransactions', reply);
    assert_ok(reply);
  });
});

describe('a request id', () => {
  let world;
  before(async () => (world = await open_world()));
  after(() => world?.close());

  it('comes back when it fits, and a new one when it does not', async () => {
    const mine = 'a-Z_0.9';
    const reply = await world.call('health', { headers: { 'X-Request-Id': mine } });
    assert.equal(reply.headers['x-request-id'], mine);
    const made = new Set();
    for (const bad of ['a b', 'x'.repeat(129), '<script>', 'a/b', '"']) {
      const other = await world.call('health', {
        headers: { 'X-Request-Id': bad },
        request: 'breaks',
      });
      assert.notEqual(other.headers['x-request-id'], bad);
      made.add(other.headers['x-request-id']);
    }
    assert.equal(made.size, 5);
  });

  it('is the instance of a problem, also of a message that was never read', async () => {
    const reply = await exchange(
      world.url,
      head(
        'POST /payments/start HTTP/1.1',
        'Host: localhost',
        'X-Request-Id: mine-1',
        'Content-Length: 99999999',
      ),
    );
    check_reply('startPayment', reply);
    assert_problem(reply, 413, 'body-too-large');
    assert.equal(reply.json.instance, 'mine-1');
  });

  it('leaves the trace to be passed on to the tickets service', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await world.call('startPayment', {
      body: { ticket_id: 1, code: simple_eur },
      headers: { traceparent },
    });
    const { headers } = world.tickets.asked.at(-1);
    assert.match(
      headers.traceparent ?? '',
      /^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/,
    );
  });
});

describe('a rate limit', () => {
  it('per address answers 429 with Retry-After, on start and on backref', async () => {
    const world = await open_world({ settings: { PAYMENTS_RATE_LIMIT_ADDRESS: '1/min burst 5' } });
    try {
      const calls = {
        startPayment: { ticket_id: 1, code: simple_eur },
        simplePayBackref: { r: 'e30=', s: 'A'.repeat(64) },
      };
      const slugs = [];
      for (let times = 0; times < 6; times++) {
        for (const [id, body] of Object.entries(calls)) slugs.push(await world.call(id, { body }));
      }
      const limited = slugs.filter(({ status }) => status === 429);
      assert.ok(limited.length >= 2, slugs.map(({ status }) => status).join(' '));
      for (const reply of limited) assert_problem(reply, 429, 'rate-limited');
      const others = await world.call('searchTransactions', {
        body: { search_term: 1 },
        token: world.user_token(search),
      });
      assert_ok(others);
      await world.call('health');
    } finally {
      await world.close();
    }
  });

  it('comes before the body is looked at', async () => {
    const world = await open_world({ settings: { PAYMENTS_RATE_LIMIT_ADDRESS: '1/min burst 1' } });
    try {
      await world.call('startPayment', { text: '{', request: 'breaks' });
      const reply = await world.call('startPayment', { text: '{', request: 'breaks' });
      assert_problem(reply, 429, 'rate-limited');
    } finally {
      await world.close();
    }
  });

  it('per ticket leaves other tickets alone', async () => {
    const world = await open_world({ settings: { PAYMENTS_RATE_LIMIT_TICKET: '1/min burst 2' } });
    try {
      const [busy, calm] = [world.tickets.add(), world.tickets.add()];
      const start = (ticket_id) =>
        world.call('startPayment', { body: { ticket_id, code: stripe_huf, metas: billing } });
      assert_ok(await start(busy));
      assert_ok(await start(busy));
      assert_problem(await start(busy), 429, 'rate-limited');
      assert_ok(await start(calm));
    } finally {
      await world.close();
    }
  });

  it('believes X-Forwarded-For behind a trusted proxy only', async () => {
    const spread = async (settings) => {
      const world = await open_world({
        settings: { PAYMENTS_RATE_LIMIT_ADDRESS: '1/min burst 1', ...settings },
      });
      try {
        const slugs = [];
        for (let i = 1; i <= 4; i++) {
          slugs.push(slug(await world.call('startPayment', {
            body: { ticket_id: 1, code: simple_eur },
            headers: { 'X-Forwarded-For': `1.2.3.4, 192.0.2.${i}` },
          })));
        }
        return slugs.filter((one) => one === 'rate-limited').length;
      } finally {
        await world.close();
      }
    };
    assert.equal(await spread({}), 3);
    assert.equal(await spread({ PAYMENTS_TRUSTED_PROXIES: '127.0.0.0/8' }), 0);
  });
});

describe('when connections run out', () => {
  it('whoever looks after the service is answered, and nobody else', async () => {
    const world = await open_world({ settings: { PAYMENTS_CONNECTIONS: '16' } });
    const { hostname, port } = new URL(world.url);
    const open = () => connect(Number(port), hostname).on('error', () => {});
    const idle = Array.from({ length: 16 }, open);
    try {
      const status = async (path) => (await send(world.url + path)).status;
      await eventually(async () => (await status('/nowhere')) === 503, {
        what: 'all connections to be taken',
      });
      for (const path of ['/healthz', '/metrics']) assert.equal(await status(path), 200, path);
      assert_problem(await send(`${world.url}/readyz`), 503, 'overloaded');
    } finally {
      for (const socket of idle) socket.destroy();
      await world.close();
    }
  });
});

describe('a route', () => {
  it('can be moved, and its old path is gone', async () => {
    const path = '/api/v1/pay';
    const world = await open_world({ settings: { PAYMENTS_ROUTE_START_PAYMENT: path } });
    try {
      const body = { ticket_id: world.tickets.add(), code: simple_eur, metas: billing };
      assert_ok(await world.call('startPayment', { body, path }));
      const old = await send(`${world.url}${operations.startPayment.path}`, { method: 'POST' });
      assert_problem(old, 404, 'not-found');
      check_problem(old);
      assert_problem(await send(`${world.url}${path}`), 405, 'method-not-allowed');
      const { json } = await send(`${world.url}/openapi.json`);
      assert.equal(json.paths[path]?.post.operationId, 'startPayment');
      assert.equal(json.paths[operations.startPayment.path], undefined);
    } finally {
      await world.close();
    }
  });
});
