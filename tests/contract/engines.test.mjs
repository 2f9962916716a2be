// What the SQL for PostgreSQL asks of the server, as docs/scaling.md tells who would take an engine
// that only speaks like it: whatever of that is used is in the table there, and what the page says
// is not used is not.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../scripts/platform.mjs';

const folder = (path, ending) =>
  readdirSync(join(root, path))
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(root, path, name), 'utf8'));

const sql = [
  // Statements of C++ are told over several literals.
  ...folder('src/storage/postgres', '.cpp').map((text) => text.replace(/"\s*\n\s*"/g, '')),
  ...folder('src/storage/rules', '.cpp'),
  ...folder('src/storage/migrations/postgres', '.sql'),
].join('\n').replace(/^\s*(--|\/\/).*$/gm, '');

const page = readFileSync(join(root, 'docs/scaling.md'), 'utf8');
const section = (title) => page.split(`\n## ${title}\n`)[1].split('\n## ')[0];
const about = section('PostgreSQL-compatible distributed engines');
const table = about.split('\n').filter((line) => line.startsWith('|')).join('\n');
const unused = /^Not used: [^]*?\.$/m.exec(about)[0];

// How each is written in the page, and how it is found in SQL.
const constructs = {
  'FOR UPDATE': /\bFOR UPDATE\b/,
  'SKIP LOCKED': /\bSKIP LOCKED\b/,
  'FOR EACH STATEMENT': /\bFOR EACH STATEMENT\b/i,
  'FOR EACH ROW': /\bFOR EACH ROW\b/i,
  plpgsql: /\bLANGUAGE plpgsql\b/i,
  pg_advisory_xact_lock: /\bpg_advisory_xact_lock\b/,
  pg_try_advisory_xact_lock: /\bpg_try_advisory_xact_lock\b/,
  pg_advisory_lock: /\bpg_(try_)?advisory_lock\b/,
  'LOCK TABLE': /\bLOCK TABLE\b/,
  COPY: /"COPY /,
  'DECLARE CURSOR': /\bDECLARE\b.*\bCURSOR\b/s,
  'CREATE INDEX CONCURRENTLY': /\bCREATE (UNIQUE )?INDEX CONCURRENTLY\b/,
  ctid: /\bctid\b/,
  'ALTER COLUMN ... SET STORAGE': /\bSET STORAGE\b/,
  'ON CONFLICT': /\bON CONFLICT\b/,
  unnest: /\bunnest\b/,
  LATERAL: /\bLATERAL\b/,
  set_config: /\bset_config\b/,
  nextval: /\bnextval\b/,
  LISTEN: /\bLISTEN \w/,
  NOTIFY: /\bNOTIFY \w|\bpg_notify\b/,
  DEFERRABLE: /\bDEFERRABLE\b/i,
  'CREATE TEMPORARY TABLE': /\bCREATE TEMP(ORARY)? TABLE\b/i,
  SERIALIZABLE: /\bSERIALIZABLE\b/i,
  SAVEPOINT: /\bSAVEPOINT\b/i,
  'CREATE EXTENSION': /\bCREATE EXTENSION\b/i,
  'EXCLUDE USING': /\bEXCLUDE USING\b/i,
  'PARTITION BY RANGE': /\bPARTITION BY (RANGE|LIST|HASH)\b/i,
  'PREPARE TRANSACTION': /\bPREPARE TRANSACTION\b/i,
  'WITH HOLD': /\bWITH HOLD\b/i,
};

describe('what PostgreSQL is asked for', () => {
  for (const [name, form] of Object.entries(constructs)) {
    const is_used = form.test(sql);
    it(`${is_used ? 'has' : 'has not'} ${name}, and the handbook says so`, () => {
      const told = [table, unused].map((text) => text.includes(`\`${name}\``));
      assert.deepEqual(told, [is_used, !is_used]);
    });
  }
});
