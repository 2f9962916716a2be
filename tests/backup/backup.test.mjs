// `ozora-payments backup`, beside a service that runs.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually, payments_program } from '../fixtures/harness.mjs';
import { simple_eur, stripe_huf, World } from '../faults/world.mjs';
import { open_small_disk } from '../replicas/small_disk.mjs';
import {
  backup, copy_of, execute, launch, make_newer, make_older, noted_at, run, swell, transactions,
  verify,
} from './programs.mjs';

const nobody = { uid: 65534, gid: 65534 };

describe('backup', () => {
  let world, database, at, began;
  before(async () => {
    world = await World.open();
    database = world.platform.database.path;
    at = (name) => join(world.platform.directory, name);
    for (const code of [simple_eur, stripe_huf]) await world.pay(await world.started(code));
  });
  after(() => world?.close());

  // Nothing is left of a backup that failed, under whatever name.
  async function assert_nothing_of(name) {
    const left = (await readdir(world.platform.directory)).filter((one) => one.startsWith(name));
    assert.deepEqual(left, []);
  }

  it('makes one file that nobody else may read, and whose books are whole', async () => {
    began = Date.now();
    const { code, output } = await backup(database, at('first.db'));
    assert.equal(code, 0, output);
    assert.match(output, /2 transactions, .*: 0 differences\n.*first\.db, \d+ bytes\n$/);
    assert.equal((await stat(at('first.db'))).mode & 0o777, 0o600);
    const files = (await readdir(world.platform.directory)).filter((one) => /^first/.test(one));
    assert.deepEqual(files, ['first.db']);
    assert.equal(transactions(at('first.db')), 2);
    assert.equal((await verify(at('first.db'))).code, 0);
    await world.pay(await world.started(simple_eur));
  });

  it('is noted, for whoever looks whether all is well, and in the copy', async () => {
    const noted = noted_at(database);
    assert.ok(noted >= began && noted <= Date.now(), `${noted}`);
    assert.equal(noted_at(at('first.db')), noted);
    const { output } = await world.command('doctor');
    assert.match(output, /^good +backup: /m);
  });

  it('is named by its time in a directory', async () => {
    await mkdir(at('nightly'));
    const { code, output } = await backup(database, at('nightly'));
    assert.equal(code, 0, output);
    const [name, ...more] = await readdir(at('nightly'));
    assert.match(name, /^payments-\d{8}T\d{6}Z\.db$/);
    assert.deepEqual(more, []);
  });

  it('overwrites nothing', async () => {
    await writeFile(at('taken'), 'something else');
    const { code, output } = await backup(database, at('taken'));
    assert.equal(code, 2);
    assert.match(output, /taken is there already, and nothing is overwritten/);
    assert.equal(await readFile(at('taken'), 'utf8'), 'something else');
    const itself = await backup(database, database);
    assert.equal(itself.code, 2, itself.output);
  });

  it('is of one moment, and delays nobody who commits meanwhile', async () => {
    swell(database, 40);
    const copying = launch(database, ['backup', '--to', at('meanwhile.db')]);
    let started = 0;
    while (!copying.end) {
      await world.started(simple_eur);
      ++started;
    }
    assert.deepEqual(copying.end, { code: 0, signal: null }, copying.output);
    assert.ok(started > 0);
    assert.match(copying.output, /: 0 differences/);
    swell(database, 1);
  });

  it('takes the place of one that was killed, and not of one that is at work', async () => {
    const part = at('again.db.part');
    await writeFile(part, 'half of it');
    await writeFile(`${part}-wal`, 'and its log');
    const holding = spawn('flock', ['--no-fork', part, 'sleep', '60'], { stdio: 'ignore' });
    const is_held = () => spawnSync('flock', ['--nonblock', part, 'true']).status !== 0;
    await eventually(is_held, { what: 'somebody to hold the file' });
    const refused = await backup(database, at('again.db'));
    holding.kill();
    assert.equal(refused.code, 1);
    assert.match(refused.output, /again\.db\.part: another process is writing it/);
    await eventually(() => !is_held(), { what: 'nobody to hold the file' });
    const { code, output } = await backup(database, at('again.db'));
    assert.equal(code, 0, output);
    const files = (await readdir(world.platform.directory)).filter((one) => /^again/.test(one));
    assert.deepEqual(files, ['again.db']);
  });

  it('says when the disk is full, and leaves nothing', async (t) => {
    const disk = await open_small_disk({ size_mib: 4 });
    if (!disk) return t.skip('this machine allows no mounts');
    try {
      swell(database, 20);
      const { code, output } = await backup(database, join(disk.place, 'full.db'));
      assert.equal(code, 1);
      assert.match(output, /full\.db\.part: the disk or the file's quota is full/);
      assert.deepEqual(await readdir(disk.place), []);
    } finally {
      swell(database, 1);
      await disk.close();
    }
  });

  it('says what keeps it from writing or reading', async () => {
    const missing = await backup(database, at('no/such/place.db'));
    assert.equal(missing.code, 1);
    assert.match(missing.output, /place\.db\.part: cannot be made: No such file or directory/);
    const nothing = await backup(at('nothing.db'), at('of_nothing.db'));
    assert.equal(nothing.code, 1);
    assert.match(nothing.output, /nothing\.db: the file does not exist/);
    await assert_nothing_of('nothing.db');
    await assert_nothing_of('of_nothing.db');
  });

  it('says what it has no permission for', async (t) => {
    if (process.getuid() !== 0) return t.skip('only root can be somebody else');
    const program = at('program');
    await copyFile(payments_program, program);
    for (const path of [program, world.platform.directory]) await chmod(path, 0o755);
    const as_nobody = { path: program, ...nobody };
    const { code, output } = await backup(database, at('not_mine.db'), as_nobody);
    assert.equal(code, 1);
    assert.match(output, /payments\.db: (cannot be opened: Permission denied|.* read-only)/);
    await assert_nothing_of('not_mine.db');
  });

  it('wants the version that the database is of', async () => {
    await make_older(at('older.db'));
    const older = await backup(at('older.db'), at('of_older.db'));
    assert.equal(older.code, 1);
    assert.match(older.output, /older than this program.* with the version that runs, then update/);
    await copy_of(at('first.db'), at('newer.db'));
    make_newer(at('newer.db'));
    const newer = await backup(at('newer.db'), at('of_newer.db'));
    assert.equal(newer.code, 1);
    assert.match(newer.output, /its schema is newer \(9999_to_come\).*run the newer version/);
    await assert_nothing_of('of_');
  });

  it('does not take books that differ for a good backup', async () => {
    await copy_of(at('first.db'), at('altered.db'));
    execute(at('altered.db'), "DROP TRIGGER facts_stay; UPDATE facts SET detail = 'altered'");
    const { code, output } = await backup(at('altered.db'), at('of_altered.db'));
    assert.equal(code, 1);
    assert.match(output, /of_altered\.db\.differs, and not noted as a backup/);
    const names = (await readdir(world.platform.directory)).filter((one) => /^of_alt/.test(one));
    assert.deepEqual(names, ['of_altered.db.differs']);
  });

  it('sends whoever has PostgreSQL to its own tools', async () => {
    for (const args of [['backup', '--to', 'x'], ['restore', '--from', 'x']]) {
      const { code, output } = await run('postgresql://payments@db.example/payments', args);
      assert.equal(code, 2);
      for (const tool of ['pg_dump|pg_restore', 'pg_basebackup', 'pgBackRest', 'ozora-payments'])
        assert.match(output, new RegExp(tool));
    }
  });
});
