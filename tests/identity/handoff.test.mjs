// Staff are signed in by the platform, which hands them over to the console.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { free_port, in_the_future } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from '../api/client.mjs';
import { check_reply } from '../api/contract.mjs';
import { open_world } from '../api/world.mjs';
import { open_staff_platform } from '../../sandbox/platform/platform.mjs';
import { Browser } from './browser.mjs';
import { is_at, page, session_id, usual } from './world.mjs';

const in_the_present = { LD_PRELOAD: undefined, FAKETIME: undefined };

let world, staff;
let claims = {};
before(async () => {
  const port = await free_port();
  world = await open_world({
    settings: {
      PAYMENTS_CONSOLE_SIGN_IN: 'handoff',
      PAYMENTS_CONSOLE_HANDOFF_PAGE: `http://localhost:${port}/sign-in`,
      PAYMENTS_CONSOLE_HANDOFF_URL: `http://localhost:${port}/exchange`,
    },
  });
  const own_key = JSON.parse(await readFile(join(world.platform.keys, 'payments.jwk'), 'utf8'));
  staff = await open_staff_platform({
    port,
    user_key: world.user_key,
    service_keys: { keys: [own_key] },
    console_url: world.url,
    claims_for: (name) => ({ name: `${name} of the platform`, privs: usual, ...claims }),
  });
});
after(async () => {
  await staff?.close();
  await world?.close();
});

const as_contract = ({ status, headers, text }) => ({
  status, text, headers: Object.fromEntries(headers), size: Buffer.byteLength(text),
});
const failed = (reply) => {
  assert.equal(reply.status, 303, reply.text);
  const { pathname, searchParams } = new URL(reply.location);
  assert.equal(pathname, '/console/signed-out');
  return searchParams.get('failed');
};
// Where the page that asks will lead.
const asked_at = ({ location }) => {
  const { origin, pathname, searchParams } = new URL(location);
  assert.equal(`${origin}${pathname}`, `${world.url}/console/confirm`);
  return searchParams.get('to');
};
const come = (browser, code, to = '/console/payments/7') =>
  browser.send(`${world.url}/console/handoff?${new URLSearchParams({ code, to })}`);

// As the page that asks calls.
const of_page = (browser) => {
  const jar = browser.cookies(world.url);
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  return { 'Sec-Fetch-Site': 'same-origin', 'X-Console': '1', ...(cookie && { Cookie: cookie }) };
};
const person = (browser) => world.call('getHandoff', { headers: of_page(browser) });
async function accept(browser) {
  const reply = await world.call('acceptHandoff', { headers: of_page(browser) });
  const cookies = reply.headers['set-cookie'] ?? '';
  const id = /__Host-ozora=([A-Za-z0-9_-]{43})/.exec(cookies)?.[1];
  if (id) browser.cookies(world.url).set('__Host-ozora', id);
  return reply;
}
const session = (browser) => world.call('getSession', { headers: page(browser, world) });

