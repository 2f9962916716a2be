// startPayment on PostgreSQL, with a tickets service and a SimplePay that answer at once.
import { start_fastify_postgres, start_service } from '../peers.mjs';
import { count_in, fresh_copy } from '../postgres/databases.mjs';
import { check_kept, send, send_warm } from '../work.mjs';

const sale_rate = 150; // 30 000 tickets in 200 s
const busy_share = 0.4; // of what was reached when every client sent as fast as it could

// What the visitor waits beyond what tickets service and provider take, at one rate: the p99 of the
// whole less the p50 of the two calls, made by ourselves at that rate.
async function added(port, { stand_in, load, first_id, rate }) {
  const paced = await send('start', port, { ...load, first_id, rate });
  const ticket = await send('ticket', stand_in.port, { ...load, rate });
  const provider = await send('provider', stand_in.port, { ...load, rate });
  const others_ms = ticket.p50_ms + provider.p50_ms;
  return {
    ok: paced.ok,
    others_ms,
    p50_ms: paced.p50_ms - others_ms,
    p99_ms: paced.p99_ms - others_ms,
  };
}

export function starting(context) {
  const { postgres_attempts: attempts, seconds, clients, postgres, stand_in } = context;
  const load = { count: attempts, seconds, clients };
  const database = postgres?.pid;
  const first_id = 10 * attempts; // tickets that nobody has begun to pay
  const on_record = () =>
    count_in(postgres, 'round', `transactions WHERE status = 'pending' AND id > ${2 * attempts}`);

  const through = async (start) => {
    const peer = await start(await fresh_copy(postgres));
    try {
      const running = { pid: peer.pid, port: peer.port, stop: () => undefined };
      const figures = await send_warm('start', running, { ...load, first_id }, { database });
      const at = (rate, ids) =>
        added(peer.port, { stand_in, load, first_id: ids * attempts, rate });
      const sale = await at(sale_rate, 20);
      const busy_rate = busy_share * figures.per_second;
      const busy = await at(busy_rate, 30);
      check_kept(figures.ok + figures.warm_ok + sale.ok + busy.ok, await on_record());
      return {
        ...figures,
        others_ms: sale.others_ms,
        added_p50_ms: sale.p50_ms,
        added_p99_ms: sale.p99_ms,
        busy_rate,
        busy_added_p50_ms: busy.p50_ms,
        busy_added_p99_ms: busy.p99_ms,
      };
    } finally {
      await peer.stop();
    }
  };
  const peers = {
    'ozora-payments': () => through((uri) => start_service({ ...context, database: uri })),
    'Fastify + pg': () => through((uri) => start_fastify_postgres({ ...context, uri })),
  };
  return {
    'pg-start': {
      title: '`startPayment`, PostgreSQL',
      cases: { [`${clients} clients`]: peers },
    },
  };
}
