// What scripts and dashboards rely on, as it is read from the real program; and what breaks them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { payments_program, Program } from '../../scripts/platform.mjs';
import { breaking_changes, read_program } from './program.mjs';

const program = read_program();

describe('the program', () => {
  it('is read: settings, commands, metrics, privileges and exit codes', () => {
    assert.deepEqual(program.settings.PAYMENTS_LISTEN, { secret: false });
    assert.deepEqual(program.settings.PAYMENTS_EVENTS_SECRET, { secret: true });
    assert.deepEqual(program.commands['settlement accept'], {
      finding: { required: true },
      '--help': { required: false },
      '--reason': { required: true },
      '--by': { required: false },
    });
    assert.ok('--dead' in program.commands['events list']);
    assert.ok('--fee-type' in program.commands.export);
    assert.deepEqual(program.metrics.payments_http_requests_total, ['operation', 'status']);
    assert.deepEqual(program.metrics.process_cpu_seconds_total, []);
    assert.ok(program.privileges.includes('payments_refund_bulk'), program.privileges);
    assert.equal(program.privileges.length, new Set(program.privileges).size);
    assert.deepEqual(program.exit_codes, { done: 0, failed: 1, wrong_usage: 2, unread: 3 });
  });

  for (const [args, code] of [
    [['version'], 'done'],
    [['token', '--help'], 'done'],
    [[], 'wrong_usage'],
    [['version', '--nothing'], 'wrong_usage'],
    [['token', 'mint'], 'wrong_usage'],
    [['check-config'], 'wrong_usage'],
    [['review', '--database', 'sqlite:/nowhere/payments.db'], 'failed'],
    [['verify-ledger', '--database', 'sqlite:/nowhere/payments.db'], 'unread'],
  ]) {
    it(`ends ${args.join(' ') || 'without a command'} as ${code}`, async () => {
      const run = new Program(payments_program, args, { env: {} });
      assert.equal((await run.ended).code, program.exit_codes[code], run.output);
    });
  }
});

const found_after = (change) => {
  const now = structuredClone(program);
  change(now);
  return breaking_changes(program, now);
};

describe('it breaks scripts when', () => {
  for (const [what, change, sentence] of [
    ['a setting is removed', ({ settings }) => delete settings.PAYMENTS_LISTEN,
      'the setting PAYMENTS_LISTEN is gone'],
    ['a secret cannot be in a file', ({ settings }) =>
      (settings.PAYMENTS_EVENTS_SECRET.secret = false),
    'the setting PAYMENTS_EVENTS_SECRET_FILE is gone'],
    ['a command is removed', ({ commands }) => delete commands['events replay'],
      'the command events replay is gone'],
    ['an option is removed', ({ commands }) => delete commands.export['--from'],
      'export: --from is gone'],
    ['an option must be given', ({ commands }) => (commands.export['--from'].required = true),
      'export: --from is required'],
    ['a new option must be given', ({ commands }) => (commands.export['--x'] = { required: true }),
      'export: --x is required'],
    ['a metric is removed', ({ metrics }) => delete metrics.payments_ready,
      'the metric payments_ready is gone'],
    ['a label is removed', ({ metrics }) => metrics.payments_http_requests_total.shift(),
      'payments_http_requests_total: operation is gone'],
    ['a privilege is removed', (now) => now.privileges.splice(0, 1),
      `the privilege ${program.privileges[0]} is gone`],
    ['an exit code is another', (now) => (now.exit_codes.failed = 4),
      'the exit code failed is 4, not 1'],
  ]) {
    it(what, () => assert.deepEqual(found_after(change), [sentence]));
  }
});

it('breaks none when something is new', () => {
  const more = ({ settings, commands, metrics, privileges, exit_codes }) => {
    privileges.push('payments_new');
    settings.PAYMENTS_NEW = { secret: false };
    commands.new = { '--must': { required: true } };
    commands.export['--new'] = { required: false };
    metrics.payments_new = [];
    metrics.payments_ready.push('label');
    exit_codes.new = 9;
  };
  assert.deepEqual(found_after(more), []);
});
