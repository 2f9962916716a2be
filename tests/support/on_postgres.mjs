// Runs a command with a PostgreSQL server of its own, whose address it finds in TEST_DATABASE; with
// --pooler also with PgBouncer before it, for the service, in TEST_POOLER:
//   scripts/node tests/support/on_postgres.mjs scripts/node --test tests/api/*.test.mjs
import { spawn } from 'node:child_process';
import { start_pgbouncer } from './pgbouncer.mjs';
import { Postgres } from './postgres.mjs';

const [first, ...rest] = process.argv.slice(2);
const with_pooler = first === '--pooler';
const [command, ...args] = with_pooler ? rest : [first, ...rest];

function run(env) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

const server = await Postgres.start();
let pooler;
try {
  const env = { TEST_DATABASE: server.url() };
  if (with_pooler) {
    const { password } = server;
    pooler = await start_pgbouncer(server, { user: 'postgres', password });
    env.TEST_POOLER = pooler.url('postgres');
  }
  process.exitCode = await run(env);
} finally {
  await pooler?.stop();
  await server.close();
}
