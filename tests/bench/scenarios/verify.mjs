// The whole ledger read again, every hash and sum, beside another build of ours (--before FILE) on
// the same transactions in its own schema.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { payments_program } from '../../../scripts/platform.mjs';
import { bench, directory } from '../peers.mjs';
import * as sqlite from '../sqlite.mjs';
import { older_template } from './before.mjs';

const run_file = promisify(execFile);

export function verify({ settlement_rows: rows, before: program }) {
  let prepared;
  const prepare = async () => {
    const path = join(directory, 'ledger.db');
    sqlite.remove(path);
    await bench('prepare', path, '--count', rows / 2);
    return { now: path, older: program && (await older_template(path, program)) };
  };
  const by = (path, place) => async () => {
    prepared ??= prepare();
    const database = (await prepared)[place];
    const began = performance.now();
    const env = { ...process.env, PAYMENTS_DATABASE: `sqlite:${database}` };
    const { stdout } = await run_file(path, ['verify-ledger'], { env });
    const per_second = (1000 * rows) / (performance.now() - began);
    if (!/\b0 differences/.test(stdout)) throw new Error(stdout);
    return { per_second };
  };
  return {
    verify: {
      title: 'verify-ledger, SQLite',
      cases: {
        [`${rows} transactions`]: {
          'ozora-payments': by(payments_program, 'now'),
          ...(program && { before: by(program, 'older') }),
        },
      },
    },
  };
}
