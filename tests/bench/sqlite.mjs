// The embedded database: one is prepared, every round works on a fresh copy.
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';

import { bench, directory } from './peers.mjs';

const template = join(directory, 'template.db');
let prepared;

export function remove(database) {
  for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });
}

async function prepare(attempts) {
  mkdirSync(directory, { recursive: true });
  remove(template);
  await bench('prepare', template, '--count', attempts);
  // Else the service would add these up while something else is measured.
  const database = new Database(template);
  database.exec('DELETE FROM totals_pending');
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

// The prepared database again, untouched, and on the disk before anything is timed.
export const fresh_database = async (attempts, place = directory) =>
  fresh_copy(await prepared_template(attempts), place);

export async function prepared_template(attempts) {
  if (prepared !== attempts || !existsSync(template)) await prepare(attempts);
  prepared = attempts;
  return template;
}

export async function fresh_copy(from, place = directory) {
  const path = join(place, 'round.db');
  remove(path);
  copyFileSync(from, path);
  await promisify(execFile)('sync', ['-f', path]);
  return path;
}

export function count_in(path, what) {
  const database = new Database(path, { readonly: true });
  const { count } = database.prepare(`SELECT count(*) AS count FROM ${what}`).get();
  database.close();
  return count;
}
