// A small sale at a real service, watched by a real Prometheus: payments through both processors,
// refusals, a silent tickets service, a receiver of events that is not there, and a settlement with
// a line that nobody knows. One for all files of a process.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { assert_ok, send } from '../api/client.mjs';
import {
  act_on_simplepay, billing, free_fee, open_world, pay_at_stripe, simple_eur, stripe_huf,
} from '../api/world.mjs';
import { eventually, free_port } from '../fixtures/harness.mjs';
import { at_the_end } from '../together/at_the_end.mjs';
import { start_prometheus } from './prometheus.mjs';
import { read_scrape } from './promql.mjs';

const everywhere = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };

const start = async (world, code) => {
  const body = { ticket_id: world.tickets.add(), code, metas: billing };
  return assert_ok(await world.call('startPayment', { body }));
};

async function visitors(world) {
  const back = await act_on_simplepay((await start(world, simple_eur)).redirect_url, 'pay');
  assert_ok(await world.call('simplePayBackref', { body: back }));
  await pay_at_stripe(world.sandbox, (await start(world, stripe_huf)).client_secret);
  await start(world, free_fee);
  await send(`${world.url}/nowhere`);
  const forged = { text: '{}', headers: { Signature: 'x' }, request: 'cannot tell' };
  await world.call('simplePayIpn', forged);
  world.tickets.behave('silent');
  const body = { ticket_id: world.tickets.add(), code: simple_eur, metas: billing };
  await world.call('startPayment', { body });
  world.tickets.behave('answers');
}

async function settle(world) {
  const name = '../settlement/data/simplepay-report-eur_20260708.csv';
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  const token = world.user_token({ payments_settlement: 'true', ...everywhere });
  const query = { account: 'PUBLICTESTEUR', name: 'report_20260708.csv' };
  const headers = { 'Content-Type': 'text/csv' };
  assert_ok(await world.call('importSettlement', { text, query, token, headers }));
  await world.restart(); // it matches when it begins
}

// Gives the world, prometheus, and
//   text()     what /metrics says now; metrics() the same as read_scrape() gives it
//   families() the names of its metrics, as a Set
//   goes_on()  a few more visitors, and a scrape after them
async function open() {
  const world = await open_world({
    settings: {
      PAYMENTS_TICKETS_TIMEOUT_MS: '1000',
      PAYMENTS_EVENTS_URL: `http://127.0.0.1:${await free_port()}/`,
      PAYMENTS_EVENTS_SECRET: `whsec_${randomBytes(24).toString('base64')}`,
    },
  });
  at_the_end(() => world.close());
  await settle(world);
  const prometheus = await start_prometheus([new URL(world.url).host]);
  at_the_end(() => prometheus.stop());
  const newest_scrape_ms = async () => {
    const { result } = await prometheus.api('query', { query: 'timestamp(payments_ready)' });
    return 1000 * (result[0]?.value[1] ?? 0);
  };
  const goes_on = async () => {
    await visitors(world);
    const now = Date.now();
    await eventually(async () => (await newest_scrape_ms()) > now, { what: 'a scrape' });
  };
  await goes_on();
  await goes_on();
  const text = async () => (await send(`${world.url}/metrics`)).text;
  const metrics = async () => read_scrape(await text());
  const families = async () =>
    new Set([...(await text()).matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));
  return { world, prometheus, text, metrics, families, goes_on };
}

let opening;
export const the_sale = () => (opening ??= open());
