import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { payments_program, simplepay_accounts } from '../../fixtures/harness.mjs';
import { open_world } from '../../api/world.mjs';
import { commit, thefts } from './thefts.mjs';
import { random_of, Trade } from './trade.mjs';

const option = (name, otherwise) => {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? otherwise : Number(process.argv[place + 1]);
};
const payments = option('payments', 30_000);
const random = random_of(option('seed', 1));

const days_of_trade = 30;
const days_after = 21;  // until all of it is settled, and would be overdue
// Of the sandbox, where days pass, while the service lives today: a Monday of March.
const start = '2026-03-02T07:00:00Z';
// By then everything that nobody has settled is overdue.
const as_of = new Date(Date.now() + 60 * 86_400_000).toISOString();
const replaced_on = 15;

const began = Date.now();
const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);
const say = (text) => console.log(`${seconds(began).padStart(7)} s  ${text}`);

const directory = await mkdtemp(join(tmpdir(), 'ozora-month-'));
const folder = join(directory, 'settlements');
let world;

// A command of the program under test; its exit status is not judged here.
const run = (...args) =>
  new Promise((resolve) => {
    const env = { ...process.env, ...world.settings };
    execFile(payments_program, args, { env, maxBuffer: 1e9 }, (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, stdout, stderr }));
  });
async function runs(...args) {
  const since = Date.now();
  const { status, stdout, stderr } = await run(...args);
  assert.equal(status, 0, `${args.join(' ')}: ${stdout.slice(0, 2000)}${stderr}`);
  return { stdout, took: `${seconds(since)} s` };
}

// The EUR account at SimplePay is replaced: payments go to another merchant from now on, and the
// old one is still followed.
async function replace_account(trade) {
  const { merchant, secret } = simplepay_accounts.EUR;
  const key = 'SandboxKeyOfTheNewMerchant123456';
  await trade.control('simplepay', 'settings', { merchants: { NEWEUR: { key, currency: 'EUR' } } });
  await world.restart({
    PAYMENTS_SIMPLEPAY_EUR_MERCHANT: 'NEWEUR',
    PAYMENTS_SIMPLEPAY_EUR_SECRET: key,
    PAYMENTS_SIMPLEPAY_RETIRED_ACCOUNTS: `${merchant}:${secret}`,
  });
}

async function one_day(trade, day) {
  if (day === replaced_on) await replace_account(trade);
  if (day === 8) await trade.control('stripe', 'fail-payout', { next: 'huf' });
  if (day === 14) await trade.control('stripe', 'fail-payout', { next: 'eur' });
  if (day === 10) await trade.control('stripe', 'bill', { amount: 1_500_000, currency: 'huf' });
  await trade.buy_many(Math.floor(payments / days_of_trade));
  await trade.refund_some(Math.ceil(payments / days_of_trade / 50));
  for (let i = 0; i < 2; ++i) await trade.refund_at_stripe();
  if (day % 2 === 0) await trade.dispute();
  if (day % 3 === 2) await trade.end_a_dispute();
  if (day % 5 === 4) await trade.fail_a_refund();
}

async function download(url, file) {
  const reply = await fetch(url);
  assert.equal(reply.status, 200, url);
  await writeFile(join(folder, file), Buffer.from(await reply.arrayBuffer()));
}

