// Sessions of the back office, over real sockets: who is signed in, and what no other page can do.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, free_port, in_the_future, start_payments } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem, client, send } from './client.mjs';
import { billing, console_key, open_world, scope, search, simple_eur } from './world.mjs';

const all = { ...search, ...scope };
const new_key = Buffer.alloc(32, 'a newer key').toString('base64');
const in_the_present = { LD_PRELOAD: undefined, FAKETIME: undefined };
const far_away = () => Math.floor(Date.now() / 1000) + 100 * 3600;

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

// The headers with which a page of the console calls.
const page = (id, more = {}) => ({
  'Sec-Fetch-Site': 'same-origin',
  'X-Console': '1',
  ...(id && { Cookie: `__Host-ozora=${id}` }),
  ...more,
});

async function sign_in(privileges = all, { at = world, headers = page(), claims = {} } = {}) {
  const token = (at.user_token ?? world.user_token)(privileges, { exp: far_away(), ...claims });
  const reply = await at.call('signInWithToken', { body: { token }, headers });
  assert.equal(reply.status, 204, reply.text);
  return /^__Host-ozora=([^;]*)/.exec(reply.headers['set-cookie'][0])[1];
}

const session = (id, headers = page(id), at = world) => at.call('getSession', { headers });
const find = (headers) => world.call('findTransactions', { body: { text: 'TR1' }, headers });

