// What operators, browsers and readers of the contract see.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../fixtures/harness.mjs';
import { assert_ok, assert_problem, send } from '../client.mjs';
import { check_reply, contract, operations } from '../contract.mjs';
import { billing, free_fee, open_world, scope, search, simple_eur } from '../world.mjs';

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
      if (method !== 'GET' || /^\/(payments|console)/.test(path)) continue; // those need a caller
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
    assert.equal(json.info.title, 'O.Z.O.R.A. Payments API');
    assert.ok(json.info.description.startsWith(
      'Payment and transaction management service.\n\n' +
      `- Software Version: ${version}\n- Git Commit ID: ${commit}\n- Build: ${built}\n\n`,
    ), json.info.description);
    assert.deepEqual(Object.keys(json.paths), Object.keys(contract.paths));
    assert.deepEqual(json.components, contract.components);
  });

  it('shows the API reference without any outside host', async () => {
    const page = await send(`${world.url}/`);
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'], /^text\/html/);
    assert.match(page.text, /O\.Z\.O\.R\.A\. Payments API/);
    assert.doesNotMatch(page.text, /(src|href)="(https?:)?\/\//);
    const { info } = (await world.call('openApi')).json;
    for (const said of [
      'Payment and transaction management service.',
      `Software Version:</dt><dd id="version">${info.version}<`,
      `Git Commit ID:</dt><dd id="commit">${info['x-commit']}<`,
      `Build:</dt><dd id="build-time"><time datetime="${info['x-build-time']}">`,
    ]) assert.ok(page.text.includes(said), `${said}: ${page.text}`);
  });

  it('has a strong ETag for each form of what it sends, and packs its contract', async () => {
    const names = await readdir(join(root, 'web/dist', 'reference', 'assets'));
    const assets = names.filter((name) => !name.endsWith('.gz')).map((name) => `/assets/${name}`);
    const packed = [];
    for (const path of [...assets, '/openapi.json']) {
      const plain = await send(`${world.url}${path}`);
      const small = await send(`${world.url}${path}`, { headers: { 'Accept-Encoding': 'gzip' } });
      assert.match(small.headers.vary, /accept-encoding/i);
      assert.equal(small.text, plain.text);
      if (small.headers['content-encoding'] !== 'gzip') continue;
      packed.push(path);
      assert.notEqual(small.headers.etag, plain.headers.etag, path);
      const headers = { 'Accept-Encoding': 'gzip', 'If-None-Match': small.headers.etag };
      assert.equal((await send(`${world.url}${path}`, { headers })).status, 304);
    }
    assert.ok(packed.includes('/openapi.json') && packed.length > 1, packed);
  });

  it('keeps answers from caches, and lets them keep what is named by its hash', async () => {
    const token = world.user_token({ ...search, ...scope });
    const body = { ticket_id: world.tickets.add() };
    const replies = [
      await world.call('health'), await world.call('readiness'), await world.call('metrics'),
      await world.call('listTicketTransactions', { body, token }),
      await world.call('listTicketTransactions', { body }),
      await send(`${world.url}/nowhere`),
    ];
    for (const { headers, text } of replies) {
      assert.equal(headers['cache-control'], 'no-store', text);
      assert.equal(headers['x-content-type-options'], 'nosniff', text);
    }
    const page = await send(`${world.url}/`);
    assert.equal(page.headers['cache-control'], 'no-cache');
    const [, script] = /src="(\/assets\/index-[^"]+\.js)"/.exec(page.text);
    const { headers } = await send(`${world.url}${script}`);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
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
