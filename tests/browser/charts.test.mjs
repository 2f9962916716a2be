// What the back office's charts compute: where things stand in them, which days a period has, and
// what sums are. The sources themselves, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bands, domain_of, domain_of_shares, named, path, scale, spread, stack, ticks,
} from '../../web/console/src/charts/scale.ts';
import {
  add_days, add_months, days_between, days_of, is_day, step,
} from '../../web/console/src/sums/periods.ts';
import {
  in_buckets, minus, money_of, rate_of, series_of, total,
} from '../../web/console/src/sums/rows.ts';

const row = (measure, amount, more = {}) => ({
  at: '2026-11-29T00:00:00+01:00', measure, currency: 'EUR', n: 1, amount, ...more,
});

test('an axis of money always has its zero, and reaches every value', () => {
  for (const values of [[], [0], [undefined], [3, 220], [-12.5, 48400], [-3], [0.004, 0.001]]) {
    const domain = domain_of(values);
    const marks = ticks(domain, 5);
    assert.ok(marks.includes(0), `${values}: ${marks}`);
    assert.ok(marks[0] <= domain.low && marks.at(-1) >= domain.high, `${values}: ${marks}`);
    assert.ok(marks.length >= 2 && marks.length <= 9, `${values}: ${marks}`);
  }
});

test('an axis of shares ends at 100 %, and may begin higher than zero', () => {
  assert.deepEqual(domain_of_shares([0.96, undefined, 0.91]), { low: 0.8, high: 1 });
  assert.deepEqual(domain_of_shares([0.45, 1]), { low: 0.4, high: 1 });
  assert.deepEqual(domain_of_shares([0]), { low: 0, high: 1 });
});

test('marks of an axis are round numbers, and those of counts whole ones', () => {
  assert.deepEqual(ticks({ low: 0, high: 48400 }, 5), [0, 10000, 20000, 30000, 40000, 50000]);
  assert.deepEqual(ticks({ low: -30, high: 100 }, 5), [-50, 0, 50, 100]);
  assert.deepEqual(ticks({ low: 0, high: 0.3 }, 3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(ticks({ low: 0, high: 2 }, 5, true), [0, 1, 2]);
  assert.ok(ticks({ low: 0, high: 1 }, 4).every((mark) => !Object.is(mark, -0)));
});

test('a scale leads from values to places, upside down for heights', () => {
  const y = scale({ low: -50, high: 100 }, 150, 0);
  assert.deepEqual([-50, 0, 100].map(y), [150, 100, 0]);
});

test('bands lie side by side and fill their place in part', () => {
  const [first, second] = bands(2, 0, 100, 0.5);
  assert.deepEqual(first, { start: 12.5, width: 25, middle: 25 });
  assert.equal(second.middle, 75);
  assert.ok(bands(400, 0, 100).every(({ width }) => width >= 1));
});

test('what is stacked begins where the one below ends', () => {
  assert.deepEqual(
    stack([4, undefined, 3]), [{ from: 0, to: 4 }, { from: 4, to: 4 }, { from: 4, to: 7 }],
  );
});

test('as many names as have room, at round places', () => {
  assert.deepEqual(named(60, 6, 3), [7, 17, 27, 37, 47, 57]); // from 12:03 on: 12:10, 12:20, …
  assert.deepEqual(named(7, 9), [0, 1, 2, 3, 4, 5, 6]);
  assert.ok(named(31, 5).length <= 6);
  assert.equal(named(24, 0).length, 1);
});

test('a line is broken where nothing is known', () => {
  const points = [[0, 5], [10, undefined], [20, 1], [30, 2]].map(([x, y]) => ({ x, y }));
  assert.equal(path(points), 'M0 5h2M20 1L30 2');
});

test('names that would lie on each other are moved apart, and stay inside', () => {
  const placed = spread([50, 52, 99], 10, 0, 100);
  assert.deepEqual(placed, [50, 60, 99]);
  assert.deepEqual(spread([98, 99], 10, 0, 100), [90, 100]);
});

test('a period has the days it says, and steps to where the next begins', () => {
  const of = (kind, day, hour = 0) => ({ kind, day, hour });
  assert.deepEqual(days_of(of('week', '2026-03-02')), { from: '2026-02-24', to: '2026-03-03' });
  assert.deepEqual(days_of(of('year', '2028-02-29')), { from: '2028-01-01', to: '2029-01-01' });
  for (const kind of ['today', 'week', 'month', 'year']) {
    const here = of(kind, '2026-01-05');
    const after = step(here, 1);
    assert.equal(days_of(after).from, days_of(here).to, kind);
    assert.deepEqual(days_of(step(after, -1)), days_of(here), kind);
  }
  assert.deepEqual(step(of('sale', '2026-12-31', 22), 1), of('sale', '2027-01-01', 1));
  assert.deepEqual(step(of('sale', '2026-03-01', 1), -1), of('sale', '2026-02-28', 22));
});

test('a day is one that there is', () => {
  assert.ok(is_day('2028-02-29'));
  for (const text of ['2026-02-29', '2026-2-1', '', 'soon', '2026-11-31']) {
    assert.ok(!is_day(text), text);
  }
  assert.equal(add_days('2026-03-28', 2), '2026-03-30');
  assert.equal(add_months('2026-12-01', 1), '2027-01-01');
  assert.deepEqual(
    days_between('2026-11-01', '2027-02-01', 'month'), ['2026-11-01', '2026-12-01', '2027-01-01'],
  );
});

test('sums of cents lose none', () => {
  const rows = Array.from({ length: 1000 }, () => row('paid', 0.1));
  assert.equal(total(rows, 'paid').amount, 100);
  assert.equal(minus(0.3, 0.1), 0.2);
  const money = money_of([
    row('paid', 220), row('paid', 0.1), row('refunded', 50.05), row('refund_returned', 20),
    row('disputed', 100), row('dispute_won', 100),
  ]);
  assert.equal(money.net, 190.05);
  assert.deepEqual(money.given_back, { n: 0, amount: 30.05 });
  assert.equal(money.average, 110.05);
  assert.equal(money_of([]).average, undefined);
});

test('a share of nothing is not known', () => {
  assert.deepEqual(rate_of([]), { begun: 0, paid: undefined, first_try: undefined });
  const rows = [row('fee_begun', 1, { n: 4 }), row('fee_paid', 1, { n: 3 })];
  assert.deepEqual(rate_of(rows), { begun: 4, paid: 0.75, first_try: 0 });
});

test('each row counts in one bucket, both hours of the night in autumn in their own', () => {
  const first = Date.parse('2026-10-25T02:00:00+02:00');
  const starts = [first, first + 3_600_000];
  const rows = ['+02:00', '+01:00'].map((zone) =>
    row('paid', 1, { at: `2026-10-25T02:00:00${zone}` }));
  assert.deepEqual(in_buckets(rows, starts).map((bucket) => bucket.length), [1, 1]);
});

test('of many series the largest are shown, and no money of the others is lost', () => {
  const rows = ['a', 'b', 'c', 'd'].map((fee_type, i) => row('paid', 10 ** i, { fee_type }));
  const series = series_of(rows, ({ fee_type }) => fee_type, 3);
  assert.deepEqual(series.map(({ key }) => key), ['d', 'c', 'others']);
  const shown = series.reduce((all, one) => all + total(one.rows, 'paid').amount, 0);
  assert.equal(shown, total(rows, 'paid').amount);
});
