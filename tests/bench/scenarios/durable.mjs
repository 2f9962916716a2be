// Durable notifications on PostgreSQL at several numbers of clients, against the same change sent
// by pgbench and against the Fastify service.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { pause, root } from '../../../scripts/platform.mjs';
import { cpu_us } from '../measure.mjs';
import { start_fastify_postgres, start_service } from '../peers.mjs';
import { count_in, fresh_copy } from '../postgres/databases.mjs';
import { binaries } from '../postgres/server.mjs';
import { check_kept, send_warm, warm_up_s } from '../work.mjs';

const client_counts = [1, 16, 64, 256];

// Commits of their own, as many at once as there are clients; ends with an error when any failed.
// It tells its rate every second, so that the first ones can be left out.
async function pgbench(uri, kind, { first_id, clients, seconds, database_pid }) {
  const script = join(root, `tests/bench/postgres/${kind}.pgbench.sql`);
  const variables = { n: 0, clients, first_id };
  const args = [
    ...['-n', '-M', 'prepared', '-f', script, '-c', clients, '-j', Math.min(clients, 2)],
    ...['-P', 1, '-T', warm_up_s + seconds],
    ...Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
    uri,
  ];
  const running = promisify(execFile)(join(binaries, 'pgbench'), args.map(String));
  const warm_cpu_us = pause(warm_up_s * 1000).then(() => cpu_us(database_pid));
  const { stdout, stderr } = await running;
  const used_us = cpu_us(database_pid) - (await warm_cpu_us);
  if (!/number of failed transactions: 0 /.test(stdout)) throw new Error(stdout + stderr);

  const told = [...stderr.matchAll(/progress: ([\d.]+) s, ([\d.]+) tps, lat ([\d.]+) ms/g)];
  const late = told.map((line) => line.map(Number)).filter(([, at_s]) => at_s > warm_up_s + 0.5);
  const mean = (place) => late.reduce((sum, line) => sum + line[place], 0) / late.length;
  const per_second = mean(2);
  return {
    ok: Number(/number of transactions actually processed: (\d+)/.exec(stdout)[1]),
    per_second,
    mean_ms: mean(3),
    database_cpu_us: used_us / (per_second * seconds),
  };
}

function scenario(kind, title, context) {
  const { attempts, seconds, postgres } = context;
  const first_id = kind === 'webhook' ? attempts + 1 : 1;

  // `work` is given the URI of a fresh database, which must then hold what was answered.
  const on_fresh = async (work) => {
    const uri = await fresh_copy(postgres);
    const figures = await work(uri);
    const answered = figures.ok + (figures.warm_ok ?? 0);
    check_kept(answered, await count_in(postgres, 'round', 'notifications'));
    check_kept(answered, await count_in(postgres, 'round', `facts WHERE source = '${kind}'`));
    return figures;
  };
  const through = (start, clients) =>
    on_fresh(async (uri) => {
      const load = { first_id, count: attempts, seconds, clients };
      return send_warm(kind, await start(uri), load, { database: postgres.pid });
    });
  const peers = (clients) => ({
    'ozora-payments': () => through((database) => start_service({ ...context, database }), clients),
    'pgbench, one commit each': () =>
      on_fresh((uri) =>
        pgbench(uri, kind, { first_id, clients, seconds, database_pid: postgres.pid }),
      ),
    'Fastify + pg': () => through((uri) => start_fastify_postgres({ ...context, uri }), clients),
  });
  const label = (clients) => (clients === 1 ? '1 client' : `${clients} clients`);
  const cases = Object.fromEntries(client_counts.map((one) => [label(one), peers(one)]));
  return { title, cases };
}

export const durable = (context) => ({
  'pg-ipn': scenario('ipn', 'SimplePay IPN, durable, PostgreSQL', context),
  'pg-webhook': scenario('webhook', 'Stripe webhook, durable, PostgreSQL', context),
});