describe('a person whom the platform signs in', () => {
  it('is shown who they are, and is signed in when they say so', async () => {
    const browser = new Browser();
    const first = await browser.send(`${world.url}/console/sign-in?to=/console/payments/7`);
    check_reply('signIn', as_contract(first));
    assert.ok(first.location.startsWith(`${staff.page_url}?`), first.location);
    const there = await browser.send(`${first.location}&name=kata`);
    assert.ok(is_at(`${world.url}/console/handoff?`)(there.location), there.location);
    const here = await browser.send(there.location);
    check_reply('receiveHandoff', as_contract(here));
    assert.equal(asked_at(here), '/console/payments/7');
    assert.equal(here.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(session_id(browser, world), undefined);
    assert_problem(await session(browser), 401, 'unauthorized');

    const shown = assert_ok(await person(browser));
    assert.deepEqual(shown, { user: { sub: 'kata', name: 'kata of the platform' } });
    assert.equal((await accept(browser)).status, 204);
    const { user, can } = assert_ok(await session(browser));
    assert.deepEqual(user, shown.user);
    assert.deepEqual(can, ['payments_search']);
    assert_ok(await world.call('listReviews', { headers: page(browser, world) }));
    const out = assert_ok(await world.call('signOut', { headers: page(browser, world) }));
    assert.equal(out.redirect_url, '/console/signed-out');
    assert_problem(await session(browser), 401, 'unauthorized');
  });

  it('comes with a code once, and says yes once', async () => {
    const browser = new Browser();
    const code = staff.code_for('kata');
    await come(browser, code);
    assert.equal(failed(await come(new Browser(), code)), 'refused');
    const twice = await Promise.all([accept(browser), accept(browser)]);
    assert.deepEqual(twice.map(({ status }) => status).sort(), [204, 401]);
    assert_problem(await accept(browser), 401, 'unauthorized');
    assert_problem(await person(browser), 401, 'unauthorized');
  });

  it('is signed in by no page but the one that shows them', async () => {
    const browser = new Browser();
    await come(browser, staff.code_for('eve'));
    for (const site of ['cross-site', 'same-site', 'none']) {
      const headers = { ...of_page(browser), 'Sec-Fetch-Site': site };
      assert_problem(await world.call('acceptHandoff', { headers }), 403, 'foreign-page');
      assert_problem(await world.call('getHandoff', { headers }), 403, 'foreign-page');
    }
    // The cookie of who waits is no session's, whatever it is called.
    const waiting = browser.cookies(world.url).get('__Host-ozora-handoff');
    const as_session = { ...of_page(new Browser()), Cookie: `__Host-ozora=${waiting}` };
    assert_problem(await world.call('getSession', { headers: as_session }), 401, 'unauthorized');
    // Nor does a session count there.
    await accept(browser);
    const id = session_id(browser, world);
    const as_waiting = { ...of_page(new Browser()), Cookie: `__Host-ozora-handoff=${id}` };
    assert_problem(await world.call('getHandoff', { headers: as_waiting }), 401, 'unauthorized');
  });

  it('keeps the session they have until they say yes to another', async () => {
    const browser = new Browser();
    await come(browser, staff.code_for('kata'));
    await accept(browser);
    const former = page(browser, world);
    await come(browser, staff.code_for('eve'));
    assert.equal(assert_ok(await session(browser)).user.sub, 'kata');
    await accept(browser);
    assert.equal(assert_ok(await session(browser)).user.sub, 'eve');
    assert_problem(await world.call('getSession', { headers: former }), 401, 'unauthorized');
  });

  it('is led nowhere but into the console', async () => {
    const reply = await come(new Browser(), staff.code_for('kata'), 'https://evil.example/');
    assert.equal(asked_at(reply), '/console/');
  });
});

describe('a handover', () => {
  it('is refused with a code that the platform did not make, or with none', async () => {
    const before = staff.exchanged();
    assert.equal(failed(await come(new Browser(), 'x'.repeat(43))), 'refused');
    assert.equal(failed(await come(new Browser(), 'x'.repeat(600))), 'refused');
    assert.equal(failed(await come(new Browser(), '')), 'refused');
    assert.equal(staff.exchanged(), before);
  });

  it('is refused with a token that is not to be trusted', async () => {
    claims = { exp: 1 };
    try {
      assert.equal(failed(await come(new Browser(), staff.code_for('kata'))), 'refused');
    } finally {
      claims = {};
    }
  });

  it('says so when the platform is silent', async () => {
    staff.behave({ silent: true });
    try {
      assert.equal(failed(await come(new Browser(), staff.code_for('kata'))), 'provider');
    } finally {
      staff.behave({ silent: false });
    }
  });

  it('is begun by nobody who does not see it', async () => {
    const query = new URLSearchParams({ code: staff.code_for('kata') });
    const as_image = { headers: { 'Sec-Fetch-Dest': 'image' } };
    const reply = await new Browser().send(`${world.url}/console/handoff?${query}`, as_image);
    assert.equal(reply.status, 403);
  });

  it('waits five minutes for a yes', async () => {
    const browser = new Browser();
    await come(browser, staff.code_for('kata'));
    assert_ok(await person(browser));
    await world.restart(in_the_future(5));
    assert_problem(await person(browser), 401, 'unauthorized');
    assert_problem(await accept(browser), 401, 'unauthorized');
    await world.restart(in_the_present);
  });
});

// The service is started again between these, in their order.
describe('whoever moves money', () => {
  before(() => world.restart({ PAYMENTS_CONSOLE_REFUND_AUTH_AGE: '5' }));
  after(() => {
    claims = {};
    return world.restart({ ...in_the_present, PAYMENTS_CONSOLE_REFUND_AUTH_AGE: undefined });
  });

  it('is known to have signed in at the platform lately', async () => {
    const asked = await new Browser().send(`${world.url}/console/sign-in`);
    assert.equal(new URL(asked.location).searchParams.get('max_age'), '300');
    claims = { auth_time: Math.floor(Date.now() / 1000) - 3600 };
    assert.equal(failed(await come(new Browser(), staff.code_for('kata'))), 'refused');
    claims = { auth_time: undefined };
    assert.equal(failed(await come(new Browser(), staff.code_for('kata'))), 'refused');

    claims = { privs: { ...usual, payments_refund: 'true' } };
    const browser = new Browser();
    await come(browser, staff.code_for('kata'));
    await accept(browser);
    const refund = () => world.call('refundPayment', {
      body: { transaction_id: 4711 }, headers: page(browser, world),
    });
    assert_problem(await refund(), 404, 'unknown-transaction');
    await world.restart(in_the_future(7));
    assert_problem(await refund(), 403, 'sign-in-again');
    assert_ok(await session(browser));
  });
});
