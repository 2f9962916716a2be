// Faults of the service that were seen beside other people's servers and are not mended yet: each
// test says what should be, and is marked, so that it counts as known while it fails.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pause, root } from '../fixtures/harness.mjs';
import { send } from '../api/client.mjs';
import { open_world } from '../api/world.mjs';
import { open_world_behind } from './behind.mjs';
import { proxies } from './servers.mjs';

const known = (todo) => ({ todo });
const packed = { headers: { 'Accept-Encoding': 'gzip' } };

async function in_world(options, act) {
  const world = await open_world(options);
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

describe('what is sent packed', () => {
  it('has another strong ETag than what is sent plain', known('both have one'), () =>
    in_world({}, async ({ url }) => {
      const assets = await readdir(join(root, 'web/dist', 'reference', 'assets'));
      const replies = await Promise.all(assets.map(async (name) => {
        const at = `${url}/assets/${name}`;
        return { plain: await send(at), small: await send(at, packed) };
      }));
      const both = replies.filter(({ small }) => small.headers['content-encoding'] === 'gzip');
      assert.ok(both.length > 0);
      for (const { plain, small } of both) assert.notEqual(small.headers.etag, plain.headers.etag);
    }));

  it('is the contract, too, as its Vary says', known('it is never packed'), () =>
    in_world({}, async ({ url }) => {
      const reply = await send(`${url}/openapi.json`, packed);
      assert.match(reply.headers.vary, /accept-encoding/i);
      assert.equal(reply.headers['content-encoding'], 'gzip');
    }));
});

describe('/readyz', () => {
  const by_varnish = 'is not answered for a frozen service by Varnish as installed';
  it(by_varnish, known('it lacks no-store'), async () => {
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

describe('/healthz and /metrics', () => {
  it('are answered when connections run out', known('they are 503'), () =>
    in_world({ settings: { PAYMENTS_CONNECTIONS: '16' } }, async ({ url }) => {
      const { hostname, port } = new URL(url);
      const open = () => connect(Number(port), hostname).on('error', () => {});
      const idle = Array.from({ length: 16 }, open);
      try {
        await pause(300);
        const states = [];
        for (const path of ['/healthz', '/metrics']) states.push((await send(url + path)).status);
        assert.deepEqual(states, [200, 200]);
      } finally {
        for (const socket of idle) socket.destroy();
      }
    }));
});
