// The rehearsal of a restore (rehearsal.mjs), on SQLite or PostgreSQL. REHEARSAL_LOAD_MS says for
// how long visitors buy before and after each step, REHEARSAL_SEED what chance does.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Rehearsal } from './rehearsal.mjs';

const seed = Number(process.env.REHEARSAL_SEED ?? randomInt(2 ** 31));
const load_ms = Number(process.env.REHEARSAL_LOAD_MS ?? 2500);

let rehearsal;
before(async () => {
  rehearsal = new Rehearsal({ seed, load_ms });
  await rehearsal.run();
  console.log(rehearsal.table());
});
after(() => rehearsal?.close());

test('the sale went on while the backup was made, and after it', () => {
  const { captured_before_backup, captured_after_backup, before, after, found } = rehearsal;
  assert.ok(captured_before_backup.length > 0 && captured_after_backup.length > 0);
  assert.ok(found.starts_meanwhile > 0, 'nobody bought while the backup was made');
  assert.deepEqual([before.failures, after.failures], [[], []]);
});

test('what was taken is paid again, or in review', () => {
  assert.deepEqual(rehearsal.found.unsettled, [], `seed ${seed}`);
});

test('what was taken after the backup is named, all of it alone, and put on record', () => {
  const { named, captured_after_backup, reconciled } = rehearsal;
  assert.deepEqual(named, captured_after_backup, `seed ${seed}\n${reconciled.output}`);
  assert.equal(reconciled.code, 1, 'a person must look');
  const { adopted } = rehearsal;
  assert.doesNotMatch(adopted.output, /not put on record|is not on record/);
  assert.equal(adopted.code, 0, adopted.output);
});

test('no number is given twice, and nobody has another\'s payment', () => {
  assert.ok(rehearsal.given_since > 0);
  assert.deepEqual(rehearsal.given_twice, []);
  assert.deepEqual(rehearsal.found.unrecorded, []);
});

test('a line about owners that cannot be read is named, and nothing is done', async () => {
  const { world } = rehearsal;
  const file = join(world.platform.directory, 'wrong.csv');
  await writeFile(file, 'TR1,42,NORMAL-TOTAL-FEE-EUR-SIMPLE\n\nTR2;43\n');
  const asks = ['reconcile', '--since', '2027-01-01', '--owners', file];
  const { code, output } = await world.command(...asks);
  assert.match(output, /wrong\.csv, line 3: expected TR1042,4711,NORMAL-TOTAL-FEE-EUR-SIMPLE/);
  assert.equal(code, 2);
  assert.equal((await world.command('reconcile', '--owners', file)).code, 2);
  await writeFile(file, 'TR1,42,NORMAL-TOTAL-FEE-EUR-SIMPLE\n1,43,NORMAL-TOTAL-FEE-EUR-SIMPLE\n');
  const twice = await world.command(...asks);
  assert.match(twice.output, /wrong\.csv, line 2: TR1 has an owner already/);
  assert.equal(twice.code, 2);
});

test('the books read again without a difference, and nothing lies about', () => {
  assert.match(rehearsal.ledger.output, /: 0 differences/);
  assert.deepEqual(rehearsal.left_behind, []);
});
