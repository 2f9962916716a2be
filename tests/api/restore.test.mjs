// The database is set back to an older copy while SimplePay knows the payments made since.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { on_postgres } from '../fixtures/database.mjs';
import { eventually, payments_program } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import { act_on_simplepay, billing, open_world, scope, search, simple_eur } from './world.mjs';

describe('after a restore from a backup', { skip: on_postgres && 'a backup of SQLite' }, () => {
  let world;
  let lost;  // what was opened since the backup
  const backup = (name) => join(world.directory, name);
  before(async () => {
    world = await open_world();
    await paid(await start());
    for (const name of ['first.db', 'second.db'])
      await world.database.execute(`VACUUM INTO '${backup(name)}'`);
    lost = await paid(await start());
  });
  after(() => world?.close());

  async function start() {
    const body = { ticket_id: world.tickets.add(), code: simple_eur, metas: billing };
    return assert_ok(await world.call('startPayment', { body }));
  }

  async function transaction(id) {
    const token = world.service_token(search);
    const body = { search_term: id };
    return assert_ok(await world.call('searchTransactions', { body, token })).transactions[0];
  }

  async function paid({ redirect_url, transaction_id }) {
    await act_on_simplepay(redirect_url, 'pay');
    await eventually(async () => (await transaction(transaction_id)).status === 'paid', {
      within_ms: 20_000, what: `transaction ${transaction_id} to be paid`,
    });
    return transaction_id;
  }

  it('a number that SimplePay knows is spent, and its payment is nobody else\'s', async () => {
    await world.restart({ PAYMENTS_DATABASE: `sqlite:${backup('first.db')}` });
    const started = await start();
    assert.ok(started.transaction_id > lost, `TR${started.transaction_id}`);
    assert.equal((await transaction(lost)).status, 'failed');
    const listed = async () => {
      const token = world.service_token({ ...search, ...scope });
      const { reviews } = assert_ok(await world.call('listReviews', { token }));
      return reviews.some(({ kind, transaction }) =>
        kind === 'foreign_payment' && transaction.id === lost);
    };
    await eventually(listed, { within_ms: 20_000, what: 'the old payment to be listed' });
    assert.equal((await transaction(lost)).status, 'failed');
    const token = world.user_token({ payments_refund: 'true', ...scope });
    const refund = await world.call('refundPayment', { body: { transaction_id: lost }, token });
    assert_problem(refund, 409, 'not-refundable');
    await paid(started);
  });

  it('the entry is closed by a person, with a reason', async () => {
    const close = (body) => world.call('closePayment', {
      body, token: world.user_token({ payments_close: 'true', ...scope }),
    });
    const closed = assert_ok(await close({ transaction_id: lost, reason: 'given back by hand' }));
    assert.equal(closed.status, 'failed');
    const last = closed.events.at(-1);
    assert.equal(last.kind, 'closed');
    assert.match(last.detail, /given back by hand/);
    assert_problem(await close({ transaction_id: lost, reason: 'again' }), 409, 'not-closable');
  });

  it('numbers that were reserved beforehand are not given', async () => {
    const copy = `sqlite:${backup('second.db')}`;
    const reserved = spawnSync(
      payments_program, ['reserve-numbers', '--database', copy, '--count', '10'],
      { encoding: 'utf8' },
    );
    assert.equal(reserved.status, 0, reserved.stderr);
    assert.equal(reserved.stdout, 'the next transaction is TR12 or later\n');
    await world.restart({ PAYMENTS_DATABASE: copy });
    assert.equal((await start()).transaction_id, 12);
  });
});
