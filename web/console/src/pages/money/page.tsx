// How much, where from, how well? The sums of a period, one currency at a time.
import { useEffect } from 'preact/hooks';
import { Bars } from '../../charts/bars';
import { Legend } from '../../charts/axes';
import { Columns } from '../../charts/columns';
import { Figure } from '../../charts/figure';
import { Lines } from '../../charts/lines';
import { Multiples } from '../../charts/multiples';
import {
  day_of, format_money, format_number, format_percent, format_weekday, start_of_day,
} from '../../format';
import { use_live } from '../../loading';
import type { SumRow } from '../../net/types';
import { ProblemNote } from '../../parts/problem';
import { Skeleton } from '../../parts/skeleton';
import { link_to } from '../../route';
import { may } from '../../session';
import { axis_of } from '../../sums/axis';
import { use_sums, type Answer } from '../../sums/live';
import { first_paid_after, last_paid_before } from '../../sums/nearest';
import { add_days, days_of } from '../../sums/periods';
import { currencies_of, money_of, of_currency, rate_of } from '../../sums/rows';
import { MoneyControls, PeriodControls } from './controls';
import { of_fees, of_money, of_rate, of_reasons, of_sale } from './findings';
import { address_of, time_of, view_of, type View } from './query';
import {
  fee_sheet, money_sheet, rate_sheet, reason_sheet, sale_sheet, type Subject,
} from './sheets';
import { t } from './words';
import '../../styles/charts.css';

const look_again_ms = 30_000;

// The one with most payments, unless another was chosen.
function currency_of(rows: SumRow[], chosen: string): string {
  const paid = (currency: string) => of_currency(rows, currency)
    .reduce((all, { measure, n }) => all + (measure === 'paid' ? n : 0), 0);
  const all = currencies_of(rows);
  return chosen || all.reduce((a, b) => (paid(b) > paid(a) ? b : a), all[0] ?? 'EUR');
}

function Tile({ name, value, more }: { name: string; value: string; more?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="tabular">{value}</dd>
      {more && <dd class="fine tabular">{more}</dd>}
    </div>
  );
}

function Totals({ rows, currency }: { rows: SumRow[]; currency: string }) {
  const { taken, given_back, disputed, net, average } = money_of(rows);
  const { begun, paid } = rate_of(rows);
  const money = (amount: number) => format_money(amount, currency);
  const count = (what: 'payments' | 'refunds' | 'disputes', n: number) =>
    (n === 1 ? t(`${what}_1`) : t(`${what}_n`, { n: format_number(n) }));
  return (
    <dl class="tiles" aria-label={t('totals')}>
      <Tile name={t('taken')} value={money(taken.amount)} more={count('payments', taken.n)} />
      <Tile
        name={t('given_back')} value={money(given_back.amount)}
        more={count('refunds', given_back.n)}
      />
      {(disputed.n !== 0 || disputed.amount !== 0) && (
        <Tile
          name={t('lost')} value={money(disputed.amount)} more={count('disputes', disputed.n)}
        />
      )}
      <Tile name={t('net')} value={money(net)} />
      {average !== undefined && <Tile name={t('average')} value={money(average)} />}
      {paid !== undefined && (
        <Tile
          name={t('fees_paid')} value={format_percent(paid)}
          more={t('of_begun', { n: format_number(begun) })}
        />
      )}
    </dl>
  );
}

function Nearest({ view }: { view: View }) {
  const { from, to } = days_of(view.period);
  const near = use_live(async (poll) => {
    const [before, after] = await Promise.all([
      last_paid_before(from, poll), first_paid_after(to, poll),
    ]);
    if (!before || !after) return before ?? after ?? null;
    const middle = (Date.parse(start_of_day(from)!) + Date.parse(start_of_day(to)!)) / 2;
    return middle - before.getTime() <= after.getTime() - middle ? before : after;
  }, `${from} ${to}`);
  if (near.value === undefined) return null;
  if (near.value === null) return <p>{t('empty_ever')}</p>;
  const kind = view.period.kind === 'sale' ? 'today' : view.period.kind;
  const there = { ...view, period: { kind, day: day_of(near.value), hour: 0 } };
  return (
    <p><a href={address_of(there)}>{t('nearest', { day: format_weekday(near.value) })}</a></p>
  );
}

interface ChartsProps {
  view: View;
  subject: Subject;
  rows: SumRow[];
}

function MoneyChart({ view, subject, rows }: ChartsProps) {
  const sheet = money_sheet(subject, rows, view.split);
  if (sheet.series.length === 0) return null;
  return (
    <Figure
      title={t('money_title')}
      finding={of_money(
        sheet, sheet.up, subject.currency, ['day', 'month'].includes(subject.axis.bucket),
      )}
      sheet={sheet}
      file={`money-${view.period.kind}-${view.period.day}-${subject.currency}`}
      legend={<Legend series={sheet.series} />}
    >
      {(on_read) => (
        <Columns
          label={t('money_title')} sheet={sheet} up={sheet.up} down={sheet.down} on_read={on_read}
        />
      )}
    </Figure>
  );
}

