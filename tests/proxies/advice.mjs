// Why the files in deploy/ say what they say: what happens where they are not followed. When one of
// these fails, a line of advice has lost its reason.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { free_port, pause, root } from '../fixtures/harness.mjs';
import { make_certificates } from '../fixtures/postgres.mjs';
import { send } from '../api/client.mjs';
import { operations } from '../api/contract.mjs';
import { open_world_behind, with_stub } from './behind.mjs';
import { filled_in, proxies } from './servers.mjs';
import { get_and_post_by_curl } from './visitors.mjs';

// The proxy with another configuration.
const changed = (proxy, from, to) => ({
  ...proxy,
  configure: (text, values) => {
    const wrong = text.split('\n').map((line) => (line.trim() === from ? to : line)).join('\n');
    assert.notEqual(wrong, text, `${proxy.file} has no "${from}"`);
    return (proxy.configure ?? filled_in)(wrong, values);
  },
});

const starts_by_curl = (proxy) =>
  with_stub(proxy, async (stub, front) => {
    const { path } = operations.startPayment;
    await get_and_post_by_curl(`${front.url}/healthz`, `${front.url}${path}`);
    return stub.posts;
  });

describe('a start that the service died with is sent a second time by curl', () => {
  for (const [name, from, to] of [
    ['haproxy', 'option httpclose', ''],
    ['haproxy', 'option httpclose', 'option http-server-close'],
    ['apache', 'KeepAlive Off', 'KeepAlive On'],
  ]) {
    it(`behind ${name} with "${to}" in place of "${from}"`, async () => {
      assert.equal(await starts_by_curl(changed(proxies[name], from, to)), 2);
    });
  }
});

describe('a start that the service died with, by HAProxy with TLS', () => {
  let directory;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ozora-certificates-'));
    const { certificate, key } = await make_certificates(directory);
    const both = (await readFile(certificate, 'utf8')) + (await readFile(key, 'utf8'));
    await writeFile(join(directory, 'site.pem'), both);
  });
  after(() => rm(directory, { recursive: true, force: true }));

  // The line of deploy/ with that protocol, on a port of its own.
  async function starts_over(protocol) {
    const tls_port = await free_port();
    const { file, configure } = proxies.haproxy;
    const [line] = /bind .*/.exec(await readFile(join(root, file), 'utf8'));
    const bind = line
      .replace(':443', `127.0.0.1:${tls_port}`)
      .replace(/crt [^ ]*/, `crt ${join(directory, 'site.pem')}`)
      .replace(/alpn .*/, protocol ? `alpn ${protocol}` : '$&');
    const proxy = {
      ...proxies.haproxy,
      configure: (...given) => configure(...given).replace(/^ *bind .*/m, `$&\n    ${bind}`),
    };
    return with_stub(proxy, async (stub) => {
      const url = `https://127.0.0.1:${tls_port}`;
      await get_and_post_by_curl(`${url}/healthz`, `${url}${operations.startPayment.path}`);
      return stub.posts;
    });
  }

  it('as we recommend it is sent once', async () => assert.equal(await starts_over(), 1));

  it('and HTTP/2 is sent again and again by curl', async () =>
    assert.ok((await starts_over('h2,http/1.1')) > 2));
});

describe('half a list of ticket ids', () => {
  it('looks whole behind lighttpd without server.stream-response-body', () => {
    const proxy = changed(proxies.lighttpd, 'server.stream-response-body = 2', '');
    return with_stub(proxy, async (_, front) => {
      const { text } = await send(`${front.url}${operations.listTicketIds.path}`);
      assert.ok(!text.endsWith(']}'), text);
    });
  });
});

describe('an ETag that mod_deflate has changed', () => {
  it('is never answered 304', async () => {
    const modules = ['filter', 'deflate'].map((name) =>
      `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`).join('');
    const packing = 'AddOutputFilterByType DEFLATE text/html';
    const quiet = changed(proxies.apache, 'SetEnv no-gzip 1', packing);
    const proxy = { ...quiet, configure: (...given) => modules + quiet.configure(...given) };
    const world = await open_world_behind(proxy);
    try {
      // A page that is too small for the service to pack it.
      const page = (headers) => send(`${world.url}/`, { headers });
      const packed = { 'Accept-Encoding': 'gzip' };
      for (const [headers, again] of [[{}, 304], [packed, 200]]) {
        const { etag } = (await page(headers)).headers;
        assert.equal((await page({ ...headers, 'If-None-Match': etag })).status, again, etag);
      }
    } finally {
      await world.close();
    }
  });
});

describe('/readyz, which says itself that nobody may keep it,', () => {
  it('is not answered for a frozen service by Varnish as it is installed', async () => {
    const stock = { ...proxies.varnish, file: 'tests/proxies/varnish-stock.vcl' };
    const world = await open_world_behind(stock);
    try {
      assert.equal((await send(`${world.url}/readyz`)).status, 200);
      world.payments.program.child.kill('SIGSTOP');
      const late = pause(2000).then(() => 'no answer');
      const answer = await Promise.race([late, send(`${world.url}/readyz`).catch(() => 'broken')]);
      assert.notEqual(answer.status, 200);
    } finally {
      world.payments.program.child.kill('SIGCONT');
      await world.close();
    }
  });
});

describe('a name that Caddy does not serve', () => {
  it('is answered 200 with nothing, and the service hears of nothing', () =>
    with_stub(proxies.caddy, async (stub, front) => {
      const reply = await send(`${front.url}${operations.stripeWebhook.path}`, {
        method: 'POST', headers: { Host: 'elsewhere.example' }, body: '{}',
      });
      assert.deepEqual([reply.status, reply.size, stub.posts], [200, 0, 0]);
    }));
});
