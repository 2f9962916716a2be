// Durable notifications on PostgreSQL at several numbers of clients, against the same change sent
// by pgbench and against the Fastify service.
import { start_fastify_postgres, start_service } from '../peers.mjs';
import { count_in, fresh_copy } from '../postgres/databases.mjs';
import { pgbench } from '../postgres/pgbench.mjs';
import { check_kept, send_warm, warm_up_s } from '../work.mjs';

const client_counts = [1, 16, 64, 256];

function scenario(kind, title, context) {
  const { postgres_attempts: attempts, seconds, postgres } = context;
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
  const commits_of = (clients) => ({
    variables: { n: 0, clients, first_id },
    // Each client has a process of the server, whose caches are to be filled too.
    ...{ clients, seconds, warm_up_s: warm_up_s + Math.floor(clients / 64) },
  });
  const peers = (clients) => ({
    'ozora-payments': () => through((database) => start_service({ ...context, database }), clients),
    'pgbench, one commit each': () =>
      on_fresh(() => pgbench(postgres, 'round', kind, commits_of(clients))),
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
