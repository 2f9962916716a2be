// Who may call what.
import assert from 'node:assert/strict';
import { generateKeyPairSync, createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { make_token } from '../../fixtures/harness.mjs';
import { assert_ok, assert_problem } from '../client.mjs';
import { open_world, scope, search } from '../world.mjs';

let world;
let ticket;
before(async () => {
  world = await open_world();
  ticket = world.tickets.add();
});
after(() => world?.close());

const options_body = () => ({
  ticket_id: ticket,
  ticket_status: 'registered',
  template: { payment_options: [] },
});
const all = { ...search, ...scope };

// Each guarded operation: a body, and the kinds of token that open it.
const guarded = {
  listTicketIds: { opens: { service: () => world.service_token() } },
  listPaymentOptions: { body: options_body, opens: { service: () => world.service_token() } },
  listTicketTransactions: {
    body: () => ({ ticket_id: ticket }),
    opens: { user: () => world.user_token(all) },
  },
  searchTransactions: {
    body: () => ({ search_term: 1 }),
    opens: { user: () => world.user_token(search), service: () => world.service_token(search) },
  },
};

const now = () => Math.floor(Date.now() / 1000);
const unsigned = (header, claims) => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.`;
};
const swap = (token, at, make) => {
  const parts = token.split('.');
  parts[at] = make(parts[at]);
  return parts.join('.');
};
const changed_claims = (part) => {
  const claims = JSON.parse(Buffer.from(part, 'base64url'));
  return Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1 })).toString('base64url');
};

// Tokens that nobody may trust, made from one that is good.
const bad_tokens = (claims, key) => ({
  'that has expired': make_token(key, { ...claims, exp: now() - 120 }),
  'without an end': make_token(key, { ...claims, exp: undefined }),
  'whose end is a text': make_token(key, { ...claims, exp: String(now() + 3600) }),
  'that is not valid yet': make_token(key, { ...claims, nbf: now() + 600 }),
  'from the future': make_token(key, { ...claims, iat: now() + 600 }),
  'whose claims were changed': swap(make_token(key, claims), 1, changed_claims),
  'whose signature was changed': swap(make_token(key, claims), 2, (part) =>
    (part[0] === 'A' ? 'B' : 'A') + part.slice(1)),
  'without a signature': swap(make_token(key, claims), 2, () => ''),
  'that asks for no signature': unsigned({ alg: 'none', typ: 'JWT', kid: key.kid }, claims),
  'that is signed with the public key as a secret': (() => {
    const text = unsigned({ alg: 'HS256', typ: 'JWT', kid: key.kid }, claims).slice(0, -1);
    const mac = createHmac('sha256', key.x ?? key.n).update(text).digest('base64url');
    return `${text}.${mac}`;
  })(),
  'of a key that is not known': (() => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    return make_token({ ...stranger.export({ format: 'jwk' }), kid: 'stranger' }, claims);
  })(),
  'with a critical extension': make_token(key, claims, { crit: ['exp'] }),
  'with an unencoded payload': make_token(key, claims, { b64: false, crit: ['b64'] }),
  'with padding': `${make_token(key, claims)}=`,
  'in two parts': make_token(key, claims).split('.').slice(0, 2).join('.'),
  'in four parts': `${make_token(key, claims)}.x`,
  'that is no token': 'sesame',
});

for (const [id, { body, opens }] of Object.entries(guarded)) {
  describe(`${id}, called`, () => {
    const call = (token, headers) => world.call(id, { body: body?.(), token, headers });

    for (const kind of ['user', 'service']) {
      if (opens[kind]) {
        it(`with a ${kind} token, opens`, async () => assert_ok(await call(opens[kind]())));
        continue;
      }
      it(`with a ${kind} token, is closed`, async () => {
        const token = kind === 'user' ? world.user_token(all) : world.service_token(all);
        assert_problem(await call(token), 401, 'unauthorized');
      });
    }

    it('without a token, is closed', async () => {
      const reply = await call();
      assert_problem(reply, 401, 'unauthorized');
      assert.match(reply.headers['www-authenticate'], /^Bearer/);
    });

    it('with credentials that are no bearer token, is closed', async () => {
      for (const value of ['Bearer', 'Bearer ', 'Basic a2F0YTprYXRh', 'sesame', 'Bearer a b']) {
        assert_problem(await call(undefined, { Authorization: value }), 401, 'unauthorized');
      }
    });

    it('with a bearer token in any spelling of the scheme, opens', async () => {
      const token = Object.values(opens)[0]();
      assert_ok(await call(undefined, { Authorization: `bearer ${token}` }));
    });

    it('with a token that nobody may trust, is closed', async () => {
      for (const kind of Object.keys(opens)) {
        const key = kind === 'user' ? world.user_key : world.service_key;
        const claims = kind === 'user'
          ? { sub: 'kata', privs: all, exp: now() + 3600 }
          : { service: 'tickets', servicePrivs: all, exp: now() + 3600 };
        for (const [what, token] of Object.entries(bad_tokens(claims, key))) {
          const reply = await call(token);
          assert.equal(reply.status, 401, `a ${kind} token ${what}: ${reply.text}`);
          assert.match(reply.headers['www-authenticate'], /^Bearer /);
        }
      }
    });

    it('with a token that ended half a minute ago, opens: clocks differ', async () => {
      for (const kind of Object.keys(opens)) {
        const token = kind === 'user'
          ? world.user_token(all, { exp: now() - 30 })
          : world.service_token(all, { exp: now() - 30 });
        assert_ok(await call(token));
      }
    });

    it('looks at the token before the body', async () => {
      if (!body) return;
      const reply = await world.call(id, { text: '{', request: 'breaks' });
      assert_problem(reply, 401, 'unauthorized');
    });
  });
}

describe('listTicketTransactions', () => {
  const call = (privileges, ticket_id = ticket) =>
    world.call('listTicketTransactions', {
      body: { ticket_id },
      token: world.user_token(privileges),
    });
  const scoped = (prefix, flags, years, events) => ({
    ...search,
    [`${prefix}_flags`]: flags,
    [`${prefix}_years`]: years,
    [`${prefix}_events`]: events,
  });

  it('needs each of its privileges', async () => {
    for (const missing of Object.keys(all)) {
      const { [missing]: _, ...rest } = all;
      const reply = await call(rest);
      assert_problem(reply, 403, 'forbidden');
    }
  });

  it('names payments_search when that is missing', async () => {
    const reply = await call(scope);
    assert_problem(reply, 403, 'forbidden');
    assert.match(reply.json.detail, /payments_search/);
  });

  it('takes nothing but "true" for payments_search', async () => {
    for (const value of ['false', 'TRUE', '1', 'yes', '', '*']) {
      assert_problem(await call({ ...scope, payments_search: value }), 403, 'forbidden');
    }
  });

  it('takes either scope, whole', async () => {
    assert_ok(await call(scoped('tickets_get', 'HU', '2027', 'OZORA')));
    assert_ok(await call(scoped('tickets_search', 'HU', '2027', 'OZORA')));
    const mixed = {
      ...search,
      tickets_get_flags: '*',
      tickets_search_years: '*',
      tickets_get_events: '*',
    };
    assert_problem(await call(mixed), 403, 'forbidden');
  });

  it('does not put two half scopes together', async () => {
    const reply = await call({
      ...scoped('tickets_get', 'HU', '2026', '*'),
      ...scoped('tickets_search', 'INT', '2027', '*'),
    });
    assert_problem(reply, 403, 'ticket-out-of-scope');
  });

  it('refuses a ticket outside the scope in any of its members', async () => {
    for (const outside of [
      ['INT', '2027', 'OZORA'],
      ['HU', '2026', 'OZORA'],
      ['HU', '2027', 'DAYDREAM'],
      ['', '2027', 'OZORA'],
      ['HUN', '2027', 'OZORA'],
      ['H', '2027', 'OZORA'],
      ['hu', '2027', 'OZORA'],
      ['HU,*', '202', '*'],
    ]) {
      const reply = await call(scoped('tickets_get', ...outside));
      assert_problem(reply, 403, 'ticket-out-of-scope');
    }
  });

  it('compares the year as text, whether the tickets service sends a number or text', async () => {
    for (const year of [2027, '2027']) {
      assert_ok(
        await call(scoped('tickets_get', '*', '2026,2027', '*'), world.tickets.add({ year })),
      );
    }
  });

  it('takes a lone star as everything', async () => {
    const anywhere = world.tickets.add({ flag: 'XX', year: 1999, event: 'DAYDREAM' });
    assert_ok(await call(scoped('tickets_get', '*', '*', '*'), anywhere));
  });

  it('calls the tickets service as the payments service, with privileges of the user', async () => {
    const privileges = scoped('tickets_get', 'HU', '2027', 'OZORA');
    assert_ok(await call(privileges));
    const { headers, body } = world.tickets.asked.at(-1);
    assert.deepEqual(body, { ticket_id: ticket });
    const [, claims] = headers.authorization.replace('Bearer ', '').split('.');
    const { service, servicePrivs, exp } = JSON.parse(Buffer.from(claims, 'base64url'));
    assert.equal(service, 'payments');
    assert.deepEqual(servicePrivs, privileges);
    assert.ok(exp > now());
  });

  it('reads privileges that are no texts as no privileges, or refuses the token', async () => {
    for (const privs of [
      null,
      [],
      'all',
      { ...all, payments_search: true },
      { ...all, payments_search: ['true'] },
    ]) {
      const token = world.user_token({}, { privs });
      const answer = await world.call('listTicketTransactions', {
        body: { ticket_id: ticket },
        token,
      });
      assert.ok([401, 403].includes(answer.status), answer.text);
    }
  });
});

describe('searchTransactions', () => {
  it('needs payments_search, of a user and of a service', async () => {
    for (const privileges of [{}, scope, { payments_search: 'false' }]) {
      for (const token of [world.user_token(privileges), world.service_token(privileges)]) {
        const reply = await world.call('searchTransactions', { body: { search_term: 1 }, token });
        assert_problem(reply, 403, 'forbidden');
        assert.match(reply.json.detail, /payments_search/);
      }
    }
  });

  it('refuses a service that calls for nobody', async () => {
    const token = world.service_token();
    const reply = await world.call('searchTransactions', { body: { search_term: 1 }, token });
    assert_problem(reply, 403, 'forbidden');
  });

  it('takes a user token without privs for a user without privileges', async () => {
    for (const privs of [undefined, null]) {
      const token = world.user_token({}, { privs });
      const reply = await world.call('searchTransactions', { body: { search_term: 1 }, token });
      assert_problem(reply, 403, 'forbidden');
      assert_problem(await world.call('listTicketIds', { token }), 401, 'unauthorized');
    }
  });

  it('looks at the privilege before the body', async () => {
    const reply = await world.call('searchTransactions', {
      text: '{',
      token: world.user_token(),
      request: 'breaks',
    });
    assert_problem(reply, 403, 'forbidden');
  });
});
