// Without a database: what HTTP itself costs, and what reading a notification adds.
import { bench, start_acknowledging, start_nginx, start_service } from '../peers.mjs';
import { fresh_database } from '../sqlite.mjs';
import { while_running, wrk } from '../work.mjs';

const healthz = { path: '/healthz', body: '{"status":"alive"}' };

async function one_notice() {
  const message = await bench('compose', 'ipn', '--first-id', 1);
  const answer = `${message.body.slice(0, -1)},"receiveDate":"2026-03-02T10:21:07+00:00"}`;
  return { message, nginx: { path: message.path, body: answer } };
}

export function plain(context) {
  const { attempts, clients, seconds } = context;
  const load = { clients, seconds };
  const get = (port) => wrk(port, { ...load, path: healthz.path });
  const post = async (start) => {
    const { message, nginx } = await one_notice();
    return while_running(await start(nginx), (port) =>
      wrk(port, { ...load, path: message.path, message }),
    );
  };
  const health = {
    'ozora-payments': async () => {
      const database = await fresh_database(attempts);
      return while_running(await start_service({ ...context, database, threads: 1 }), get);
    },
    nginx: async () => while_running(await start_nginx(healthz), get),
  };
  const parsing = {
    'ozora-payments, nothing kept': () => post(start_acknowledging),
    nginx: () => post(start_nginx),
  };
  return {
    health: { title: '`GET /healthz`, 1 thread', cases: { '': health } },
    'ipn-parse': { title: 'IPN read, verified, answered, 1 thread', cases: { '': parsing } },
  };
}
