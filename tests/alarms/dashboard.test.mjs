// The dashboard deploy/grafana/ozora-payments.json: that each of its questions has an answer in a
// real Prometheus that has watched a sale, and that its panels lie beside one another.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { root } from '../../scripts/platform.mjs';
import { eventually } from '../fixtures/harness.mjs';
import { the_sale } from './sale.mjs';

const dashboard = JSON.parse(
  readFileSync(join(root, 'deploy/grafana/ozora-payments.json'), 'utf8'),
);
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const variables = dashboard.templating.list;
const source = { type: 'prometheus', uid: '${datasource}' };

// Empty unless something is wrong.
const may_be_empty = ['Alarms now'];

let sale;
before(async () => (sale = await the_sale()));

// As Grafana fills it in when all replicas are looked at.
const filled = (query) =>
  query
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$instance', variables.find(({ name }) => name === 'instance').allValue)
    .replaceAll('$job', 'payments');

const finite = ({ value: [, text] }) => Number.isFinite(Number(text));
const answers = async (query) =>
  (await sale.prometheus.api('query', { query: filled(query) })).result;

describe('every question of the dashboard', () => {
  for (const { title, targets } of panels)
    it(`${title} is answered`, async () => {
      for (const { expr } of targets) {
        assert.doesNotMatch(filled(expr), /\$/);
        if (may_be_empty.includes(title)) {
          assert.deepEqual(await answers(expr), [], `${expr} is not empty`);
          continue;
        }
        await eventually(
          async () => {
            if ((await answers(expr)).some(finite)) return true;
            await sale.goes_on();
            return false;
          },
          { within_ms: 10_000, what: `data of ${expr}` },
        );
      }
    });

  it('has series that the legend tells apart', async () => {
    for (const { title, targets } of panels)
      for (const { expr, legendFormat } of targets) {
        const names = [...legendFormat.matchAll(/{{(\w+)}}/g)].map(([, name]) => name);
        const series = (await answers(expr)).map(({ metric }) =>
          names.map((name) => metric[name] ?? '').join(' '));
        assert.equal(new Set(series).size, series.length, `${title}: ${legendFormat}`);
      }
  });

  it('offers the jobs and replicas that are there, and marks when they were started', async () => {
    const [job, instance] = ['job', 'instance'].map((name) =>
      /^label_values\((.+), (\w+)\)$/.exec(
        variables.find((variable) => variable.name === name).definition,
      ));
    const values = ([, series, label]) =>
      sale.prometheus.api(`label/${label}/values`, { 'match[]': filled(series) });
    assert.deepEqual(await values(job), ['payments']);
    assert.deepEqual(await values(instance), [new URL(sale.world.url).host]);
    for (const { expr } of dashboard.annotations.list) {
      const [{ value }] = await answers(expr);
      const age_ms = Date.now() - Number(value[1]);
      assert.ok(age_ms > 0 && age_ms < 600_000, `${age_ms} ms`);
    }
  });
});

describe('the dashboard', () => {
  it('asks the source and looks at the replicas that are chosen', () => {
    for (const { title, datasource, targets } of panels) {
      assert.deepEqual(datasource, source, title);
      for (const { expr, datasource: asked } of targets) {
        assert.deepEqual(asked, source, title);
        const selectors = expr.match(/\b(payments_|process_|ALERTS)\w*(\{[^}]*\})?/g);
        for (const selector of selectors) {
          assert.match(selector, /\{.*job=~"\$job"/, title);
          const is_of_replicas = !selector.startsWith('ALERTS');
          if (is_of_replicas) assert.match(selector, /instance=~"\$instance"/, title);
        }
      }
    }
    const used = JSON.stringify(panels).match(/\$\{?(\w+)/g).map((name) => name.replace(/\W/g, ''));
    const known = variables.map(({ name }) => name);
    assert.deepEqual([...new Set(used)].sort(), [...known, '__rate_interval'].sort());
  });

  it('has a number and a place of its own for each panel', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const taken = new Set();
    for (const { title, gridPos: { x, y, w, h } } of dashboard.panels) {
      assert.ok(x >= 0 && w > 0 && h > 0 && x + w <= 24, title);
      for (let column = x; column < x + w; ++column)
        for (let line = y; line < y + h; ++line) {
          assert.ok(!taken.has(`${column} ${line}`), `${title} lies on another panel`);
          taken.add(`${column} ${line}`);
        }
    }
  });
});
