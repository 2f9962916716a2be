// The alarms of deploy/prometheus/rules.yml: that each fires when it should and only then, is told
// of in docs/operations.md, and asks for what the service really tells.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { root } from '../../scripts/platform.mjs';
import { labels_in, metrics_in, values_in } from './promql.mjs';
import { the_sale } from './sale.mjs';
import { stories } from './stories.mjs';

const rules_file = join(root, 'deploy/prometheus/rules.yml');
const handbook = readFileSync(join(root, 'docs/operations.md'), 'utf8');

let sale;
before(async () => (sale = await the_sale()));

// As Prometheus has read them.
const all_rules = async () =>
  (await sale.prometheus.api('rules')).groups.flatMap(({ rules }) => rules);

// One test of promtool for each story: the file is YAML, which JSON is too.
function tests_of(name, rule, { fires, quiet }) {
  const of = ({ series, at, labels, says }) => ({
    interval: '1m',
    name: `${name} at ${at}m`,
    input_series: Object.entries(series).map(([series, values]) => ({ series, values })),
    alert_rule_test: [{
      eval_time: `${at}m`,
      alertname: name,
      exp_alerts: says === undefined ? [] : [{
        exp_labels: { job: 'payments', ...rule.labels, ...labels },
        exp_annotations: { ...rule.annotations, summary: says },
      }],
    }],
  });
  return [...fires, ...quiet].map(of);
}

function promtool(tests) {
  const place = mkdtempSync(join(tmpdir(), 'ozora-alarms-'));
  const file = join(place, 'tests.yml');
  const suite = { rule_files: [rules_file], evaluation_interval: '1m', tests };
  writeFileSync(file, JSON.stringify(suite));
  const { status, stdout, stderr, error } = spawnSync('promtool', ['test', 'rules', file], {
    encoding: 'utf8',
  });
  rmSync(place, { recursive: true });
  if (error) throw error;
  return { status, output: stdout + stderr };
}

describe('every alarm', () => {
  it('fires when it should, and not when that is only near', async () => {
    const rules = new Map((await all_rules()).map((rule) => [rule.name, rule]));
    assert.deepEqual(Object.keys(stories).sort(), [...rules.keys()].sort());
    for (const [name, { fires, quiet }] of Object.entries(stories)) {
      assert.ok(fires.length > 0 && quiet.length > 0, name);
      for (const { says } of fires) assert.ok(says, name);
      for (const { says } of quiet) assert.equal(says, undefined, name);
    }
    const tests = Object.entries(stories).flatMap(
      ([name, story]) => tests_of(name, rules.get(name), story),
    );
    const { status, output } = promtool(tests);
    assert.equal(status, 0, output);
  });

  it('would not be believed to fire where it does not', async () => {
    const rule = (await all_rules()).find(({ name }) => name === 'PaymentsNotReady');
    const { quiet: [story] } = stories.PaymentsNotReady;
    const wrong = { fires: [{ ...story, says: rule.annotations.summary }], quiet: [] };
    const { status, output } = promtool(tests_of(rule.name, rule, wrong));
    assert.equal(status, 1, output);
  });

  it('stands in the handbook with who is called and when, and has a section there', async () => {
    const listed = /^## When an alarm goes off\n[^]*?(?=^## )/m.exec(handbook)[0];
    const row = /^\| \[(\w+)\]\(#(\w+)\) \| (\w+) \| (\w+) \| ([\w ]+) \| (.+) \|$/gm;
    const rows = [...listed.matchAll(row)].map(([, name, anchor, severity, team, time]) =>
      ({ name, anchor, severity, team, for_s: seconds_of(time) }));
    const rules = (await all_rules()).map(({ name, labels, annotations, duration }) => {
      const [page, anchor] = annotations.runbook.split('#');
      assert.equal(page, 'docs/operations.md');
      return { name, anchor, severity: labels.severity, team: labels.team, for_s: duration };
    });
    const by_name = (one, other) => one.name.localeCompare(other.name);
    assert.deepEqual(rows.sort(by_name), rules.sort(by_name));
    const sections = [...listed.matchAll(/^### (\w+)\n\n(?=\w)/gm)].map(([, name]) => name);
    assert.deepEqual(sections.sort(), rules.map(({ name }) => name).sort());
    for (const { name, anchor } of rules) assert.equal(anchor, name.toLowerCase());
  });

  it('is evaluated by Prometheus without an error', async () => {
    for (const { name, health, lastError } of await all_rules())
      assert.equal(health, 'ok', `${name}: ${lastError}`);
  });

  it('asks for metrics, labels and values that the service has', async () => {
    const shown = await sale.metrics();
    for (const { name, query } of await all_rules()) {
      const asked = metrics_in(query);
      assert.ok(asked.length > 0, name);
      for (const { metric, matchers } of asked) {
        if (metric === 'up') continue; // Prometheus's own
        assert.ok(shown.has(metric), `${name}: ${metric}`);
        for (const { label, values } of matchers.filter(({ label }) => label !== 'job'))
          for (const value of values)
            assert.ok(values_in(shown, metric, label).has(value), `${name}: ${label}="${value}"`);
      }
      for (const label of labels_in(query))
        assert.ok(
          label === 'job' || asked.some(({ metric }) => values_in(shown, metric, label).size > 0),
          `${name}: by (${label})`,
        );
    }
  });
});

const seconds_of = (time) => {
  if (time === 'at once') return 0;
  const [, number, unit] = /^(\d+) (s|min|h)$/.exec(time);
  return Number(number) * { s: 1, min: 60, h: 3600 }[unit];
};

describe('the metrics', () => {
  it('have no label without a value', async () => {
    assert.doesNotMatch(await sale.text(), /=""/);
    assert.match(await sale.text(), /^payments_http_requests_total\{status="404"\} [1-9]/m);
  });

  it('are all told of in the handbook', async () => {
    const table = /^\| metric \| labels .*\n[^]*?\n\n/m.exec(handbook)[0];
    const told = new Set(table.match(/\b(payments|process)_\w+/g));
    const shown = [...(await sale.families())];
    assert.deepEqual(shown.filter((name) => !told.has(name)), []);
    assert.deepEqual([...told].filter((name) => !shown.includes(name)), []);
  });
});
