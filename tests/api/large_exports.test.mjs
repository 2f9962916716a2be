// Large files. One whose making breaks off in the middle: whoever saves it must see that it is not
// whole. And many at once, which wait for each other.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { operations } from './contract.mjs';
import { open_world, paid_payments, search, spoil } from './world.mjs';

const payments = 3500; // more than are read at a time, which is done one page ahead
const broken = 2500;
const { path } = operations.exportCsv;

// curl tells a reset from an end, which Node's sockets do not always: gives what came, and its exit
// code, 0 when the answer was whole.
const cut_short = new Set([18, 56]); // a part of the answer; the connection was reset
async function take(url, headers, body, ...options) {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const args = ['-sS', ...options, ...named, '--data-binary', body, url];
  const got = await promisify(execFile)('curl', args, { maxBuffer: 1e8 }).catch((error) => error);
  return { text: got.stdout, code: got.code ?? 0 };
}

const everywhere = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };

describe('an export whose making breaks off', () => {
  let world;
  before(async () => {
    world = await open_world();
    for (const sql of paid_payments(payments)) await world.database.execute(sql);
  });
  after(() => world?.close());

  const body = JSON.stringify({ what: 'movements', from: '2026-03-01', to: '2026-03-03' });
  const headers = () => {
    const token = world.user_token({ ...search, ...everywhere, payments_export: 'true' });
    return { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  };
  const whole = new RegExp(`TR${payments}\\b`);
  const manners = { 'HTTP/1.1': [], 'HTTP/1.0': ['--http1.0'], gzip: ['--compressed'] };

  it('is whole as long as nothing breaks', async () => {
    for (const [name, options] of Object.entries(manners)) {
      const { text, code } = await take(world.url + path, headers(), body, ...options);
      assert.equal(code, 0, name);
      assert.match(text, whole);
    }
  });

  // Over HTTP/1.0 the end of the connection is that of the answer, so it must be reset.
  it('is cut so that nobody takes it for whole', async () => {
    await world.database.execute(spoil(broken));
    for (const [name, options] of Object.entries(manners)) {
      const { text, code } = await take(world.url + path, headers(), body, ...options);
      assert.ok(cut_short.has(code), `${name}: curl ended with ${code}`);
      assert.doesNotMatch(text, whole);
    }
  });

  it('is an error for a page that reads it, not a short file', async () => {
    await assert.rejects(async () => {
      const reply = await fetch(world.url + path, { method: 'POST', headers: headers(), body });
      await reply.text();
    });
  });
});

// When the first piece was there, the whole, and what it was.
async function take_timed(world) {
  const token = world.user_token({ ...search, ...everywhere, payments_export: 'true' });
  const url = `${world.url}/payments/exports/csv?profile=plain`;
  const reply = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal(reply.status, 200);
  let began;
  let text = '';
  for await (const piece of reply.body.pipeThrough(new TextDecoderStream())) {
    began ??= performance.now();
    text += piece;
  }
  return { began, ended: performance.now(), text };
}

describe('many files of bookings at once', () => {
  const files = 12;
  let world;
  before(async () => {
    world = await open_world({ settings: { PAYMENTS_THREADS: '1' } });
    for (const sql of paid_payments(payments)) await world.database.execute(sql);
  });
  after(() => world?.close());

  it('all begin at once, and each is whole', async () => {
    const alone = await take_timed(world);
    assert.ok(alone.text.includes(`TR${payments}`), alone.text.slice(-200));
    const taken = await Promise.all(Array.from({ length: files }, () => take_timed(world)));
    for (const { text } of taken) assert.equal(text, alone.text);
    const first_end = Math.min(...taken.map(({ ended }) => ended));
    for (const { began } of taken) assert.ok(began < first_end, `${began - first_end} ms late`);
  });
});
