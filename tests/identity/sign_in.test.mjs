// Staff sign in to the console at a real OpenID Connect provider, and out again.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, in_the_future } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from '../api/client.mjs';
import { check_reply } from '../api/contract.mjs';
import { Browser } from './browser.mjs';
import { client_id, client_secret, resource } from './provider.mjs';
import { is_at, open_identity_world, page, session_id, sign_in, usual } from './world.mjs';

const in_the_present = { LD_PRELOAD: undefined, FAKETIME: undefined };

let world;
before(async () => (world = await open_identity_world()));
after(() => world?.close());

const session = (browser, mark) =>
  world.call('getSession', { headers: page(browser, world, mark) });
const query_of = (url) => new URL(url).searchParams;
const failed = (reply) => {
  assert.equal(reply.status, 303, reply.text);
  assert.equal(new URL(reply.location).pathname, '/console/signed-out');
  return query_of(reply.location).get('failed');
};
const as_contract = ({ status, headers, text }) => ({
  status,
  text,
  headers: Object.fromEntries(headers),
  size: Buffer.byteLength(text),
});

describe('signing in', () => {
  it('leads back to where somebody wanted to go, as who they are', async () => {
    const { browser, done } = await sign_in(world, 'kata', '/console/payments/123');
    assert.equal(done.status, 303, done.text);
    assert.equal(done.location, `${world.url}/console/payments/123`);
    assert.equal(done.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(done.headers.get('cache-control'), 'no-store');
    check_reply('finishSignIn', as_contract(done));
    const { user, can, scope } = assert_ok(await session(browser));
    assert.deepEqual(user, { sub: 'kata', name: 'kata of the Box Office' });
    assert.deepEqual(can, ['payments_search']);
    assert.deepEqual(scope, { all: false, flags: ['HU'], years: ['*'], events: ['*'] });
    assert_ok(await world.call('listReviews', { headers: page(browser, world) }));
    assert_problem(
      await world.call('refundPayment', {
        body: { transaction_id: 1 },
        headers: page(browser, world),
      }),
      403,
      'forbidden',
    );
  });

  it('asks with a code challenge, and binds the answer to the browser', async () => {
    const browser = new Browser();
    const reply = await browser.send(`${world.url}/console/sign-in`);
    check_reply('signIn', as_contract(reply));
    const asked = query_of(reply.location);
    assert.equal(asked.get('response_type'), 'code');
    assert.equal(asked.get('client_id'), client_id);
    assert.equal(asked.get('redirect_uri'), `${world.url}/console/signed-in`);
    assert.equal(asked.get('code_challenge_method'), 'S256');
    for (const name of ['state', 'nonce', 'code_challenge'])
      assert.match(asked.get(name), /^[A-Za-z0-9_-]{43}$/, name);
    const cookie = browser.cookies(world.url).get('__Host-ozora-sign-in');
    for (const name of ['state', 'nonce']) assert.ok(!cookie.includes(asked.get(name)), name);
    const second = query_of((await browser.send(`${world.url}/console/sign-in`)).location);
    for (const name of ['state', 'nonce', 'code_challenge'])
      assert.notEqual(second.get(name), asked.get(name), name);
  });

  for (const to of ['https://evil.example/', '//evil.example', '/console//evil.example',
    '/console/\\evil.example', '/payments', '/console/../x', 'javascript:alert(1)']) {
    it(`never leads to ${to}`, async () => {
      const { done } = await sign_in(world, 'kata', to);
      assert.equal(done.location, `${world.url}/console/`);
    });
  }

  it('is begun by nobody who does not see it, and not counted then', async () => {
    const settings = { PAYMENTS_RATE_LIMIT_ADDRESS: '1/h burst 2' };
    await world.restart(settings);
    try {
      const as = (part) => ({ headers: { 'Sec-Fetch-Dest': part } });
      for (const part of ['image', 'iframe', 'image', 'empty']) {
        const reply = await new Browser().send(`${world.url}/console/sign-in`, as(part));
        assert.equal(reply.status, 403, reply.text);
        const json = JSON.parse(reply.text);
        assert.equal(json.type, '/problems/foreign-page');
        check_reply('signIn', { ...as_contract(reply), json });
      }
      for (const status of [303, 303, 429]) {
        const reply = await new Browser().send(`${world.url}/console/sign-in`, as('document'));
        assert.equal(reply.status, status, reply.text);
      }
    } finally {
      await world.restart({ PAYMENTS_RATE_LIMIT_ADDRESS: 'off' });
    }
  });

  it('is begun by no other site', async () => {
    const from = (site) => ({ headers: { 'Sec-Fetch-Site': site, 'Sec-Fetch-Dest': 'document' } });
    for (const site of ['cross-site', 'same-site']) {
      const browser = new Browser();
      const reply = await browser.send(`${world.url}/console/sign-in`, from(site));
      assert.equal(failed(reply), null);
      assert.equal(reply.headers.get('set-cookie'), null);
      check_reply('signIn', as_contract(reply));
    }
    for (const site of ['same-origin', 'none']) {
      const reply = await new Browser().send(`${world.url}/console/sign-in`, from(site));
      assert.ok(reply.location.startsWith(`${world.provider.url}/auth?`), reply.location);
    }
  });

  it('takes an answer once, and from the browser that asked', async () => {
    const { browser, answer } = await sign_in(world);
    const id = session_id(browser, world);
    assert.equal(failed(await browser.send(answer)), 'late');
    assert.equal(failed(await new Browser().send(answer)), 'late');
    const other = new Browser();
    await other.send(`${world.url}/console/sign-in`);
    assert.equal(failed(await other.send(answer)), 'refused');
    assert.equal(session_id(other, world), undefined);
    assert.equal(session_id(browser, world), id);
    assert_ok(await session(browser));
  });

  it('goes on in one tab when another one comes back first', async () => {
    const browser = new Browser();
    const there = is_at(`${world.url}/console/signed-in`);
    const first = await browser.go(`${world.url}/console/sign-in`);
    const of_first = await browser.sign_in_as('kata', first, there);
    const of_second = await browser.go(`${world.url}/console/sign-in`, there);
    assert.equal(failed(await browser.send(of_first.location)), 'refused');
    const done = await browser.send(of_second.location);
    assert.equal(done.location, `${world.url}/console/`);
    assert_ok(await session(browser));
  });

  it('refuses an answer that is not whole', async () => {
    const refused = async (change) => {
      const browser = new Browser();
      const first = await browser.go(`${world.url}/console/sign-in`);
      const there = is_at(`${world.url}/console/signed-in`);
      const { location } = await browser.sign_in_as('kata', first, there);
      const address = new URL(location);
      change(address.searchParams, browser.cookies(world.url));
      const reply = await browser.send(address.href);
      assert.equal(session_id(browser, world), undefined);
      return failed(reply);
    };
    assert.equal(await refused((query) => query.set('state', 'x'.repeat(43))), 'refused');
    assert.equal(await refused((query) => query.delete('iss')), 'refused');
    assert.equal(await refused((query) => query.set('iss', 'https://evil.example')), 'refused');
    assert.equal(await refused((query) => query.set('code', 'x'.repeat(43))), 'refused');
    assert.equal(await refused((query) => query.delete('code')), 'refused');
    assert.equal(await refused((query) => query.append('code', 'a second')), 'refused');
    const tampered = (query, cookies) => {
      const sealed = cookies.get('__Host-ozora-sign-in');
      cookies.set('__Host-ozora-sign-in', (sealed[0] === 'A' ? 'B' : 'A') + sealed.slice(1));
    };
    assert.equal(await refused(tampered), 'late');
  });

  it('ends the session that the browser had', async () => {
    const { browser } = await sign_in(world);
    const former = page(browser, world);
    const before = session_id(browser, world);
    const start = await browser.send(`${world.url}/console/sign-in`);
    // The provider knows this browser already. A browser sends no Strict cookie with its answer.
    const there = is_at(`${world.url}/console/signed-in`);
    const back = await browser.go(start.location, there);
    browser.cookies(world.url).delete('__Host-ozora');
    await browser.send(back.location);
    assert.notEqual(session_id(browser, world), before);
    assert_ok(await session(browser));
    assert_problem(await world.call('getSession', { headers: former }), 401, 'unauthorized');
  });

  it('does not take another try\'s cookie for a code of somebody else', async () => {
    const mine = new Browser();
    const asked = query_of((await mine.send(`${world.url}/console/sign-in`)).location);
    const { location } = await (async () => {
      const theirs = new Browser();
      const first = await theirs.go(`${world.url}/console/sign-in`);
      return theirs.sign_in_as('eve', first, is_at(`${world.url}/console/signed-in`));
    })();
    const injected = new URL(location);
    injected.searchParams.set('state', asked.get('state'));
    assert.equal(failed(await mine.send(injected.href)), 'refused');
  });

  it('says so when somebody declines', async () => {
    const browser = new Browser();
    const first = await browser.go(`${world.url}/console/sign-in`);
    const abort = /href="([^"]*\/abort)"/.exec(first.text)[1];
    const there = is_at(`${world.url}/console/signed-in`);
    const back = await browser.go(new URL(abort, first.url).href, there);
    assert.equal(failed(await browser.send(back.location)), 'declined');
  });

  it('says so when the provider is silent, and lets those who are in go on', async () => {
    const { browser } = await sign_in(world);
    const late = new Browser();
    const first = await late.go(`${world.url}/console/sign-in`);
    const back = await late.sign_in_as('kata', first, is_at(`${world.url}/console/signed-in`));
    world.provider.behave({ silent: true });
    try {
      assert.equal(failed(await late.send(back.location)), 'provider');
      assert_ok(await session(browser));
    } finally {
      world.provider.behave({ silent: false });
    }
  });
});

