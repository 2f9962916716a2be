// A very long list of ticket ids: what it costs the service, and those who ask for it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { assert_ok, send } from './client.mjs';
import { operations } from './contract.mjs';
import { billing, open_world, stripe_huf } from './world.mjs';

const { path } = operations.listTicketIds;
const first_id = 5_000_000;
let count = 0;

let world;
let token;

// Attempts of long ago, one for each ticket.
async function add_old_attempts(more) {
  const first = first_id + count;
  await world.database.execute(`
    INSERT INTO transactions (ticket_id, fee_type, currency, processor, amount_minor, account,
      email, metas, created_at, expires_at, status, live, holds_fee, updated_at)
    WITH RECURSIVE ids(ticket) AS (
      SELECT ${first} UNION ALL SELECT ticket + 1 FROM ids WHERE ticket < ${first + more - 1})
    SELECT ticket, 'FULL-FEE', 'EUR', 'simplepay', 0, '', '', '{}', 0, 0, 'failed', false, false, 0
      FROM ids`);
  count += more;
}

before(async () => {
  world = await open_world();
  token = world.service_token();
});
after(() => world?.close());

// Not through the contract's judge, which is slow for a million numbers.
const list = (headers = {}) =>
  send(`${world.url}${path}`, { headers: { Authorization: `Bearer ${token}`, ...headers } });

async function memory_peak_kib() {
  const status = await readFile(`/proc/${world.payments.program.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)[1]);
}

// Everything that comes back until the service closes the connection.
const exchange_until_closed = (text) =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(world.url);
    const parts = [];
    connect(Number(port), hostname)
      .on('data', (part) => parts.push(part))
      .on('end', () => resolve(Buffer.concat(parts).toString('latin1')))
      .on('error', reject)
      .write(text);
  });

function assert_whole({ json }) {
  const { ticket_ids } = json;
  assert.equal(ticket_ids.length, count);
  assert.ok(ticket_ids.every((id, index) => id === first_id + index));
}

describe('a million ticket ids', () => {
  it('are listed in the memory that a quarter of them needs', async () => {
    await add_old_attempts(250_000);
    await list();
    await list({ 'Accept-Encoding': 'gzip' });
    const before_kib = await memory_peak_kib();
    await add_old_attempts(750_000);
    const plain = await list();
    const packed = await list({ 'Accept-Encoding': 'gzip' });
    const grown_kib = (await memory_peak_kib()) - before_kib;
    for (const answer of [plain, packed]) {
      assert_whole(answer);
      assert.equal(answer.headers['transfer-encoding'], 'chunked');
      assert.equal(answer.headers['content-length'], undefined);
    }
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.ok(packed.size * 3 < plain.size, `${packed.size} of ${plain.size} bytes`);
    assert.ok(grown_kib < 4 * 1024, `grown by ${grown_kib} KiB for ${plain.size} bytes`);
  });

  it('are listed for HTTP/1.0 until the connection ends', async () => {
    const answer = await exchange_until_closed(
      `GET ${path} HTTP/1.0\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    const [head, body] = answer.split('\r\n\r\n');
    assert.match(head, /^HTTP\/1\.1 200 /);
    assert.doesNotMatch(head, /transfer-encoding|content-length/i);
    assert_whole({ json: JSON.parse(body) });
  });

  it('are not sent again until somebody pays for another', async () => {
    const call = (headers) => world.call('listTicketIds', { token, headers });
    const first = await send(`${world.url}${path}`, {
      method: 'HEAD', headers: { Authorization: `Bearer ${token}` },
    });
    const known = { 'If-None-Match': first.headers.etag };
    for (const headers of [known, { ...known, 'Accept-Encoding': 'gzip' }]) {
      const same = await call(headers);
      assert.equal(same.status, 304);
      assert.equal(same.headers.etag, first.headers.etag);
    }

    const ticket_id = world.tickets.add();
    const body = { ticket_id, code: stripe_huf, metas: billing };
    assert_ok(await world.call('startPayment', { body }));
    const changed = await list(known);
    assert.equal(assert_ok(changed).ticket_ids[0], ticket_id);
    assert.notEqual(changed.headers.etag, first.headers.etag);
    const again = await list({ 'If-None-Match': changed.headers.etag });
    assert.equal(again.status, 200, 'a younger number may still be committed');
  });
});
