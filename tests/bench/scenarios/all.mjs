// Every scenario by its name: {title, cases: {case: {peer: measure}}}, of which the first peer is
// ozora-payments; `once` when rounds say nothing; `ratio` when it is not one of rates.
import { before } from './before.mjs';
import { beside_settlements } from './beside.mjs';
import { durable } from './durable.mjs';
import { embedded } from './embedded.mjs';
import { exports } from './exports.mjs';
import { fair } from './fair.mjs';
import { large } from './large.mjs';
import { lookups } from './lookups.mjs';
import { memory_scenarios } from './memory.mjs';
import { office } from './office.mjs';
import { overload } from './overload.mjs';
import { plain } from './plain.mjs';
import { scraped } from './scraped.mjs';
import { settlement } from './settlement.mjs';
import { starting } from './starting.mjs';
import { verify } from './verify.mjs';

const without_server = ['health', 'ipn-parse', 'ipn', 'webhook', 'start', 'ready', 'office',
  'before', 'verify'];
const with_server = ['pg-ipn', 'pg-webhook', 'pg-start', 'lookup', 'memory', 'soak', 'large',
  'scraped', 'settlement', 'exports', 'beside', 'pg-office',
  'pg-before', 'overload', 'fair'];

export const names = [...without_server, ...with_server];
export const needs_postgres = (name) => with_server.includes(name);
export const has_own_database = (name) =>
  ['large', 'settlement', 'exports', 'pg-office'].includes(name);

export const all_scenarios = (context) => ({
  ...plain(context),
  ...embedded(context),
  ...durable(context),
  ...starting(context),
  ...lookups(context),
  ...memory_scenarios(context),
  ...large(context),
  ...scraped(context),
  ...settlement(context),
  ...exports(context),
  ...beside_settlements(context),
  ...office(context),
  ...before(context),
  ...overload(context),
  ...fair(context),
  ...verify(context),
});
