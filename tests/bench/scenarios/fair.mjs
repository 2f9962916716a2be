// What a visitor's start and a notice wait longer while somebody else, from another address, asks
// for as much as he can.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { start_service } from '../peers.mjs';
import { fresh_copy } from '../postgres/databases.mjs';
import { send, warm_up_s, while_running } from '../work.mjs';
import { command, make_files, weeks } from './settlement.mjs';

const rate = 40; // calls a second
const elsewhere = '127.0.0.2';
const lines = 100_000;

// What is fetched and thrown away, piece by piece, and how long it waits before each.
async function read(url, { Authorization, signal, pause_ms = 0 }) {
  const reply = await fetch(url, { headers: { Authorization }, signal });
  if (reply.status !== 200) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
  for await (const piece of reply.body) {
    void piece;
    if (pause_ms > 0) await pause(pause_ms, undefined, { signal });
  }
}

// What the other does; each is given the port and a signal that ends it.
const others = ({ callers, keys, seconds, postgres_attempts: attempts }) => {
  const flood = (kind, clients, tokens) => async (port) =>
    send(kind, port, {
      ...{ first_id: 1, count: 200_000, span: 2 * attempts, seconds: seconds + 1, clients },
      ...{ tokens: await tokens(), source: elsewhere },
    });
  const organisers = () => callers.tokens.ES256;
  const accountant = async () => {
    const path = join(keys, 'accountant.txt');
    writeFileSync(path, `${await callers.accountant()}\n`);
    return path;
  };
  const readers = (count, pause_ms) => async (port, signal) => {
    const Authorization = `Bearer ${await callers.accountant()}`;
    const url = `http://127.0.0.1:${port}/payments/exports/csv`;
    const again = async () => {
      while (!signal.aborted)
        await read(url, { Authorization, signal, pause_ms }).catch((error) => {
          if (!signal.aborted) throw error;
        });
    };
    await Promise.all(Array.from({ length: count }, again));
  };
  return {
    '64 lookups at once': flood('search', 64, organisers),
    '1000 lookups at once': flood('search', 1000, organisers),
    '8 lists at once': flood('find', 8, accountant),
    '8 charts at once': flood('sums', 8, accountant),
    [`files of ${lines} bookings, one after the other`]: readers(1, 0),
    [`20 slow readers of ${lines} bookings`]: readers(20, 500),
  };
};

export function fair(context) {
  const { seconds, postgres, postgres_attempts: attempts } = context;
  let files;
  const through = (kind, other, what = '') => async () => {
    files ??= make_files(lines);
    const database = await fresh_copy(postgres);
    if (/bookings/.test(what))
      await command(database, ['settlement', 'import', ...files.slice(0, weeks)]);
    const first_id = kind === 'start' ? 10 * attempts : 1;
    const load = { first_id, count: attempts, seconds, clients: 16, rate };
    const peer = await start_service({ ...context, database });
    return while_running(
      peer,
      async (port) => {
        const stop = new AbortController();
        const flooding = other?.(port, stop.signal);
        // Nobody waits for it yet, and Node would end at once; its failure is told below.
        flooding?.catch(() => {});
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
      [`${own}, beside ${what}`, through(kind, other, what)])),
  });
  return {
    fair: {
      title: '40 calls a second beside somebody who asks for as much as he can',
      cases: { start: peers('start'), ipn: peers('ipn') },
    },
  };
}
