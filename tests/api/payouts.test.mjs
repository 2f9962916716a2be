// From a payment to the money on the bank account: payments through both processors, refunds,
// disputes and a payout that fails; then days pass, the files are fetched and downloaded as a
// merchant does, and nothing is left unexplained.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually, payments_program } from '../fixtures/harness.mjs';
import { assert_ok } from './client.mjs';
import { act_on_simplepay, billing, open_world, scope, search } from './world.mjs';

const codes = {
  simple_huf: 'FULL-FEE-HUF-SIMPLE',
  simple_eur: 'NORMAL-TOTAL-FEE-EUR-SIMPLE',
  stripe_huf: 'FULL-FEE-HUF-STRIPE-INTENTS',
  stripe_eur: 'NORMAL-TOTAL-FEE-EUR-STRIPE-INTENTS',
};
const amounts = { simple_huf: 104000, simple_eur: 220.5, stripe_huf: 52511, stripe_eur: 99.99 };
const template = {
  id: 8, title: 'Festival ticket 2027', year: 2027, event: 'OZORA',
  payment_options: Object.entries(codes).map(([name, code]) => ({ code, amount: amounts[name] })),
};

let world, folder, as_of;

async function control(part, what, body) {
  const reply = await fetch(`${world.sandbox[part]}/control/${what}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  assert.equal(reply.status, 200, await reply.clone().text());
  return reply.json();
}

async function download(url) {
  const reply = await fetch(url);
  assert.equal(reply.status, 200, url);
  return Buffer.from(await reply.arrayBuffer());
}

// A command of the program under test, as an operator runs it beside the service.
const run = (...args) =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...world.settings };
    execFile(payments_program, args, { env, maxBuffer: 64e6 }, (error, stdout, stderr) =>
      resolve({ status: error ? (error.code ?? error.signal) : 0, stdout, stderr }));
  });

async function transaction(id) {
  const { transactions } = assert_ok(
    await world.call('searchTransactions', {
      body: { search_term: id }, token: world.service_token(search),
    }),
  );
  return transactions[0];
}
const until = (id, is_so, what) =>
  eventually(async () => is_so(await transaction(id)), { within_ms: 20_000, what });

async function paid(name) {
  const ticket_id = world.tickets.add({ template });
  const started = assert_ok(
    await world.call('startPayment', {
      body: { ticket_id, code: codes[name], metas: billing },
    }),
  );
  const id = started.transaction_id;
  if (started.redirect_url) {
    await act_on_simplepay(started.redirect_url, 'pay');
    await until(id, ({ status }) => status === 'paid', `TR${id} to be paid`);
    return { id };
  }
  const payment_intent = started.client_secret.replace(/_secret_.*$/, '');
  await control('stripe', 'pay', { payment_intent });
  await until(id, ({ status }) => status === 'paid', `TR${id} to be paid`);
  return { id, payment_intent };
}

const refund = async (id, amount) =>
  assert_ok(
    await world.call('refundPayment', {
      body: { transaction_id: id, ...(amount && { amount }) },
      token: world.user_token({ payments_refund: 'true', ...scope }),
    }),
  );

async function pass_days(days) {
  as_of = (await control('stripe', 'clock', { advance_s: days * 86_400 })).now;
}

// What happens at the providers before any of it is paid out.
async function trade() {
  await control('simplepay', 'settings', { fraud_check_ms: 50 });
  const ones = {};
  for (const name of Object.keys(codes)) ones[name] = [await paid(name), await paid(name)];
  await refund(ones.simple_huf[0].id, 52000);
  await refund(ones.stripe_huf[0].id);
  await control('stripe', 'refund', { ...ones.stripe_eur[0], amount: 1234 });
  await until(ones.stripe_eur[0].id, ({ amount_refunded: sum }) => sum === 12.34, 'its refund');
  const [won, lost, failed] = [
    await paid('stripe_huf'), await paid('stripe_huf'), await paid('stripe_huf'),
  ];
  for (const { payment_intent } of [won, lost])
    await control('stripe', 'dispute', { payment_intent, status: 'needs_response' });
  await control('stripe', 'refund', failed);
  await until(failed.id, ({ status }) => status === 'refunded', 'the refund to be known');
  await control('stripe', 'bill', { amount: 15_000, description: 'Radar' });
  await control('stripe', 'fail-payout', { next: 'huf' });
  await pass_days(5);
  await control('stripe', 'dispute', { payment_intent: won.payment_intent, status: 'won' });
  await control('stripe', 'dispute', { payment_intent: lost.payment_intent, status: 'lost' });
  const { refunds } = await control('stripe', 'payments');
  const late = refunds.find((one) => one.payment_intent === failed.payment_intent);
  await control('stripe', 'fail-refund', { refund: late.id });
  await until(failed.id, ({ status }) => status === 'paid', 'the money to be back');
  await until(won.id, ({ status }) => status === 'paid', 'the dispute to be won');
  await pass_days(21);
}

// What a merchant downloads besides: weekly reports, and what the bank writes.
async function download_others() {
  const files = [];
  const { reports } = await control('simplepay', 'reports');
  for (const { merchant, name, path } of reports) {
    await mkdir(join(folder, merchant), { recursive: true });
    const file = join(merchant, name);
    await writeFile(join(folder, file), await download(`${world.sandbox.simplepay}${path}`));
    files.push({ file, format: 'simplepay', account: merchant });
  }
  const statement = await download(`${world.sandbox.bank}/statement.camt053.xml`);
  await writeFile(join(folder, 'statement.xml'), statement);
  return [...files, { file: 'statement.xml', format: 'camt053' }];
}

const read_manifest = async () => JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
const write_json = (name, value) => writeFile(join(folder, name), JSON.stringify(value));

async function check(manifest) {
  const { status, stdout, stderr } = await run(
    'settlement', 'check', '--books', join(folder, 'books.json'), '--files',
    join(folder, manifest), '--as-of', as_of, '--json',
  );
  assert.equal(stderr, '');
  return { status, ...JSON.parse(stdout) };
}
const short = ({ findings }) =>
  findings.map(({ kind, subject, amount_minor: minor, detail }) =>
    [kind, subject, minor, detail].join(' '));

describe('days after payments through both processors', () => {
  before(async () => {
    const settings = { PAYMENTS_STRIPE_SETTLEMENT_KEYS: 'rk_test_ozora_sandbox' };
    world = await open_world({ settings });
    folder = join(world.directory, 'settlements');
    await trade();
  });
  after(() => world?.close());

  it('Stripe’s payouts are fetched into a folder, and not twice', async () => {
    const fetched = await run('settlement', 'fetch', '--save', folder);
    assert.equal(fetched.status, 0, fetched.stderr);
    const { payouts } = await control('stripe', 'payouts');
    const count = payouts.length;
    assert.match(
      fetched.stdout,
      new RegExp(`^${count} payouts: of ${count} the lines were fetched, 0 were known`),
    );
    const manifest = await read_manifest();
    assert.equal(manifest.length, payouts.length + 1);
    const names = await readdir(folder);
    for (const { file } of manifest) assert.ok(names.includes(file), file);
    const written = await readFile(join(folder, manifest[1].file), 'utf8');
    assert.ok(!written.includes(billing.email) && !written.includes('billing_details'));

    const again = await run('settlement', 'fetch', '--save', folder);
    assert.match(again.stdout, new RegExp(`of 0 the lines were fetched, ${payouts.length} were`));
    assert.equal((await read_manifest()).length, payouts.length + 2, 'another list of payouts');
  });

  it('nothing is left unexplained by the files alone', async () => {
    const books = join(folder, 'books.json');
    const exported = await run('export', '--format', 'books', '--output', books);
    assert.equal(exported.status, 0, exported.stderr);
    const others = await download_others();
    await write_json('all.json', [...(await read_manifest()), ...others]);
    const found = await check('all.json');
    assert.deepEqual(short(found), []);
    assert.equal(found.status, 0);
    assert.deepEqual(found.files.filter(({ lines }) => lines.conflicting > 0), []);
    const lines = found.files.reduce((sum, file) => sum + file.lines.new, 0);
    assert.ok(lines > 25, `${lines} lines`);
  });

  it('nor by the report of the dashboard and OTP’s tables instead', async () => {
    const others = (await download_others()).filter(({ format }) => format === 'simplepay');
    const report = `${world.sandbox.stripe}/dashboard/payout_reconciliation.itemized.5.csv`;
    await writeFile(join(folder, 'report.csv'), await download(report));
    const [list] = await read_manifest();
    for (const currency of ['HUF', 'EUR']) {
      const url = `${world.sandbox.bank}/statement.otp.csv?currency=${currency}`;
      await writeFile(join(folder, `${currency}.csv`), await download(url));
      others.push({ file: `${currency}.csv`, format: 'otp-csv' });
    }
    await write_json('tables.json', [
      { file: 'report.csv', format: 'stripe-csv', account: 'test' }, list, ...others,
    ]);
    const found = await check('tables.json');
    assert.deepEqual(short(found), []);
    assert.ok(found.files.every((file) => file.lines.new > 0), JSON.stringify(found.files));
  });

  it('a forint that is taken anywhere is found', async () => {
    // What is found when one file says something else.
    const found_when = async (file, change) => {
      const whole = await readFile(join(folder, file), 'utf8');
      const changed = change(whole);
      assert.notEqual(changed, whole, file);
      await writeFile(join(folder, file), changed);
      const { status, findings } = await check('all.json');
      await writeFile(join(folder, file), whole);
      assert.equal(status, 1);
      return findings.map(({ kind, amount_minor }) => `${kind} ${amount_minor}`);
    };
    const less = (amount) => (Number(amount) - 1).toFixed(2);

    const transfer = await found_when('statement.xml', (xml) => {
      const [, entry] = xml.split(/(<Ntry>.*Ccy="HUF".*<\/Ntry>)/);
      return xml.replace(
        entry, entry.replace(/(Ccy="HUF">)([\d.]+)/g, (_, before, sum) => before + less(sum)),
      );
    });
    assert.ok(transfer.includes('bank_differs 100'), transfer.join());

    const list = (await read_manifest()).find(({ payout }) => payout).file;
    const fee = await found_when(list, (text) => {
      const document = JSON.parse(text);
      const line = document.data.find(({ type }) => type === 'charge');
      line.fee += 100;
      line.fee_details[0].amount += 100;
      line.net -= 100;
      return JSON.stringify(document);
    });
    assert.deepEqual(fee, ['payout_does_not_add_up 100']);

    const report = (await download_others())[0].file;
    const commission = await found_when(report, (csv) => {
      const [header, row, ...rest] = csv.split('\r\n');
      const cells = row.split(';');
      const add = (place, more) => {
        cells[place] = (Number(cells[place].replace(',', '.')) + more).toFixed(2).replace('.', ',');
      };
      for (const [place, more] of [[7, 1], [10, 1], [12, -1]]) add(place, more);
      return [header, cells.join(';'), ...rest].join('\r\n');
    });
    assert.ok(commission.includes('bank_differs 100'), commission.join());
  });

  it('the same is put on record, and matched there', async () => {
    const fetched = await run('settlement', 'fetch', '--by', 'kata');
    assert.equal(fetched.status, 0, fetched.stderr);
    for (const { file, account } of await download_others()) {
      const options = account ? ['--account', account] : [];
      const imported = await run('settlement', 'import', join(folder, file), ...options);
      assert.equal(imported.status, 0, imported.stderr);
    }
    const matched = await run('settlement', 'match', '--as-of', as_of, '--json');
    assert.deepEqual(short(JSON.parse(matched.stdout)), []);
    assert.equal(matched.status, 0);
    const again = await run('settlement', 'fetch');
    assert.equal(again.status, 0, again.stderr);
    assert.match(again.stdout, / of 0 the lines were fetched/);
    const listed = await run('settlement', 'files', '--json');
    const files = listed.stdout.trim().split('\n').map((line) => JSON.parse(line));
    assert.ok(files.some(({ by, format }) => by === 'kata' && format === 'stripe-json'));
  });

  it('says what cannot be', async () => {
    const denied = await run(
      'settlement', 'fetch', '--save', join(folder, 'denied'), '--since', 'yesterday',
    );
    assert.equal(denied.status, 2);
    await mkdir(join(folder, 'broken'), { recursive: true });
    await writeFile(join(folder, 'broken', 'manifest.json'), '{');
    const broken = await run('settlement', 'fetch', '--save', join(folder, 'broken'));
    assert.equal(broken.status, 2);
    assert.match(broken.stderr, /manifest\.json/);
    await control('stripe', 'faults', { operation: 'list-payouts', fault: '429', times: 3 });
    const limited = await run('settlement', 'fetch', '--save', join(folder, 'late'));
    assert.equal(limited.status, 0, limited.stderr);
  });
});
