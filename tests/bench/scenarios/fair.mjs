// What a visitor's start and a notice wait longer while somebody else, from another address, asks
// for as much as he can.
import { start_service } from '../peers.mjs';
import { fresh_copy } from '../postgres/databases.mjs';
import { send, warm_up_s, while_running } from '../work.mjs';

const rate = 40; // calls a second
const elsewhere = '127.0.0.2';

// Asks again and again until told to stop; gives how often it was answered.
async function again_and_again(stop, ask) {
  let answered = 0;
  while (!stop.aborted) {
    try {
      await ask();
      ++answered;
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }
  return answered;
}

// What the other does; each is given the port and a signal that ends it.
const others = ({ callers, seconds, postgres_attempts: attempts }) => {
  const flood = (clients) => (port) =>
    send('search', port, {
      ...{ first_id: 1, count: 200_000, span: 2 * attempts, seconds: seconds + 1, clients },
      ...{ tokens: callers.tokens.ES256, source: elsewhere },
    });
  const pages = (path, body) => async (port, signal) => {
    const Authorization = `Bearer ${await callers.accountant()}`;
    const headers = { 'Content-Type': 'application/json', Authorization };
    const ask = async () => {
      const url = `http://127.0.0.1:${port}${path}`;
      const options = { method: 'POST', headers, body: JSON.stringify(body), signal };
      const reply = await fetch(url, options);
      if (reply.status !== 200) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
      await reply.arrayBuffer();
    };
    await Promise.all(Array.from({ length: 8 }, () => again_and_again(signal, ask)));
  };
  return {
    '64 lookups at once': flood(64),
    '1000 lookups at once': flood(1000),
    lists: pages('/payments/find', { limit: 50 }),
    charts: pages('/payments/sums', {
      from: '2026-11-01', to: '2026-12-01', bucket: 'day', by: ['processor'],
      measures: ['paid', 'refunded'],
    }),
  };
};

export function fair(context) {
  const { seconds, postgres, postgres_attempts: attempts } = context;
  const through = (kind, other) => async () => {
    const database = await fresh_copy(postgres);
    const first_id = kind === 'start' ? 10 * attempts : 1;
    const load = { first_id, count: attempts, seconds, clients: 16, rate };
    const peer = await start_service({ ...context, database });
    return while_running(
      peer,
      async (port) => {
        const stop = new AbortController();
        const flooding = other?.(port, stop.signal);
        const figures = await send(kind, port, load);
        stop.abort();
        await flooding;
        return figures;
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
    ...Object.fromEntries(Object.entries(others(context)).map(([what, other]) =>
      [`${own}, beside ${what}`, through(kind, other)])),
  });
  return {
    fair: {
      title: '40 calls a second beside somebody who asks for as much as he can',
      cases: { start: peers('start'), ipn: peers('ipn') },
    },
  };
}
