// What a visitor's start and a notice wait longer while settlements are imported and matched, books
// taken, or the ledger verified by the command line beside the service, on one PostgreSQL.
import { spawn } from 'node:child_process';

import { payments_program } from '../../../scripts/platform.mjs';
import { start_service } from '../peers.mjs';
import { fresh_copy } from '../postgres/databases.mjs';
import { send, warm_up_s, while_running } from '../work.mjs';
import { command, make_files, weeks } from './settlement.mjs';

const rate = 40; // calls a second
const lines = 100_000;

// Runs commands one after the other, again and again, while `work` runs.
async function beside(database, commands, work) {
  let goes_on = true;
  let child;
  let runs = 0;
  const busy = async () => {
    while (goes_on) {
      const args = commands[runs % commands.length];
      child = spawn(payments_program, args, {
        env: { ...process.env, PAYMENTS_DATABASE: database }, stdio: 'ignore',
      });
      const code = await new Promise((resolve) => child.once('close', resolve));
      if (goes_on && code > 1) throw new Error(`${args.join(' ')} ended with ${code}`);
      ++runs;
    }
  };
  const running = busy();
  const figures = await work().finally(() => {
    goes_on = false;
    child?.kill();
  });
  await running;
  return { ...figures, runs };
}

export function beside_settlements(context) {
  const { seconds, postgres, postgres_attempts: attempts } = context;
  let files;
  const jobs = () => ({
    import: files.map((file, i) =>
      ['settlement', 'import', '--dry-run', file, files[(i + 1) % files.length]]),
    match: [['settlement', 'match', '--json']],
    export: [['export', '--format', 'csv', '--output', '-']],
    'verify-ledger': [['verify-ledger']],
  });
  const through = (kind, job) => async () => {
    files ??= make_files(lines);
    const database = await fresh_copy(postgres);
    if (job !== undefined)
      await command(database, ['settlement', 'import', ...files.slice(0, weeks)]);
    const first_id = kind === 'start' ? 10 * attempts : 1;
    const load = { first_id, count: attempts, seconds, clients: 16, rate };
    const peer = await start_service({ ...context, database });
    return while_running(
      peer,
      (port) => {
        const work = () => send(kind, port, load);
        return job === undefined ? work() : beside(database, jobs()[job], work);
      },
      {
        others: { database: postgres.pid },
        warm: (port) => send(kind, port, {
          ...load, first_id: first_id + attempts / 2, count: attempts / 2, seconds: warm_up_s,
        }),
      },
    );
  };
  const own = 'ozora-payments';
  const peers = (kind) => ({
    [own]: through(kind),
    ...Object.fromEntries(['import', 'match', 'export', 'verify-ledger'].map((job) =>
      [`${own}, beside ${job}`, through(kind, job)])),
  });
  return {
    beside: {
      title: `40 calls a second beside the command line, ${lines} lines of settlements`,
      cases: { start: peers('start'), ipn: peers('ipn') },
    },
  };
}
