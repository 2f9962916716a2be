// Runs a command with a PostgreSQL server of its own, whose address it finds in TEST_DATABASE:
//   scripts/node tests/support/on_postgres.mjs scripts/node --test tests/api/*.test.mjs
import { spawn } from 'node:child_process';
import { Postgres } from './postgres.mjs';

const [command, ...args] = process.argv.slice(2);
const server = await Postgres.start();
try {
  const env = { ...process.env, TEST_DATABASE: server.url() };
  const child = spawn(command, args, { env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
} finally {
  await server.close();
}