describe('a session', () => {
  it('says who is signed in, and is nobody without a cookie', async () => {
    const id = await sign_in(all, { claims: { name: 'Éva Kovács' } });
    const { user, can, scope: seen, live, ...rest } = assert_ok(await session(id));
    assert.deepEqual(user, { sub: 'kata', name: 'Éva Kovács' });
    assert.deepEqual(can, ['payments_search']);
    assert.deepEqual(seen, { all: false, flags: ['HU', 'INT'], years: ['2027'], events: ['*'] });
    assert.equal(live, false);
    assert.equal(rest.time_zone, 'Europe/Budapest');
    assert.ok(rest.expires_in > 35_900 && rest.expires_in <= 36_000, String(rest.expires_in));
    assert.ok(rest.idle_in > 1_700 && rest.idle_in <= 1_800, String(rest.idle_in));
    assert_problem(await session(undefined, page()), 401, 'unauthorized');
  });

  it('stands for the token of its user, and for no privilege that it lacks', async () => {
    const ticket = world.tickets.add();
    const of_ticket = { body: { ticket_id: ticket } };
    const headers = page(await sign_in());
    assert_ok(await world.call('listTicketTransactions', { ...of_ticket, headers }));
    assert_ok(await world.call('listReviews', { headers }));
    const less = page(await sign_in(search));
    assert_problem(
      await world.call('listTicketTransactions', { ...of_ticket, headers: less }), 403, 'forbidden',
    );
    const refund = { body: { transaction_id: 1 }, headers };
    assert_problem(await world.call('refundPayment', refund), 403, 'forbidden');
  });

  it('does not count beside a token, nor for a service', async () => {
    const headers = page(await sign_in());
    const token = world.user_token(all);
    const both = { body: { search_term: 1 }, token, headers };
    assert_problem(await world.call('searchTransactions', both), 400, 'invalid-request');
    assert_problem(await world.call('listTicketIds', { headers }), 401, 'unauthorized');
    const service = { token: world.service_token(), headers };
    assert_ok(await world.call('listTicketIds', service));
  });

  it('is listed to its user, who ends the others', async () => {
    const claims = { sub: 'ines' };
    const [id, other] = [await sign_in(all, { claims }), await sign_in(all, { claims })];
    const listed = async () =>
      assert_ok(await world.call('listSessions', { headers: page(id) })).sessions;
    const before = await listed();
    assert.equal(before.length, 2);
    assert.deepEqual(before.filter((one) => one.this).length, 1);
    const body = { session_id: before.find((one) => !one.this).session_id };
    const end = (what) => world.call('endSessions', { body: what, headers: page(id) });
    assert.deepEqual(assert_ok(await end(body)), { ended: 1 });
    assert_problem(await session(other), 401, 'unauthorized');
    assert.deepEqual(assert_ok(await end({ others: true })), { ended: 0 });
    assert.equal((await listed()).length, 1);
    assert_problem(await end({}), 400, 'invalid-request');
  });

  it('is used by pages of its own origin alone', async () => {
    const id = await sign_in();
    const own = new URL(world.url).origin;
    const cookie = `__Host-ozora=${id}`;
    const foreign = {
      'a sister domain': page(id, { 'Sec-Fetch-Site': 'same-site' }),
      'another site': page(id, { 'Sec-Fetch-Site': 'cross-site' }),
      'no page': page(id, { 'Sec-Fetch-Site': 'none' }),
      'another origin': { Cookie: cookie, 'X-Console': '1', Origin: 'https://evil.example' },
      'nobody says which': { Cookie: cookie, 'X-Console': '1' },
      'a form': { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' },
    };
    for (const [what, headers] of Object.entries(foreign)) {
      const request = headers['X-Console'] ? 'fits' : 'breaks';
      assert_problem(await find(headers), 403, 'foreign-page', what);
      for (const operation of ['getSession', 'signOut']) {
        const reply = await world.call(operation, { headers, request });
        assert_problem(reply, 403, 'foreign-page', what);
      }
    }
    assert_ok(await find({ Cookie: cookie, 'X-Console': '1', Origin: own }));
    assert_ok(await session(id));
  });

  it('is never answered for a page of another origin to read', async () => {
    const Origin = 'https://shop.example.com';
    const body = { ticket_id: world.tickets.add(), code: simple_eur, metas: billing };
    const without = await world.call('startPayment', { body, headers: { Origin } });
    assert.equal(without.headers['access-control-allow-origin'], Origin);
    const headers = { ...page(await sign_in()), Origin };
    const reply = await world.call('startPayment', { body, headers });
    assert.equal(reply.headers['access-control-allow-origin'], undefined);
    assert.equal((await find(headers)).headers['access-control-allow-origin'], undefined);
  });

  it('has another id at each sign-in, and the former one ends', async () => {
    const planted = 'A'.repeat(43);
    const first = await sign_in(all, { headers: page(planted) });
    assert.notEqual(first, planted);
    assert_problem(await session(planted), 401, 'unauthorized');
    const second = await sign_in(all, { headers: page(first) });
    assert_problem(await session(first), 401, 'unauthorized');
    assert_ok(await session(second));
  });

  it('is not opened with a changed id, nor by a token of a service', async () => {
    const id = await sign_in();
    const changed = (id[0] === 'A' ? 'B' : 'A') + id.slice(1);
    for (const wrong of [changed, id.slice(1), `${id}A`, 'x', '%', '"quoted"'])
      assert_problem(await session(wrong), 401, 'unauthorized');
    const service = { body: { token: world.service_token(all) }, headers: page() };
    assert_problem(await world.call('signInWithToken', service), 401, 'unauthorized');
    const nothing = { body: {}, headers: page(), request: 'breaks' };
    const reply = await world.call('signInWithToken', nothing);
    assert_problem(reply, 400, 'invalid-request');
    assert.equal(reply.json.errors[0].pointer, '/token');
  });

  it('ends when its user signs out, and the browser gives the cookie back', async () => {
    const id = await sign_in();
    const reply = await world.call('signOut', { headers: page(id) });
    assert.deepEqual(assert_ok(reply), { redirect_url: '/console/signed-out' });
    assert_problem(await session(id), 401, 'unauthorized');
  });

  it('leaves neither id nor token in the database or the log', async () => {
    const id = await sign_in();
    assert_ok(await session(id));
    const rows = JSON.stringify(await world.database.rows('SELECT * FROM console_sessions'));
    for (const text of [rows, world.payments.program.output]) {
      assert.ok(!text.includes(id));
      assert.doesNotMatch(text, /eyJ[\w-]+\.eyJ/);  // three letters alone come up by chance
    }
  });
});

describe('the console', () => {
  it('limits how often somebody tries to sign in', async () => {
    const busy = await open_world({ settings: { PAYMENTS_RATE_LIMIT_ADDRESS: '1/h burst 2' } });
    try {
      const attempt = { body: { token: 'sesame' }, headers: page() };
      for (const status of [401, 401, 429])
        assert.equal((await busy.call('signInWithToken', attempt)).status, status);
    } finally {
      await busy.close();
    }
  });

  it('limits how often somebody invents a session, and no other', async () => {
    const settings = {
      PAYMENTS_RATE_LIMIT_ADDRESS: '1/h burst 3',
      PAYMENTS_TRUSTED_PROXIES: '127.0.0.1',
    };
    const busy = await open_world({ settings });
    try {
      const from = (address, id) => page(id, { 'X-Forwarded-For': address });
      const id = await sign_in(all, { at: busy, headers: from('192.0.2.1') });
      const invent = () => session('A'.repeat(43), from('192.0.2.2', 'A'.repeat(43)), busy);
      for (const status of [401, 401, 401, 429, 429]) assert.equal((await invent()).status, status);
      for (let i = 0; i < 10; ++i) assert_ok(await session(id, from('192.0.2.3', id), busy));
      // Whoever signs in behind that address is no part of it, nor the other way round.
      await sign_in(all, { at: busy, headers: from('192.0.2.2') });
      const attempt = { body: { token: 'sesame' }, headers: from('192.0.2.3') };
      for (const status of [401, 401, 401, 429])
        assert.equal((await busy.call('signInWithToken', attempt)).status, status);
      assert_ok(await session(id, from('192.0.2.3', id), busy));
      // Visitors and staff behind one address are counted apart.
      const ticket_id = busy.tickets.add();
      const body = { ticket_id, code: simple_eur, metas: billing };
      const headers = { 'X-Forwarded-For': '192.0.2.2' };
      assert_ok(await busy.call('startPayment', { body, headers }));
    } finally {
      await busy.close();
    }
  });

  it('shares its sessions among replicas', async () => {
    const port = await free_port();
    const url = `http://127.0.0.1:${port}`;
    const settings = { ...world.settings, PAYMENTS_LISTEN: `127.0.0.1:${port}` };
    const id = await sign_in();
    const other = await start_payments({ settings, url });
    const there = { call: client(url) };
    try {
      assert_ok(await session(id, page(id), there));
      assert_ok(await there.call('signOut', { headers: page(id) }));
      assert_problem(await session(id), 401, 'unauthorized');
      const second = await sign_in(all, { at: there });
      assert_ok(await session(second));
    } finally {
      await other.stop();
    }
  });
});

// The service is started again between these, in their order.
describe('a session over time', () => {
  let id;
  after(() => world.restart({ ...in_the_present, PAYMENTS_CONSOLE_KEY: console_key }));

  // No call waits for its use to be written, so the service must not be stopped before it is.
  async function use() {
    assert_ok(await session(id));
    const idle_in = async () =>
      assert_ok(await session(id, page(id, { 'X-Console': 'poll' }))).idle_in;
    await eventually(async () => (await idle_in()) > 55 * 60, { what: 'the use to be written' });
  }

  it('outlives a restart, and lasts while it is used', async () => {
    await world.restart({ PAYMENTS_CONSOLE_IDLE_MINUTES: '60' });
    id = await sign_in();
    await world.restart(in_the_future(50));
    await use();
    await world.restart(in_the_future(100));
    await use();
  });

  it('is kept by no question that the page asks by itself', async () => {
    await world.restart(in_the_future(155));
    const { idle_in } = assert_ok(await session(id, page(id, { 'X-Console': 'poll' })));
    assert.ok(idle_in <= 5 * 60, String(idle_in));
    await world.restart(in_the_future(161));
    assert_problem(await session(id), 401, 'unauthorized');
  });

  it('ends after ten hours in any case', async () => {
    await world.restart({ ...in_the_present, PAYMENTS_CONSOLE_IDLE_MINUTES: '1440' });
    id = await sign_in();
    await world.restart(in_the_future(599));
    assert_ok(await session(id));
    await world.restart(in_the_future(601));
    assert_problem(await session(id), 401, 'unauthorized');
  });

  it('goes on while its key is replaced, and ends with it', async () => {
    await world.restart(in_the_present);
    id = await sign_in();
    await world.restart({ PAYMENTS_CONSOLE_KEY: `${new_key},${console_key}` });
    assert_ok(await session(id));
    const newer = await sign_in();
    await world.restart({ PAYMENTS_CONSOLE_KEY: new_key });
    assert_problem(await session(id), 401, 'unauthorized');
    assert_ok(await session(newer));
  });

  it('is nothing to a service without a console', async () => {
    await world.restart({ PAYMENTS_CONSOLE_KEY: console_key });
    id = await sign_in();
    await world.restart({ PAYMENTS_CONSOLE_SIGN_IN: 'off' });
    try {
      assert_problem(await session(id), 404, 'not-found');
      for (const path of ['/console', '/console/', '/console/payments/1'])
        assert_problem(await send(`${world.url}${path}`), 404, 'not-found');
      assert_problem(await find(page(id)), 401, 'unauthorized');
      const token = world.user_token(all);
      const both = { body: { search_term: 1 }, token, headers: page(id) };
      assert_ok(await world.call('searchTransactions', both));
      const Origin = 'https://shop.example.com';
      const body = { ticket_id: world.tickets.add(), code: simple_eur, metas: billing };
      const start = await world.call('startPayment', { body, headers: { ...page(id), Origin } });
      assert.equal(start.headers['access-control-allow-origin'], Origin);
    } finally {
      await world.restart({ PAYMENTS_CONSOLE_SIGN_IN: 'token' });
    }
  });

  it('is forgotten after it has ended, also where there is no console any more', async () => {
    const rows = () => world.database.rows('SELECT id_hash FROM console_sessions');
    assert.notEqual((await rows()).length, 0);
    await world.restart({ PAYMENTS_CONSOLE_SIGN_IN: 'off', ...in_the_future(26 * 60) });
    try {
      await eventually(async () => (await rows()).length === 0, { what: 'no session to be left' });
    } finally {
      await world.restart({ PAYMENTS_CONSOLE_SIGN_IN: 'token', ...in_the_present });
    }
  });
});
