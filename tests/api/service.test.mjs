// What operators, browsers and readers of the contract see.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assert_ok, assert_problem, send } from './client.mjs';
import { check_reply, contract, operations } from './contract.mjs';
import { billing, free_fee, open_world, simple_eur } from './world.mjs';

const origin = 'https://shop.example.com';
let world;
before(async () => (world = await open_world()));
after(() => world?.close());

describe('the service', () => {
  it('is alive and ready', async () => {
    assert_ok(await world.call('health'));
    assert_ok(await world.call('readiness'));
  });

  it('shows its metrics', async () => {
    const { text } = await world.call('metrics');
    assert.match(text, /^# HELP /m);
    assert.match(text, /^# TYPE /m);
  });

  it('answers HEAD as GET without the body', async () => {
    for (const { method, path } of Object.values(operations)) {
      if (method !== 'GET' || path.startsWith('/payments')) continue;
      const whole = await send(`${world.url}${path}`);
      const reply = await send(`${world.url}${path}`, { method: 'HEAD' });
      assert.equal(reply.status, 200);
      assert.equal(reply.text, '');
      assert.equal(reply.headers['content-type'], whole.headers['content-type']);
    }
  });

  it('shows its contract: this one, with version, commit and build time', async () => {
    const { json } = await world.call('openApi');
    const { version, 'x-commit': commit, 'x-build-time': built } = json.info;
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.match(commit, /^([0-9a-f]{7,40}|unknown)$/);
    assert.ok(Date.parse(built) <= Date.now());
    assert.deepEqual(Object.keys(json.paths), Object.keys(contract.paths));
    assert.deepEqual(json.components, contract.components);
  });

  it('shows the API reference without any outside host', async () => {
    const page = await send(`${world.url}/`);
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'], /^text\/html/);
    assert.match(page.text, /O\.Z\.O\.R\.A\. Payments API/);
    assert.doesNotMatch(page.text, /(src|href)="(https?:)?\/\//);
  });

  it('keeps tokens, names and addresses out of its log', async () => {
    const marks = {
      email: 'secret.person@example.com',
      name: 'Very Private',
      tax_number: '12345678-1-42',
    };
    const token = world.service_token({ payments_search: 'true' });
    await world.call('startPayment', {
      body: { ticket_id: world.tickets.add(), code: simple_eur, metas: { ...billing, ...marks } },
    });
    await world.call('searchTransactions', { body: { search_term: 1 }, token });
    await send(`${world.url}/healthz?api_key=query-secret`);
    await world.call('simplePayBackref', { body: { r: 'return-secret', s: 'signature-secret' } });
    const { output } = world.platform.payments.program;
    const { text } = await world.call('metrics');
    const secrets = [
      ...Object.values(marks), ...Object.values(billing).filter((value) => value.length > 4), token,
      'query-secret', 'return-secret', 'signature-secret',
      world.settings.PAYMENTS_SIMPLEPAY_EUR_SECRET, world.settings.PAYMENTS_STRIPE_SECRET_KEY,
      world.settings.PAYMENTS_STRIPE_WEBHOOK_SECRETS,
    ];
    for (const secret of secrets) {
      assert.ok(!output.includes(secret), `the log holds ${secret}`);
      assert.ok(!text.includes(secret), `the metrics hold ${secret}`);
    }
  });

  it('outlives the reader of its log, and counts the lines that were lost', async () => {
    const { child } = world.platform.payments.program;
    child.stdout.destroy();
    child.stderr.destroy();
    const body = { ticket_id: world.tickets.add(), code: free_fee };
    for (let i = 0; i < 3; i++) await world.call('startPayment', { body });
    const { text } = await world.call('metrics');
    assert.match(text, /^payments_log_lines_lost_total [1-9]/m);
    await world.restart();
  });

  it('remembers payments after a restart', async () => {
    const body = { ticket_id: world.tickets.add(), code: free_fee };
    const { transaction_id } = assert_ok(await world.call('startPayment', { body }));
    await world.restart();
    const reply = await world.call('startPayment', { body });
    assert_problem(reply, 409, 'already-paid');
    assert.equal(reply.json.transaction_id, transaction_id);
  });
});

describe('a browser', () => {
  const preflight = (path, from, method = 'POST', headers = 'content-type,idempotency-key') =>
    send(`${world.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        Origin: from,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': headers,
      },
    });

  for (const id of ['startPayment', 'simplePayBackref']) {
    const { path } = operations[id];

    it(`of the shop may call ${id}`, async () => {
      const reply = await preflight(path, origin);
      assert.ok([200, 204].includes(reply.status));
      assert.equal(reply.headers['access-control-allow-origin'], origin);
      assert.match(reply.headers['access-control-allow-methods'], /\bPOST\b/);
      assert.match(reply.headers['access-control-allow-headers'], /content-type/i);
      assert.match(reply.headers.vary ?? '', /origin/i);
      if (id === 'startPayment') {
        assert.match(reply.headers['access-control-allow-headers'], /idempotency-key/i);
      }
    });

    it(`of another site may not call ${id}`, async () => {
      for (const other of ['https://evil.example.com', 'http://shop.example.com', 'null',
        'https://shop.example.com.evil.example', 'https://shop.example.com:444', 'HTTPS://SHOP']) {
        const reply = await preflight(path, other);
        assert.equal(reply.headers['access-control-allow-origin'], undefined, other);
      }
    });

    it(`of the shop reads the replies of ${id}, problems too`, async () => {
      for (const [from, allowed] of [[origin, origin], ['https://evil.example.com', undefined]]) {
        const reply = await send(`${world.url}${path}`, {
          method: 'POST',
          headers: { Origin: from, 'Content-Type': 'application/json' },
          body: '{}',
        });
        check_reply(id, reply);
        assert_problem(reply, 400, 'invalid-request');
        assert.equal(reply.headers['access-control-allow-origin'], allowed);
        assert.equal(reply.headers['access-control-allow-credentials'], undefined);
      }
    });
  }

  it('of no site may call what is not public', async () => {
    for (const id of ['listTicketIds', 'listPaymentOptions', 'simplePayIpn', 'stripeWebhook']) {
      const { path, method } = operations[id];
      const reply = await preflight(path, origin, method);
      assert.equal(reply.headers['access-control-allow-origin'], undefined, id);
    }
  });
});
