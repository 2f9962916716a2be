// Three times as many starts as can be carried, whether answered or not, over ten thousand
// connections, and a few notifications beside them: who answers what they accept, and in what time.
import { start_fastify_postgres, start_service } from '../peers.mjs';
import { count_in, fresh_copy } from '../postgres/databases.mjs';
import * as sqlite from '../sqlite.mjs';
import { check_kept, send, send_warm, with_cpu } from '../work.mjs';

const connections = 10_000;
const too_many = 3;
const notices_per_second = 20;

// Databases of both kinds: a fresh one, how many attempts it has, and what it holds.
const in_postgres = ({ postgres, postgres_attempts: attempts }) => ({
  attempts,
  fresh: () => fresh_copy(postgres),
  count: (_, what) => count_in(postgres, 'round', what),
  others: { database: postgres?.pid },
});
const in_sqlite = ({ attempts }) => ({
  attempts,
  fresh: () => sqlite.fresh_database(attempts),
  count: (database, what) => sqlite.count_in(database, what),
  others: {},
});

// Processor time of what answers a start, wherever its callers run.
const own_us = ({ cpu_us, database_cpu_us = 0 }) => cpu_us + database_cpu_us;

// How many cores each kept busy.
function cores_of({ ok, seconds, ...used }) {
  const cores = (each_us = 0) => (each_us * ok) / seconds / 1e6;
  return {
    service_cores: cores(used.cpu_us),
    database_cores: cores(used.database_cpu_us),
    stand_in_cores: cores(used.stand_in_cpu_us),
    sender_cores: used.sender_cpu_s / seconds,
  };
}

const prefixed = (prefix, figures) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}_${name}`, value]));

export function overload(context) {
  const { seconds, clients, overload_seconds, stand_in } = context;

  const through = (place, start) => async () => {
    const { attempts } = place;
    const others = { stand_in: stand_in.pid, ...place.others };
    const database = await place.fresh();
    const peer = await start(database);
    try {
      const running = { pid: peer.pid, port: peer.port, stop: () => undefined };
      const load = { first_id: 10 * attempts, count: attempts, seconds, clients };
      const peak = await send_warm('start', running, load, others);
      const rate = too_many * peak.per_second;
      const crowd = {
        ...{ first_id: 20 * attempts, count: Math.ceil(rate * overload_seconds) },
        ...{ seconds: overload_seconds, clients: connections, rate, takes_refusals: true },
      };
      const notices = {
        ...{ count: Math.ceil(notices_per_second * overload_seconds), clients },
        ...{ seconds: overload_seconds, rate: notices_per_second },
      };
      const [starts, ipns] = await Promise.all([
        with_cpu({ service: peer.pid, ...others }, () => send('start', peer.port, crowd)),
        send('ipn', peer.port, notices),
      ]);
      // After a minute SimplePay is asked about them, and says that they were paid.
      const has_begun = `provider_id <> '' AND status IN ('pending', 'paid')`;
      const begun = `transactions WHERE ${has_begun} AND id > ${2 * attempts}`;
      const answered = peak.ok + peak.warm_ok + starts.ok;
      check_kept(answered, await place.count(database, begun));
      check_kept(ipns.ok, await place.count(database, 'notifications'));
      return {
        ...starts,
        peak_per_second: peak.per_second,
        kept_percent: (100 * starts.per_second) / peak.per_second,
        refused_per_second: starts.refused / starts.seconds,
        ...cores_of(starts),
        ...prefixed('peak', cores_of(peak)),
        kept_per_core_percent: (100 * own_us(peak)) / own_us(starts),
        notice_p99_ms: ipns.p99_ms,
      };
    } finally {
      await peer.stop();
    }
  };
  const service = (set) => (database) => {
    const more = { PAYMENTS_CONNECTIONS: `${connections + 1000}`, ...set };
    return start_service({ ...context, more, database });
  };
  const own = 'ozora-payments';
  const refusing_nothing = service({ PAYMENTS_START_WAIT_MS: '0' });
  const postgres = in_postgres(context);
  return {
    overload: {
      title: `Three times the starts that can be carried, ${connections} connections`,
      cases: {
        PostgreSQL: {
          [own]: through(postgres, service()),
          [`${own}, refusing nothing`]: through(postgres, refusing_nothing),
          'Fastify + pg': through(postgres, (uri) => start_fastify_postgres({ ...context, uri })),
        },
        SQLite: {
          [own]: through(in_sqlite(context), service()),
          [`${own}, refusing nothing`]: through(in_sqlite(context), refusing_nothing),
        },
      },
    },
  };
}
