// A visitor with more payments than a report tells of is given all of them, by either way, and
// nobody takes an export that broke off for the whole (docs/personal_data.md, 3).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { payments_program } from '../fixtures/harness.mjs';
import { assert_ok } from './client.mjs';
import { open_world, paid_payments, spoil } from './world.mjs';

const payments = 1203; // more than are read at a time, and than a report tells of
const email = 'zsuzsi.soktelek@example.org';
const why = 'asked for by letter 78';
const metas = `'{"customer":"Soktelek Zsuzsanna","n":' || i || '}'`;

const all = Array.from({ length: payments }, (_, i) => i + 1);
const everywhere = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };

function assert_whole({ held, report }) {
  assert.deepEqual(held.map(({ transaction }) => transaction.id), all);
  assert.deepEqual(held.map(({ transaction }) => transaction.metas.n), all);
  assert.deepEqual(report.payments.map(({ transaction_id }) => transaction_id), all);
  assert.equal(report.is_complete, true);
}

describe('an export of a visitor with many payments', () => {
  let world;
  before(async () => {
    world = await open_world();
    const statements = paid_payments(payments, { email: `'${email}'`, metas });
    for (const sql of statements) await world.database.execute(sql);
  });
  after(() => world?.close());

  const officer = () => world.user_token({ payments_erase: 'true', ...everywhere });
  const take = () => world.call('exportPerson', { body: { email, why }, token: officer() });
  const command = (file) => {
    const settings = Object.entries(world.platform.settings)
      .filter(([name]) => /^PAYMENTS_(DATABASE|PERSONAL|TIME_ZONE)/.test(name));
    return spawnSync(payments_program, ['visitor', 'export', '--why', why, '--output', file], {
      encoding: 'utf8', input: email,
      env: { PATH: process.env.PATH, ...Object.fromEntries(settings) },
    });
  };
  const is_there = (file) => stat(file).then(() => true, () => false);

  it('has all of them over HTTP, where a report tells of the first', async () => {
    const body = { email, dry_run: true };
    const { payments: told, is_complete } =
      assert_ok(await world.call('erasePerson', { body, token: officer() }));
    assert.equal(told.length, 500);
    assert.equal(is_complete, false);
    assert_whole(assert_ok(await take()));
  });

  it('has all of them by the command', async () => {
    const file = join(world.directory, 'many.json');
    const taken = command(file);
    assert.equal(taken.status, 0, taken.stderr);
    assert.match(taken.stderr, new RegExp(`^${payments} payments$`, 'm'));
    assert_whole(JSON.parse(await readFile(file, 'utf8')));
  });

  it('is an error, and no shorter document, when it breaks off', async () => {
    await world.database.execute(spoil(payments));
    await assert.rejects(take());
    const file = join(world.directory, 'broken.json');
    assert.notEqual(command(file).status, 0);
    assert.equal(await is_there(file), false);
  });
});
