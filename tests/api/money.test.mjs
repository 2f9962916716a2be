// What came in and went out, over HTTP: sums that the service keeps while it serves.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import { act_on_simplepay, billing, open_world, scope, search, simple_eur } from './world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

const clerk = (more = scope) => world.user_token({ ...search, ...more });
const day_ms = 86_400_000;
const today = () => ({
  from: new Date(Date.now() - day_ms).toISOString(),
  to: new Date(Date.now() + day_ms).toISOString(),
  bucket: 'hour',
});
const sums = async (body, token = clerk()) =>
  assert_ok(await world.call('sumMoney', { body: { ...today(), ...body }, token }));
const count = ({ rows }, measure) =>
  rows.filter((row) => row.measure === measure).reduce((sum, { n }) => sum + n, 0);

async function pay() {
  const body = { ticket_id: world.tickets.add(), code: simple_eur, metas: billing };
  const { redirect_url } = assert_ok(await world.call('startPayment', { body }));
  await act_on_simplepay(redirect_url, 'pay');
}

describe('sumMoney', () => {
  it('adds a payment up as soon as it is paid, and still when the sums were folded', async () => {
    const before_it = await sums({});
    await pay();
    const is_paid = async () => count(await sums({}), 'paid') === count(before_it, 'paid') + 1;
    await eventually(is_paid, { within_ms: 20_000, what: 'the payment to be in the sums' });
    const at_once = await sums({ by: ['processor', 'scope'], measures: ['paid'] });
    assert.equal(at_once.complete, true);
    assert.equal(at_once.time_zone, 'Europe/Budapest');
    const [row] = at_once.rows;
    assert.equal(row.processor, 'SIMPLE');
    assert.deepEqual(row.scope, { flag: 'HU', year: '2027', event: 'OZORA' });
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // longer than a round of folding
    const folded = await sums({ by: ['processor', 'scope'], measures: ['paid'] });
    assert.deepEqual(folded.rows, at_once.rows);
  });

  it('says that nothing has changed, and what is wrong with a question', async () => {
    const { tag } = await sums({});
    assert.equal((await sums({ known: tag })).rows, null);
    const wrong = { ...today(), bucket: 'year' };
    const reply = await world.call('sumMoney', { body: wrong, token: clerk(), request: 'breaks' });
    assert_problem(reply, 400, 'invalid-request');
  });

  it('is for those alone who may search, within their scope', async () => {
    const call = (token) => world.call('sumMoney', { body: today(), token });
    assert_problem(await call(world.user_token(scope)), 403, 'forbidden');
    assert_problem(await call(null), 401, 'unauthorized');
    const elsewhere = { ...scope, tickets_get_flags: 'INT' };
    assert.deepEqual((await sums({}, clerk(elsewhere))).rows, []);
  });
});

describe('exportCsv', () => {
  const accountant = (more = {}) => clerk({ ...scope, payments_export: 'true', ...more });
  const { from, to } = today();
  const take = (body, token = accountant()) =>
    world.call('exportCsv', { body: { what: 'movements', from, to, ...body }, token });

  it('sends a file whose sum is that of the sums', async () => {
    const reply = await take({});
    assert.equal(reply.status, 200);
    assert.match(reply.headers['content-type'], /^text\/csv/);
    const is_named = /^attachment; filename="movements-.*\.csv"$/;
    assert.match(reply.headers['content-disposition'], is_named);
    const [head, ...lines] = reply.text.trimEnd().split('\r\n');
    assert.equal(head.split(',')[10], 'amount');
    const sum = lines.reduce((all, line) => all + Number(line.split(',')[10]), 0);
    const { rows } = await sums({ measures: ['paid'] });
    assert.equal(sum, rows.reduce((all, { amount }) => all + amount, 0));
    const excel = await take({ form: 'excel-hu', what: 'payments' });
    assert.ok(excel.text.startsWith('\ufeffreference;ticket_id;'));
  });

  it('is for those alone who may take files out, and addresses for fewer still', async () => {
    assert_problem(await take({}, clerk()), 403, 'forbidden');
    const personal = { what: 'payments', personal: true };
    assert_problem(await take(personal), 403, 'forbidden');
    const all = accountant({ payments_personal: 'true' });
    assert.match((await take(personal, all)).text, /,email\r\n.*@/);
  });
});