describe('signing out', () => {
  it('here leads through the provider to a page that signs nobody in', async () => {
    const { browser } = await sign_in(world);
    const reply = await world.call('signOut', { headers: page(browser, world) });
    const { redirect_url } = assert_ok(reply);
    assert.ok(redirect_url.startsWith(`${world.provider.url}/session/end?`), redirect_url);
    assert_problem(await session(browser), 401, 'unauthorized');
    const asked = await browser.go(redirect_url);
    const confirmed = await browser.submit(asked, { logout: 'yes' });
    const there = is_at(`${world.url}/console/signed-out`);
    assert.ok(there(confirmed.location ?? ''), `${confirmed.status} ${confirmed.text}`);
  });

  it('takes the refresh token back', async () => {
    const { browser } = await sign_in(world);
    const before = world.provider.revoked();
    assert_ok(await world.call('signOut', { headers: page(browser, world) }));
    const is_told = () => world.provider.revoked() === before + 1;
    await eventually(is_told, { what: 'the refresh token to be revoked' });
  });

  it('at the provider ends the session at once', async () => {
    const { browser } = await sign_in(world);
    const elsewhere = await sign_in(world);
    assert_ok(await session(browser));
    const asked = await browser.go(`${world.provider.url}/session/end`);
    await browser.submit(asked, { logout: 'yes' });
    const is_out = async () => (await session(browser)).status === 401;
    await eventually(is_out, { what: 'the session to end' });
    assert_ok(await session(elsewhere.browser));
  });

  it('is believed of nobody but the provider', async () => {
    const { browser } = await sign_in(world);
    const told = async (form) => {
      const reply = await new Browser().send(`${world.url}/console/backchannel-logout`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      return reply.status;
    };
    const { redirect_url } = assert_ok(
      await world.call('signOut', { headers: page((await sign_in(world)).browser, world) }),
    );
    const id_token = query_of(redirect_url).get('id_token_hint');
    const [head, claims] = id_token.split('.');
    assert.equal(await told({}), 400);
    assert.equal(await told({ logout_token: 'sesame' }), 400);
    assert.equal(await told({ logout_token: id_token }), 400);
    assert.equal(await told({ logout_token: `${head}.${claims}.` }), 400);
    assert.equal(await told({ logout_token: world.user_token(usual, { sub: 'kata' }) }), 400);
    assert_ok(await session(browser));
  });
});

describe('whoever moves money', () => {
  after(() => {
    world.provider.behave({ privileges: () => usual });
    return world.restart({ ...in_the_present, PAYMENTS_CONSOLE_REFUND_AUTH_AGE: undefined });
  });

  it('proves at the provider who they are, when they did so too long ago', async (t) => {
    world.provider.behave({ privileges: () => ({ ...usual, payments_refund: 'true' }) });
    await world.restart({ PAYMENTS_CONSOLE_REFUND_AUTH_AGE: '1' });
    const { browser } = await sign_in(world);
    const refund = () => world.call('refundPayment', {
      body: { transaction_id: 4711 },
      headers: page(browser, world),
    });
    assert_problem(await refund(), 404, 'unknown-transaction');

    // Three minutes later, here and at the provider, which is a part of this process.
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 180_000 });
    await world.restart(in_the_future(3));
    assert_problem(await refund(), 403, 'sign-in-again');
    assert_ok(await session(browser));
    // It knows this browser, and would send it back at once without max_age.
    const there = is_at(`${world.url}/console/signed-in`);
    const asked = await browser.go(`${world.url}/console/sign-in`, there);
    assert.equal(asked.status, 200, asked.location);
    const back = await browser.sign_in_as('kata', asked, there);
    assert.equal((await browser.send(back.location)).location, `${world.url}/console/`);
    assert_problem(await refund(), 404, 'unknown-transaction');
  });
});