// By minute a share says little, and what is begun and paid says how the sale goes.
function RateChart({ view, subject, rows }: ChartsProps) {
  const is_sale = view.period.kind === 'sale';
  const sheet = is_sale ? sale_sheet(subject, rows) : rate_sheet(subject, rows, view.split);
  const { begun, paid, first_try } = rate_of(rows);
  const title = t(is_sale ? 'sale_title' : 'rate_title');
  return (
    <Figure
      title={title}
      finding={is_sale ? of_sale(sheet) : of_rate(begun, paid, first_try)}
      sheet={sheet}
      file={`rate-${view.period.kind}-${view.period.day}-${subject.currency}`}
    >
      {(on_read) => <Lines label={title} sheet={sheet} on_read={on_read} />}
    </Figure>
  );
}

function ReasonChart({ view, subject, rows }: ChartsProps) {
  const sheet = reason_sheet(subject, rows);
  if (sheet.rows.length === 0) return null;
  return (
    <Figure
      title={t('reason_title')} finding={of_reasons(sheet)} sheet={sheet}
      file={`reasons-${view.period.kind}-${view.period.day}-${subject.currency}`}
    >
      {(on_read) => <Bars label={t('reason_title')} sheet={sheet} on_read={on_read} />}
    </Figure>
  );
}

function FeeChart({ view, subject, rows }: ChartsProps) {
  const { sheet, hrefs } = fee_sheet(subject, rows);
  if (sheet.columns.length < 2) return null;
  return (
    <Figure
      title={t('fee_title')} finding={of_fees(sheet)} sheet={sheet}
      file={`fees-${view.period.kind}-${view.period.day}-${subject.currency}`}
    >
      {(on_read) => <Multiples sheet={sheet} hrefs={hrefs} on_read={on_read} />}
    </Figure>
  );
}

// What the charts are drawn of: all currencies, so that one of them can be chosen without asking.
function use_answers(view: View) {
  const time = time_of(view.period);
  return use_sums({ ...view, currency: '' }, () => ({
    money: {
      ...time, by: [view.split],
      measures: [
        'started', 'paid', 'refunded', 'refund_returned', 'disputed', 'dispute_won', 'fee_begun',
        'fee_paid', 'first_try',
      ],
    },
    reasons: { ...time, by: ['reason'], measures: ['failed'] },
    fees: { ...time, by: ['fee_type'], measures: ['paid'] },
  }), look_again_ms);
}

// All charts of what was answered, in one currency.
function Shown({ view, answers, currency }: {
  view: View; answers: Record<'money' | 'reasons' | 'fees', Answer>; currency: string;
}) {
  const { money, reasons, fees } = answers;
  const subject: Subject = {
    period: view.period, axis: axis_of(view.period), currency, until: money.until,
  };
  const props = ({ rows }: Answer) => ({ view, subject, rows: of_currency(rows, currency) });
  return (
    <>
      <Totals rows={props(money).rows} currency={currency} />
      <div class="charts">
        <MoneyChart {...props(money)} />
        <RateChart {...props(money)} />
        <ReasonChart {...props(reasons)} />
        <FeeChart {...props(fees)} />
      </div>
    </>
  );
}

function export_address(view: View): string {
  const { from, to } = days_of(view.period);
  const days = new URLSearchParams({ from, to: add_days(to, -1) });
  return `${link_to.exports}?${days}`;
}

export function MoneyPage({ query }: { query: URLSearchParams }) {
  const view = view_of(query);
  const live = use_answers(view);
  // Until the answer for another period has come, the one before stays.
  const shown = live.value && { view: live.value.about, answers: live.value.of };
  const rows = shown?.answers.money.rows ?? [];
  const currency = currency_of(rows, view.currency);
  const currencies = [...new Set([...currencies_of(rows), currency])].sort();
  const is_empty = shown && rows.length === 0;

  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  return (
    <section class={`money-page ${live.is_old ? 'old' : ''}`}>
      <div class="page-head">
        <h1>{t('title')}</h1>
        <MoneyControls view={view} currency={currency} currencies={shown ? currencies : []} />
        {may('payments_export') && (
          <span class="actions">
            <a class="button" href={export_address(view)}>{t('exports')}</a>
          </span>
        )}
      </div>
      <PeriodControls view={view} axis={axis_of(view.period)} />
      {live.error !== undefined && <ProblemNote error={live.error} on_retry={live.reload} />}
      {live.is_late && <Skeleton />}
      {shown?.answers.money.complete === false && (
        <p class="note" role="status">{t('incomplete')}</p>
      )}
      {is_empty && !live.is_old && (
        <div class="empty"><strong>{t('empty')}</strong><Nearest view={view} /></div>
      )}
      {shown && !is_empty && <Shown {...shown} currency={currency} />}
    </section>
  );
}
