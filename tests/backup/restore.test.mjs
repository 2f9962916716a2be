// `ozora-payments restore`: what it takes for a backup, where it puts it, and what it leaves alone.
import assert from 'node:assert/strict';
import { chown, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { simple_eur, World } from '../faults/world.mjs';
import { open_small_disk } from '../replicas/small_disk.mjs';
import {
  backup, copy_of, execute, make_newer, make_older, next_number, noted_at, restore, swell,
  transactions, verify,
} from './programs.mjs';

const nobody = 65534;

describe('restore', () => {
  let world, database, good, place, target;
  let number = 0;
  before(async () => {
    world = await World.open();
    database = world.platform.database.path;
    for (let i = 0; i < 3; ++i) await world.started(simple_eur);
    swell(database, 4);
    good = join(world.platform.directory, 'good.db');
    const { code, output } = await backup(database, good);
    assert.equal(code, 0, output);
  });
  after(() => world?.close());
  beforeEach(async () => {
    place = join(world.platform.directory, `place${++number}`);
    await mkdir(place);
    target = join(place, 'payments.db');
  });

  const files = async () => (await readdir(place)).sort();
  const spoilt = (name) => join(world.platform.directory, name);

  // Nothing was put in place, and nothing is left beside it.
  async function assert_refused({ code, output }, expected, said) {
    assert.match(output, said);
    assert.equal(code, expected, output);
    assert.deepEqual(await files(), []);
  }

  it('puts it in place, up to date, with numbers that nobody was given', async () => {
    const { code, output } = await restore(target, good);
    assert.equal(code, 0, output);
    assert.deepEqual(await files(), ['payments.db']);
    assert.equal((await stat(target)).mode & 0o777, 0o600);
    assert.equal(transactions(target), 3);
    assert.equal(next_number(target), 100_004);
    assert.match(output, /numbers up to TR100003 are passed over/);
    const since = new Date(noted_at(good)).toISOString();
    assert.ok(output.includes(`reconcile --since ${since}`), output);
    assert.equal((await verify(target)).code, 0);
  });

  it('keeps what was there, under another name', async () => {
    await restore(target, good, '--count', '10');
    const refused = await restore(target, good);
    assert.equal(refused.code, 2);
    assert.match(refused.output, /payments\.db is there already: with --replace it is put aside/);
    const { code, output } = await restore(target, good, '--count', '20', '--replace');
    assert.equal(code, 0, output);
    const [now, aside, ...more] = await files();
    assert.deepEqual([now, more], ['payments.db', []]);
    assert.match(aside, /^payments\.db\.before-\d{8}T\d{6}Z$/);
    assert.deepEqual([next_number(target), next_number(join(place, aside))], [24, 14]);
  });

  it('gives no number that the database in its place had given', async () => {
    await restore(target, good, '--count', '20');
    const { code, output } = await restore(target, good, '--count', '10', '--replace');
    assert.equal(code, 0, output);
    assert.equal(next_number(target), 24);
    assert.match(output, /numbers up to TR23 are passed over/);
  });

  it('takes the place of a damaged database, and of a log that is left alone', async () => {
    await writeFile(target, 'no database'.repeat(1000));
    await writeFile(`${target}-wal`, 'its log');
    const { code, output } = await restore(target, good, '--replace');
    assert.equal(code, 0, output);
    const aside = (await files()).filter((name) => name.includes('.before-'));
    assert.deepEqual(aside.map((name) => name.endsWith('-wal')), [false, true]);
    assert.equal((await verify(target)).code, 0);
    await rm(target);
    await writeFile(`${target}-wal`, 'left alone');
    assert.equal((await restore(target, good)).code, 0);
    assert.ok(!(await files()).includes('payments.db-wal'));
    assert.equal((await verify(target)).code, 0);
  });

  it('leaves a database alone that a service has open, also a deleted one', async () => {
    const { pid } = world.platform.payments.program;
    const refused = await restore(database, good, '--replace');
    assert.equal(refused.code, 2);
    assert.match(refused.output, new RegExp(`process ${pid} has .*payments.db open: stop`));
    await world.started(simple_eur);
    const aside = spoilt('aside.db');
    await backup(database, aside);
    for (const end of ['', '-wal', '-shm']) await rm(`${database}${end}`);
    const still = await restore(database, good);
    assert.match(still.output, new RegExp(`process ${pid} has .*payments.db open: stop`));
    await world.platform.payments.stop();
    const { code, output } = await restore(database, aside);
    assert.equal(code, 0, output);
    await world.platform.restart();
    assert.equal(await world.status(1), 'pending');
  });

  it('brings one of an older version up to date, and refuses a newer one', async () => {
    const newest = await make_older(spoilt('older.db'));
    const { code, output } = await restore(target, spoilt('older.db'));
    assert.equal(code, 0, output);
    assert.ok(output.startsWith(`applied migration ${newest}\n`), output);
    await rm(target);
    await copy_of(good, spoilt('newer.db'));
    make_newer(spoilt('newer.db'));
    await assert_refused(await restore(target, spoilt('newer.db')), 1, /schema is newer.*9999/);
  });

  it('refuses what is cut off, damaged, altered, in use, missing, or no backup', async () => {
    const whole = (await stat(good)).size;
    await copy_of(good, spoilt('cut.db'));
    await truncate(spoilt('cut.db'), Math.floor(whole * 0.6));
    await assert_refused(await restore(target, spoilt('cut.db')), 1, /damaged|malformed/);
    await copy_of(good, spoilt('altered.db'));
    execute(spoilt('altered.db'), "DROP TRIGGER facts_stay; UPDATE facts SET detail = 'altered'");
    await assert_refused(await restore(target, spoilt('altered.db')), 1,
      /nothing was restored: the books of .*altered\.db differ/);
    await writeFile(spoilt('text.db'), 'a letter to the bank\n'.repeat(500));
    await assert_refused(await restore(target, spoilt('text.db')), 1, /is not an SQLite database/);
    await copy_of(good, spoilt('used.db'));
    await writeFile(spoilt('used.db-wal'), '');
    await assert_refused(await restore(target, spoilt('used.db')), 2, /used\.db is no backup but/);
    await assert_refused(await restore(target, spoilt('none.db')), 1,
      /none\.db: cannot be read: No such file/);
    await assert_refused(await restore(target, place), 1, /place\d+: is no file/);
  });

  it('takes one that differs when it is told that there is no other', async () => {
    const { code, output } = await restore(target, spoilt('altered.db'), '--despite-differences');
    assert.equal(code, 0, output);
    assert.match(output, /the guard facts_stay is missing/);
  });

  it('comes from another file system, and says when its own is full', async (t) => {
    const disk = await open_small_disk({ size_mib: 24 });
    if (!disk) return t.skip('this machine allows no mounts');
    try {
      const far = join(disk.place, 'far.db');
      await copy_of(good, far);
      assert.equal((await restore(target, far)).code, 0);
      const big = spoilt('big.db');
      await copy_of(good, big);
      swell(big, 40);
      const { code, output } = await restore(join(disk.place, 'payments.db'), big);
      assert.equal(code, 1);
      assert.match(output, /payments\.db\.restoring: cannot be written: No space left on device/);
      assert.deepEqual(await readdir(disk.place), ['far.db']);
    } finally {
      await disk.close();
    }
  });

  it('belongs to whom the directory belongs, when root restores it', async (t) => {
    if (process.getuid() !== 0) return t.skip('only root can give files away');
    await chown(place, nobody, nobody);
    assert.equal((await restore(target, good)).code, 0);
    const { uid, gid } = await stat(target);
    assert.deepEqual([uid, gid], [nobody, nobody]);
    assert.equal((await readFile(target)).subarray(0, 15).toString(), 'SQLite format 3');
  });
});
