// Who is told of which alarm, by the example deploy/alertmanager/alertmanager.yml.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { eventually, free_port, pause, Program, root } from '../../scripts/platform.mjs';
import { the_sale } from './sale.mjs';

const file = join(root, 'deploy/alertmanager/alertmanager.yml');

function amtool(...args) {
  const { status, stdout, stderr, error } = spawnSync('amtool', args, { encoding: 'utf8' });
  if (error) throw error;
  return { status, stdout: stdout.trim(), stderr };
}

const route_of = ({ severity, team }) =>
  amtool('config', 'routes', 'test', `--config.file=${file}`, `severity=${severity}`,
    `team=${team}`).stdout;

describe('routes', () => {
  it('are taken by Alertmanager', () => {
    const { status, stdout, stderr } = amtool('check-config', file);
    assert.equal(status, 0, stdout + stderr);
  });

  it('wake somebody for what is critical alone, and tell those whose it is', () => {
    const told = {};
    for (const severity of ['critical', 'warning', 'info'])
      for (const team of ['operators', 'office'])
        told[`${severity} ${team}`] = route_of({ severity, team });
    assert.deepEqual(told, {
      'critical operators': 'on-call,operators',
      'critical office': 'on-call,office',
      'warning operators': 'operators',
      'warning office': 'office',
      'info operators': 'operators',
      'info office': 'office',
    });
  });

  it('are there for the severity and the team of every rule', async () => {
    const { prometheus } = await the_sale();
    const rules = (await prometheus.api('rules')).groups.flatMap((group) => group.rules);
    for (const { name, labels: { severity, team } } of rules) {
      assert.ok(['critical', 'warning', 'info'].includes(severity), name);
      assert.ok(['operators', 'office'].includes(team), name);
    }
  });
});

describe('an alarm', () => {
  let place, url, program;
  before(async () => {
    place = await mkdtemp(join(tmpdir(), 'ozora-alertmanager-'));
    const port = await free_port();
    url = `http://127.0.0.1:${port}`;
    // Nobody is told before the test is over: it asks what would be told.
    const text = (await readFile(file, 'utf8')).replace(/group_wait: .*/g, 'group_wait: 1h');
    await writeFile(join(place, 'alertmanager.yml'), text);
    program = new Program('/usr/bin/prometheus-alertmanager', [
      `--config.file=${join(place, 'alertmanager.yml')}`, `--storage.path=${join(place, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address=', '--log.level=warn',
    ]);
    await eventually(async () => {
      program.fail_if_ended('starting');
      return (await fetch(`${url}/-/ready`).catch(() => undefined))?.status === 200;
    }, { what: 'Alertmanager to be ready' });
  });
  after(async () => {
    await program?.stop();
    await rm(place, { recursive: true, force: true });
  });

  const raise = async (...alarms) => {
    const alerts = alarms.map((labels) => ({ labels: { job: 'payments', ...labels } }));
    const body = JSON.stringify(alerts);
    const headers = { 'Content-Type': 'application/json' };
    const reply = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body });
    assert.equal(reply.status, 200, await reply.text());
  };
  // Of each alarm that was raised, by its name and what is about: what becomes of it.
  const states = async () => {
    const alerts = await (await fetch(`${url}/api/v2/alerts`)).json();
    return Object.fromEntries(alerts.map(({ labels, status }) =>
      [`${labels.alertname} ${labels.provider ?? ''}`.trim(), status.state]));
  };

  it('is not told beside the one from which it follows', async () => {
    await raise(
      { alertname: 'PaymentsNotReady' },
      { alertname: 'PaymentsReplicaAway', instance: 'a' },
      { alertname: 'PaymentsErrors', operation: 'startPayment' },
      { alertname: 'PaymentsCommitsFail' },
      { alertname: 'PaymentsProviderDown', provider: 'stripe' },
      { alertname: 'PaymentsProviderFailing', provider: 'stripe' },
      { alertname: 'PaymentsProviderFailing', provider: 'tickets' },
      { alertname: 'PaymentsReview', kind: 'mismatch' },
    );
    const expected = {
      PaymentsNotReady: 'active',
      PaymentsReplicaAway: 'suppressed',
      PaymentsErrors: 'suppressed',
      PaymentsCommitsFail: 'suppressed',
      'PaymentsProviderDown stripe': 'active',
      'PaymentsProviderFailing stripe': 'suppressed',
      'PaymentsProviderFailing tickets': 'active',
      PaymentsReview: 'active',
    };
    // It looks at them a moment after it has taken them.
    const deadline = Date.now() + 5_000;
    const is_as_expected = async () => isDeepStrictEqual(await states(), expected);
    while (!(await is_as_expected()) && Date.now() < deadline) await pause(20);
    assert.deepEqual(await states(), expected);
  });
});
