// Both commands are killed (SIGKILL) again and again, at any moment of their work.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { pause } from '../fixtures/harness.mjs';
import { backup, launch, restore, run, swell, verify } from './programs.mjs';

const times = Number(process.env.BACKUP_KILLS ?? 12), tries_max = 5 * times;

// As a process leaves it that dies after a commit: the change is in the log alone.
async function leave_with_log(path, sql) {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${sql}`);
  for (const end of ['', '-wal']) await cp(`${path}${end}`, `${path}.dead${end}`);
  database.close();
  for (const end of ['', '-wal']) await rename(`${path}.dead${end}`, `${path}${end}`);
}

describe('killed at any moment', () => {
  let place, database, whole_ms;
  const at = (name) => join(place, name);
  before(async () => {
    place = await mkdtemp(join(tmpdir(), 'ozora-killed-'));
    database = at('payments.db');
    const { code, output } = await run(database, ['migrate']);
    assert.equal(code, 0, output);
    swell(database, 24);
  });
  after(() => rm(place, { recursive: true }));

  const timed = async (act) => {
    const began = performance.now();
    const { code, output } = await act();
    assert.equal(code, 0, output);
    whole_ms = performance.now() - began;
  };
  // Gives how many were killed before they ended.
  async function kill_often(on, args, look) {
    let killed = 0;
    for (let i = 0; killed < times && i < tries_max; ++i) {
      const program = launch(on, args(i));
      await pause((whole_ms * ((i % times) + 0.5)) / times);
      const { signal } = await program.stop('SIGKILL');
      if (signal === 'SIGKILL') ++killed;
      else whole_ms *= 0.8; // it was measured while the machine had more to do
      await look(i);
    }
    return killed;
  }

  it('a backup has its name only when it is whole, and the next one begins anew', async () => {
    await timed(() => backup(database, at('first.db')));
    const name = at('killed.db');
    const killed = await kill_often(database, () => ['backup', '--to', name], async () => {
      if (!existsSync(name)) return;
      assert.equal((await verify(name)).code, 0);
      await rm(name);
    });
    assert.equal(killed, times);
    const { code, output } = await backup(database, name);
    assert.equal(code, 0, output);
    assert.deepEqual((await readdir(place)).filter((one) => /^killed/.test(one)), ['killed.db']);
  });

  // The old database has a log beside it, as a service leaves that was killed: its words must
  // neither be lost nor come into the new one.
  it('in the place of the database is the old one or the new one, whole', async () => {
    const target = at('target.db');
    await timed(() => restore(target, at('first.db')));
    await leave_with_log(target, 'UPDATE sqlite_sequence SET seq = 777000');
    await mkdir(at('before'));
    const kept = at('before/target.db');
    for (const end of ['', '-wal']) await cp(`${target}${end}`, `${kept}${end}`);
    const put_back = async () => {
      for (const name of (await readdir(place)).filter((one) => /^target/.test(one)))
        await rm(at(name));
      for (const end of ['', '-wal']) await cp(`${kept}${end}`, `${target}${end}`);
    };
    const seen = new Set();
    const look = async () => {
      const { code, output } = await run(target, ['reserve-numbers', '--count', '1']);
      assert.equal(code, 0, output);
      seen.add(/TR(\d+)/.exec(output)[1]);
      assert.equal((await verify(target)).code, 0);
      await put_back();
    };
    // More than the old one has given, whose numbers a new one passes over as well.
    const passed = 800_000;
    const args = (i) =>
      ['restore', '--replace', '--from', at('first.db'), '--count', String(passed + i)];
    const killed = await kill_often(target, args, look);
    assert.equal(killed, times);
    for (const number of seen) {
      const is_new = Number(number) > passed && Number(number) <= passed + tries_max;
      assert.ok(is_new || number === '777001', `the next number is ${number}`);
    }
    const { code, output } = await restore(target, at('first.db'), '--replace');
    assert.equal(code, 0, output);
    const left = (await readdir(place)).filter((one) => /^target.*(ing|wal|shm)$/.test(one));
    assert.deepEqual(left, []);
  });
});
