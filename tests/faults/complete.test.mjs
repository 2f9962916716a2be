// docs/faults.md tells of every fault that the sandbox knows, for every operation we call.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { send } from '../api/client.mjs';
import { root } from '../fixtures/harness.mjs';
import { World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

// Where the page tells of an operation; and how its rows begin where a table tells of several.
const told = {
  simplepay: {
    start: ['SimplePay: start'],
    cancel: ['SimplePay: transactioncancel, when a second start closes the first'],
    query: ['SimplePay: query'],
    return: ['SimplePay: return'],
    ipn: ['SimplePay: IPN'],
    refund: ['SimplePay: refund'],
  },
  stripe: {
    create: ['Stripe: create'],
    retrieve: ['Stripe: retrieve and cancel', 'retrieve '],
    cancel: ['Stripe: retrieve and cancel', 'cancel '],
    webhook: ['Stripe: webhook'],
    refund: ['Stripe: refund'],
  },
  tickets: { get: ['tickets service: get'] },
};

// Met in rows of the operations above, and told of there.
const beside = { simplepay: [], stripe: ['search', 'list-refunds', 'list-events'], tickets: [] };
// The service never calls these; the payer's browser, the shop and tests do.
const not_ours = {
  simplepay: ['finish', 'act'],
  stripe: [
    'list', 'confirm', 'update', 'capture', 'get-refund', 'get-charge', 'get-event',
    'retry-event', 'update-refund',
  ],
  tickets: [],
};

// Asked for settlements alone, which move no money: tests/gateway and tests/api try their faults.
const of_settlements = {
  simplepay: [],
  stripe: ['get-balance', 'get-payout', 'list-balance', 'list-payouts'],
  tickets: [],
};

// The stand-in refuses what it does not know, and says what it knows.
async function known(part, order) {
  const url = `${world.platform.sandbox[part]}/control/faults`;
  const headers = { 'Content-Type': 'application/json' };
  const { status, json } = await send(url, {
    method: 'POST', headers, body: JSON.stringify({ fault: 'no-such-fault', ...order }),
  });
  assert.equal(status, 400);
  const [, names] = json.message.split(', only ');
  return names.split(' ');
}

function rows_of(section) {
  const page = readFileSync(join(root, 'docs/faults.md'), 'utf8');
  const table = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return table.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.slice(2));
}

for (const part of Object.keys(told)) {
  test(`every operation of the ${part} stand-in is told of, or is not ours`, async () => {
    const named = await known(part, { operation: 'no-such-operation' });
    const operations = [...new Set(named)];
    const events = operations.filter((name) => name.includes('.'));  // each a webhook
    const placed = [
      ...Object.keys(told[part]), ...beside[part], ...not_ours[part], ...of_settlements[part],
      ...events,
    ];
    assert.deepEqual([...operations].sort(), placed.sort());
  });

  for (const [operation, [section, beginning = '']] of Object.entries(told[part])) {
    test(`every fault of ${operation} at the ${part} stand-in is in the table`, async () => {
      const rows = rows_of(section).filter((row) => row.startsWith(beginning));
      const faults = new Set(await known(part, { operation }));
      const missing = [...faults].filter((fault) =>
        !rows.some((row) => row.split(' | ')[0].includes(`\`${fault}\``)));
      assert.deepEqual(missing, [], `the table '${section}' does not tell of these`);
      for (const row of rows) {
        const [, fault] = /^[a-z ]*`([a-z0-9-]+)`/.exec(row) ?? [];
        assert.ok(!fault || faults.has(fault), `'${section}' tells of '${fault}', no fault`);
      }
    });
  }
}