// What a merchant has after the month: fetched, downloaded, exported. Gives a file of each sort.
async function gather() {
  const { sandbox } = world;
  const fetched = await runs('settlement', 'fetch', '--save', folder, '--since', start);
  say(`${fetched.stdout.trim()} in ${fetched.took}`);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const { reports } = await (await fetch(`${sandbox.simplepay}/control/reports`)).json();
  for (const { merchant, name, path } of reports) {
    await mkdir(join(folder, merchant), { recursive: true });
    await download(`${sandbox.simplepay}${path}`, join(merchant, name));
    manifest.push({ file: join(merchant, name), format: 'simplepay', account: merchant });
  }
  await download(`${sandbox.bank}/statement.camt053.xml`, 'statement.xml');
  manifest.push({ file: 'statement.xml', format: 'camt053' });
  await writeFile(join(folder, 'all.json'), JSON.stringify(manifest));
  const books = join(folder, 'books.json');
  const exported = await runs('export', '--format', 'books', '--output', books);
  say(`books exported in ${exported.took}`);
  const of = (format) => manifest.filter((file) => file.format === format);
  const holds = async (files, text) => {
    for (const { file } of files)
      if ((await readFile(join(folder, file), 'utf8')).includes(text)) return file;
    throw new Error(`no file has ${text}`);
  };
  const in_forints = of('simplepay').filter(({ account }) => account.endsWith('HUF'));
  return {
    manifest,
    simplepay: await holds(in_forints, '\nREFUND'),
    stripe: await holds(of('stripe-json'), '"currency":"huf"'),
    payouts: of('stripe-payouts')[0].file,
    statement: 'statement.xml',
    books: 'books.json',
  };
}

async function check() {
  const { stdout, stderr } = await run(
    'settlement', 'check', '--books', join(folder, 'books.json'), '--files',
    join(folder, 'all.json'), '--as-of', as_of, '--json',
  );
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

async function match_on_record({ manifest }) {
  const fetched = await runs('settlement', 'fetch', '--since', start);
  for (const { file, account, format } of manifest) {
    if (format.startsWith('stripe')) continue;
    const options = account ? ['--account', account] : [];
    await runs('settlement', 'import', join(folder, file), ...options);
  }
  const matched = await runs('settlement', 'match', '--as-of', as_of, '--json');
  assert.deepEqual(JSON.parse(matched.stdout).findings, []);
  say(`on record: fetched in ${fetched.took}, matched in ${matched.took}: 0 unexplained`);
  const verified = await runs('verify-ledger');
  say(`verify-ledger: ${verified.took}, ${verified.stdout.trim().split('\n').at(-1)}`);
}

try {
  // A machine that is busy with other things must not be taken for others that are silent.
  const parts = ['STRIPE', 'SIMPLEPAY', 'TICKETS'];
  const patience = parts.map((part) => [`PAYMENTS_${part}_TIMEOUT_MS`, '60000']);
  world = await open_world({ settings: Object.fromEntries(patience) });
  const trade = new Trade(world, random);
  await trade.control('simplepay', 'settings', { fraud_check_ms: 1 });
  await trade.control('stripe', 'clock', { now: start });
  const next_day = () => trade.control('stripe', 'clock', { advance_s: 86_400 });
  for (let day = 0; day < days_of_trade; ++day) {
    await one_day(trade, day);
    if (day % 5 === 4) say(`day ${day + 1}: ${JSON.stringify(trade.counts)}`);
    await next_day();
  }
  for (let day = 0; day < days_after; ++day) await next_day();

  const files = await gather();
  const since = Date.now();
  const { findings, unexplained, files: read } = await check();
  const lines = read.reduce((sum, file) => sum + file.lines.new, 0);
  say(`${read.length} files with ${lines} lines checked in ${seconds(since)} s: ` +
    `${findings.length} findings, unexplained ${JSON.stringify(unexplained)}`);
  assert.deepEqual(findings.slice(0, 10), []);
  assert.ok(lines > payments * 0.95, 'the files tell of every payment');

  for (const theft of thefts) {
    const found = await commit(theft, folder, files[theft.where], check);
    const shown = found.map(({ kind, amount_minor: minor }) => `${kind} ${minor}`).join(', ');
    const is_found = found.some(({ kind, amount_minor: minor }) =>
      kind === theft.kind && (theft.minor === undefined || minor === theft.minor));
    assert.ok(is_found, `${theft.what}: ${shown || 'nothing found'}`);
    say(`found: ${theft.what} (${shown})`);
  }
  assert.deepEqual((await check()).findings, []);
  await match_on_record(files);
  say(`closed: ${JSON.stringify(trade.counts)}`);
} catch (error) {
  console.error(error.stack);
  process.exitCode = 1;
} finally {
  await world?.close();
  await rm(directory, { recursive: true, force: true });
}
