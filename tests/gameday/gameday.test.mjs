// The parts of the worst day that can be tried without living through it: its figures, its picture,
// and the archive that its database is restored from.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Postgres } from '../fixtures/postgres.mjs';
import { between, figures_of, slices, tally } from './figures.mjs';
import { write_report } from './report.mjs';

const call = (at_ms, took_ms, what = 'answered') => ({ at_ms, took_ms, what });
const calls = [
  call(0, 10), call(10, 20), call(900, 30), call(950, 5000, '504 provider-timeout'),
  call(3100, 40, 'ECONNRESET'),
];

test('slices have a place for times in which nobody came', () => {
  assert.deepEqual(slices(calls, 1000), [
    { from_ms: 0, sent: 4, p50: 20, p99: 30, refused: 1 },
    { from_ms: 1000, sent: 0, p50: undefined, p99: undefined, refused: 0 },
    { from_ms: 2000, sent: 0, p50: undefined, p99: undefined, refused: 0 },
    { from_ms: 3000, sent: 1, p50: undefined, p99: undefined, refused: 1 },
  ]);
  assert.equal(figures_of(between(calls, 0, 900)).sent, 2);
  assert.deepEqual(tally(['a', 'b', 'a']), [['a', 2], ['b', 1]]);
});

test('the report says what was felt, lost and told, in words and in a picture', async () => {
  const to = await mkdtemp(join(tmpdir(), 'ozora-report-'));
  const day = {
    visitors: 5, minutes: 1, seed: 7, total_ms: 60_000, ended_ms: 61_000, rested_ms: 900,
    ledger: '5 transactions read again: 0 differences',
    crowd: {
      calls, waits: [{ at_ms: 0, took_ms: 12 }], counts: { came: 5, gave_up: 1, left: 1 },
    },
    held: [{ captured: true }, { captured: false }],
    transactions: new Map([[1, { status: 'paid' }]]),
    events: [{ name: 'failover', from_ms: 900, until_ms: 2000 }],
    alarms: [{ name: 'PaymentsErrors', about: 'startPayment', severity: 'critical',
      from_ms: 1500, until_ms: 9000 }],
    pictures: [{ name: 'the disk is full', at_ms: 900, file: 'full.png' }],
    promises: [{ what: 'tickets that were paid twice', found: 0 }],
  };
  try {
    const report = await readFile(await write_report(day, to), 'utf8');
    const svg = await readFile(join(to, 'day.svg'), 'utf8');
    const failover = '| the primary dies, the standby is promoted | 0:00 to 0:02 | 2 | 0.03 s |';
    assert.ok(report.includes(failover), report);
    assert.match(report, /\| 504 provider-timeout \| 1 \|/);
    assert.match(report, /\| tickets that were paid twice \| 0 \|/);
    assert.match(report, /\| PaymentsErrors \| startPayment \| critical \| 0:01 \| 0:09 \|/);
    assert.match(report, /!\[the disk is full\]\(full\.png\)/);
    assert.match(svg, /<text[^>]*>PaymentsErrors<\/text>/);
    assert.match(svg, /class="critical"/);
    assert.match(svg, /class="refused"/);
    assert.doesNotMatch(svg, /NaN|undefined/);
  } finally {
    await rm(to, { recursive: true });
  }
});

test('what was committed is on the server that is restored from the archive', async () => {
  const server = await Postgres.start();
  let archive, restored;
  try {
    await server.execute('CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
    archive = await server.archive();
    await server.execute('INSERT INTO kept VALUES (2)');
    await server.kill();
    restored = await archive.restore();
    assert.deepEqual(await restored.rows('SELECT n FROM kept ORDER BY n'), [{ n: 1 }, { n: 2 }]);
    await restored.execute('INSERT INTO kept VALUES (3)');
  } finally {
    await restored?.close();
    await archive?.stop();
    await server.close();
  }
});
