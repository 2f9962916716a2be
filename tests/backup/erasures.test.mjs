// What was erased after a backup is in it again: it is erased once more, by a list that was kept
// elsewhere, or by the database that was put aside (docs/personal_data.md, 4). On either store.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assert_ok } from '../api/client.mjs';
import { on_postgres } from '../fixtures/database.mjs';
import { simple_eur, World } from '../faults/world.mjs';
import { dump_and_restore } from './postgres_tools.mjs';
import { query, restore } from './programs.mjs';
import { file_and_command } from './rehearsal.mjs';

const why = 'asked for by letter 77';
const everywhere = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };

describe('what was erased after a backup', () => {
  let world, tools, paid, cancelled, later, lists;

  const file = (name) => join(world.platform.directory, name);
  const listed = async (name, text) => (await writeFile(file(name), text), file(name));
  const erase_again = (list) =>
    world.command('visitor', 'erase', '--again', list, '--why', 'restored', '--by', 'Dora');
  async function shown(id) {
    const ticket = String(lists.tickets.get(id));
    const { code, output } = await world.command('visitor', 'show', '--json', '--ticket', ticket);
    assert.equal(code, 0, output);
    return JSON.parse(output).payments[0];
  }
  async function erase(id) {
    const { ticket_id } = await world.transaction(id);
    lists.tickets.set(id, ticket_id);
    const token = world.platform.user_token({ payments_erase: 'true', ...everywhere });
    return assert_ok(await world.call('erasePerson', { body: { ticket_id, why }, token }));
  }

  before(async () => {
    world = await World.open();
    tools = on_postgres ? dump_and_restore(world) : file_and_command(world);
    paid = await world.started(simple_eur);
    await world.pay(paid);
    cancelled = await world.started(simple_eur);
    assert_ok(await world.back(await world.act(cancelled, 'cancel')));
    await world.in_status(cancelled, 'cancelled');
    await tools.save();
    later = await world.started(simple_eur);
    await world.pay(later);
    lists = { tickets: new Map() };
    const reports = [await erase(paid), await erase(cancelled), await erase(later)];
    assert.deepEqual(reports.map(({ payments }) => payments[0].state),
      ['restricted', 'erased', 'restricted']);
    lists.report = JSON.stringify(reports[0], null, 1);
    lists.log = world.platform.payments.program.output;
    const { code, output } = await world.command('visitor', 'erasures');
    assert.equal(code, 0, output);
    lists.command = output;
    await world.platform.payments.program.stop('SIGKILL');
  });
  after(() => world?.close());

  it('is told in the log by number alone, and listed by a command', () => {
    const told = lists.log.split('\n').filter((line) => line.includes('are to be erased'));
    assert.deepEqual(told.map((line) => JSON.parse(line).transaction_id), [paid, cancelled, later]);
    for (const line of told)
      assert.deepEqual(Object.keys(JSON.parse(line)).sort(),
        ['created_at', 'level', 'message', 'time', 'transaction_id']);
    const names = lists.command.trim().split('\n').map((line) => JSON.parse(line).transaction_id);
    assert.deepEqual(names, [paid, cancelled, later]);
  });

  it('is erased again when the database that is put aside still knows', async (t) => {
    if (on_postgres) return t.skip('PostgreSQL is restored by its own tools');
    const { path } = world.platform.database;
    const { code, output } = await restore(path, file('saved.db'), '--replace');
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`^TR${later} was erased, and is not in the backup$`, 'm'));
    assert.match(output, /^2 payments were erased since the backup/m);
    assert.doesNotMatch(output, /erase --again/);
    const erased = query(path, 'SELECT transaction_id AS id, by_name, why FROM erasures');
    assert.deepEqual(erased.map(({ id }) => id), [paid, cancelled]);
    assert.equal(erased[0].why, why);
    const due = await world.command('erase-due');
    assert.equal(due.code, 0, due.output);
    assert.equal((await shown(paid)).state, 'restricted');
    assert.equal((await shown(cancelled)).state, 'erased');
    assert.equal((await world.verify_ledger()).code, 0);
  });

  it('is there again when nothing is left of the database, and the restore says so', async () => {
    await tools.lose();
    const said = await tools.put_back();
    if (!on_postgres) assert.match(said, /visitor erase --again LIST/);
    for (const id of [paid, cancelled]) {
      const { state, has_email } = await shown(id);
      assert.deepEqual([state, has_email], ['held', true]);
    }
  });

  it('is erased again by a report, by the log, and once', async () => {
    const by_report = await erase_again(await listed('report.json', lists.report));
    assert.equal(by_report.code, 0, by_report.output);
    assert.match(by_report.output, /^1 payments erased again, 0 were on record/);
    assert.equal((await shown(paid)).state, 'restricted');
    const by_log = await erase_again(await listed('service.log', lists.log));
    assert.equal(by_log.code, 1, by_log.output);
    assert.match(by_log.output, /^1 payments erased again, 1 were on record/m);
    assert.match(by_log.output, new RegExp(`TR${later} of the list is not on record`));
    const gone = await shown(cancelled);
    assert.deepEqual([gone.state, gone.has_email], ['erased', false]);
    const by_list = await erase_again(await listed('erasures.jsonl', lists.command));
    assert.match(by_list.output, /^0 payments erased again, 2 were on record/m);
    assert.equal((await world.verify_ledger()).code, 0);
  });

  it('is not erased by what names none', async () => {
    for (const text of ['', 'TR1\n', '{"transaction_id":1}\n']) {
      const { code, output } = await erase_again(await listed('none', text));
      assert.equal(code, 2);
      assert.match(output, /none names no erasure/);
    }
    const missing = await erase_again(file('missing'));
    assert.equal(missing.code, 2, missing.output);
    const both = await world.command('visitor', 'erase', '--again', file('none'), '--ticket', '1',
      '--why', why);
    assert.equal(both.code, 2);
  });
});