// The service is started again between these, in their order.
describe('a session at a provider', () => {
  after(() => world.restart(in_the_present));

  it('is renewed every quarter of an hour, with what its user may do by then', async () => {
    const { browser } = await sign_in(world);
    world.provider.behave({ privileges: () => ({ ...usual, payments_refund: 'true' }) });
    assert.deepEqual(assert_ok(await session(browser)).can, ['payments_search']);
    await world.restart(in_the_future(16));
    assert.deepEqual(assert_ok(await session(browser)).can, ['payments_refund', 'payments_search']);
    const { expires_in } = assert_ok(await session(browser));
    assert.ok(expires_in > 9 * 3600 && expires_in < 10 * 3600, String(expires_in));
    world.provider.behave({ privileges: () => usual });
    await world.restart(in_the_present);
  });

  it('goes on while the provider is silent, and ends when it refuses', async () => {
    const { browser } = await sign_in(world);
    await world.restart(in_the_future(16));
    world.provider.behave({ silent: true });
    assert_ok(await session(browser));
    world.provider.behave({ silent: false });
    world.provider.forget();
    await world.restart(in_the_future(20));
    assert_problem(await session(browser), 401, 'unauthorized');
    await world.restart(in_the_present);
  });

  it('without a way to renew it lasts as long as its token', async () => {
    world.provider.behave({ refresh: false, access_token_s: 600 });
    const { browser } = await sign_in(world);
    const { expires_in } = assert_ok(await session(browser));
    assert.ok(expires_in > 600 && expires_in <= 660, String(expires_in));
    await world.restart(in_the_future(12));
    assert_problem(await session(browser), 401, 'unauthorized');
    world.provider.behave({ refresh: true, access_token_s: 3600 });
    await world.restart(in_the_present);
  });

  it('goes on while the provider refuses us, and not its user', async () => {
    const { browser } = await sign_in(world);
    const wrong = { PAYMENTS_CONSOLE_CLIENT_SECRET: 'another secret' };
    await world.restart({ ...wrong, ...in_the_future(16) });
    assert_ok(await session(browser));
    assert.equal(failed((await sign_in(world)).done), 'provider');
    await world.restart({ PAYMENTS_CONSOLE_CLIENT_SECRET: client_secret, ...in_the_future(17) });
    assert_ok(await session(browser));
    await world.restart(in_the_present);
  });

  it('begins where two clocks differ by a minute at most', async () => {
    const clocks = (seconds) => ({ ...in_the_future(0), FAKETIME: `${seconds}s` });
    await world.restart(clocks('-120'));
    assert.equal(failed((await sign_in(world)).done), 'clock');
    await world.restart(clocks('-30'));
    assert_ok(await session((await sign_in(world)).browser));
    await world.restart(clocks('+300')); // tokens are made for an hour
    assert_ok(await session((await sign_in(world)).browser));
    await world.restart(in_the_present);
  });

  it('needs a token that says what its user may, asked for where it must be', async () => {
    world.provider.behave({ default_resource: false });
    assert.equal(failed((await sign_in(world)).done), 'refused');
    await world.restart({ PAYMENTS_CONSOLE_RESOURCE: resource });
    const { browser } = await sign_in(world);
    assert.deepEqual(assert_ok(await session(browser)).can, ['payments_search']);
    await world.restart(in_the_future(16));
    world.provider.behave({ privileges: () => ({ ...usual, payments_refund: 'true' }) });
    assert.deepEqual(assert_ok(await session(browser)).can, ['payments_refund', 'payments_search']);
    world.provider.behave({ privileges: () => usual, default_resource: true });
    await world.restart({ PAYMENTS_CONSOLE_RESOURCE: undefined, ...in_the_present });
  });

  it('outlives a change of the provider\'s keys', async () => {
    const { browser } = await sign_in(world);
    world.provider.change_keys();
    // Keys are fetched again at most every ten seconds.
    const is_in = async () => (await sign_in(world)).done.location === `${world.url}/console/`;
    await eventually(is_in, { within_ms: 30_000, what: 'the new key to be known' });
    assert_ok(await session(browser));
  });

  it('can stand for the ID token instead', async () => {
    world.provider.behave({ privileges_in_id: true });
    await world.restart({
      PAYMENTS_CONSOLE_TOKEN: 'id_token',
      PAYMENTS_USER_AUDIENCE: client_id,
    });
    const { browser } = await sign_in(world);
    assert.deepEqual(assert_ok(await session(browser)).can, ['payments_search']);
    world.provider.behave({ privileges_in_id: false });
    const less = await sign_in(world);
    assert.deepEqual(assert_ok(await session(less.browser)).can, []);
    await world.restart({
      PAYMENTS_CONSOLE_TOKEN: undefined,
      PAYMENTS_USER_AUDIENCE: 'payments',
    });
  });
});
