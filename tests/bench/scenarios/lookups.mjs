// The organisers' pages: tokens of some hundred users in turn, transactions all over the table.
import { algorithms } from '../callers.mjs';
import { start_fastify_postgres, start_service } from '../peers.mjs';
import { fresh_copy } from '../postgres/databases.mjs';
import { send, warm_up_s, while_running } from '../work.mjs';

const requests = 20_000; // composed beforehand, and sent again from the first when all were

const operations = { list: 'listTicketTransactions', search: 'searchTransactions' };

export function lookups(context) {
  const { postgres_attempts: attempts, seconds, clients, postgres, callers } = context;
  const load = { count: requests, span: 2 * attempts, seconds, clients };
  const through = async (start, kind, tokens) =>
    while_running(
      await start(await fresh_copy(postgres)),
      (port) => send(kind, port, { ...load, tokens }),
      {
        others: { database: postgres.pid },
        warm: (port) => send(kind, port, { ...load, tokens, seconds: warm_up_s }),
      },
    );
  const peers = (kind, tokens) => ({
    'ozora-payments': () =>
      through((database) => start_service({ ...context, database }), kind, tokens),
    'Fastify + pg': () =>
      through((uri) => start_fastify_postgres({ ...context, uri }), kind, tokens),
  });
  const cases = {};
  for (const [kind, operation] of Object.entries(operations))
    for (const algorithm of algorithms)
      cases[`\`${operation}\`, ${algorithm}`] = peers(kind, callers.tokens[algorithm]);
  return { lookup: { title: 'Lookups, PostgreSQL', cases } };
}
