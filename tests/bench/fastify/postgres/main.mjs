// What ozora-payments is compared with on PostgreSQL: the same contract as a careful team would
// write it with Fastify, pg and Stripe's own library, on as many processes as the machine has for
// it. Usage: node main.mjs DATABASE_URI KEYS_DIRECTORY OTHERS_URL; prints {"port":...}.
import cluster from 'node:cluster';
import Fastify from 'fastify';

import { add_lookups } from './lookups.mjs';
import { add_notifications } from './notifications.mjs';
import { add_start } from './start.mjs';

const workers = 2;

function lead() {
  const listening = new Set();
  cluster.on('exit', () => process.exit(1));
  cluster.on('listening', ({ id }, { port }) => {
    listening.add(id);
    if (listening.size === workers) console.log(JSON.stringify({ port }));
  });
  for (let i = 0; i < workers; ++i) cluster.fork();
  process.on('SIGTERM', () => {
    cluster.removeAllListeners('exit');
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM');
    process.exit(0);
  });
}

// Signatures are over the bytes that came, so bodies stay what they are until someone parses them.
async function serve() {
  const server = Fastify({ logger: false });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) =>
    done(null, body),
  );
  server.get('/healthz', () => ({ status: 'alive' }));
  add_notifications(server);
  add_start(server);
  add_lookups(server);
  await server.listen({ host: '127.0.0.1', port: 0 });
}

if (cluster.isPrimary) lead();
else await serve();
