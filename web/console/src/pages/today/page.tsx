// Is the sale all right, and does anything wait for me? What has come in today, the last hour
// minute by minute, and what needs a person; asked again by itself every few seconds.
import { useEffect } from 'preact/hooks';
import { Figure } from '../../charts/figure';
import { Lines } from '../../charts/lines';
import type { Sheet } from '../../charts/sheet';
import {
  day_of, format_age, format_money, format_number, format_percent, format_weekday, now,
  processor_name, zone_name,
} from '../../format';
import { use_live } from '../../loading';
import { find_transactions, list_reviews } from '../../net/operations';
import type { Review, Status, Summary } from '../../net/types';
import { ProblemNote } from '../../parts/problem';
import { use_row_keys } from '../../parts/rows';
import { Skeleton } from '../../parts/skeleton';
import { kind_name } from '../../reviews/kinds';
import { waiting } from '../../reviews/waiting';
import { link_to } from '../../route';
import { may } from '../../session';
import { axis_between, list_of_bucket, told } from '../../sums/axis';
import { use_sums, type Answer } from '../../sums/live';
import { last_paid_before } from '../../sums/nearest';
import { add_days } from '../../sums/periods';
import {
  currencies_of, in_buckets, money_of, of_currency, rate_of, total,
} from '../../sums/rows';
import { HealthLines } from './health';
import { t } from './words';
import '../../styles/charts.css';

const look_again_ms = 5000;
const seldom_ms = 15_000;
const minute_ms = 60_000;
const most_under_way = 100;

const today = () => ({ from: day_of(now()), to: add_days(day_of(now()), 1) });

const money_of_day = (day: string) =>
  `${link_to.money}?${new URLSearchParams({ period: 'today', day })}`;
const paid_on = (day: string, currency: string) =>
  `${link_to.payments}?${new URLSearchParams({ of: 'paid', from: day, to: day, currency })}`;

function NonePaid() {
  const last = use_live(async (poll) =>
    (await last_paid_before(now().toISOString(), poll)) ?? null, '');
  return (
    <div class="empty empty-tiles">
      <strong>{t('none_yet')}</strong>
      {last.value && (
        <p>
          <a href={money_of_day(day_of(last.value))}>
            {t('last_one', { day: format_weekday(last.value) })}
          </a>
        </p>
      )}
      {last.value === null && <p>{t('none_ever')}</p>}
    </div>
  );
}

// Each currency for itself: they are never added.
function PaidToday({ answer }: { answer: Answer }) {
  const money = currencies_of(answer.rows)
    .map((currency) => ({ currency, ...money_of(of_currency(answer.rows, currency)) }))
    .filter(({ taken, given_back }) => taken.n > 0 || given_back.n !== 0);
  const day = answer.question.from;
  return (
    <section class="card" aria-labelledby="paid-today">
      <h2 id="paid-today">{t('paid_today')}</h2>
      {money.every(({ taken }) => taken.n === 0) && <NonePaid />}
      <dl class="tiles tiles-large">
        {money.map(({ currency, taken, given_back }) => (
          <div key={currency} data-currency={currency}>
            <dt>{currency}</dt>
            <dd class="tabular">
              <a href={paid_on(day, currency)}>
                {format_money(taken.amount, currency)}
              </a>
            </dd>
            <dd class="fine tabular">
              {taken.n === 1 ? t('payments_1') : t('payments_n', { n: format_number(taken.n) })}
              {given_back.amount !== 0 && (
                <> · {t('given_back', { amount: format_money(given_back.amount, currency) })}</>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p><a href={`${link_to.money}?period=today`}>{t('more')}</a></p>
    </section>
  );
}

function Rate({ answer }: { answer: Answer }) {
  const { begun, paid, first_try } = rate_of(answer.rows);
  if (begun === 0) return <p class="soft">{t('rate_none')}</p>;
  return (
    <p>
      <strong>{t('rate', { share: format_percent(paid!) })}</strong>{' '}
      <span class="soft">({t('rate_first', { share: format_percent(first_try!) })})</span>
    </p>
  );
}

const going_on: Status[] = ['created', 'pending', 'authorized'];

// What nobody knows the end of yet.
function UnderWay() {
  const list = use_live((poll) => find_transactions(
    { status: [...going_on, 'unknown'], limit: most_under_way }, poll,
  ), '', seldom_ms);
  const found = list.value;
  if (list.error !== undefined) return <ProblemNote error={list.error} on_retry={list.reload} />;
  if (!found) return null;
  const count = (of: (row: Summary) => boolean) => {
    const n = found.transactions.filter(of).length;
    return found.next === null ? format_number(n) : t('at_least', { n: format_number(n) });
  };
  const href = (statuses: Status[]) => `${link_to.payments}?status=${statuses.join()}`;
  return (
    <ul class="counts">
      <li>
        <a href={href(going_on)}>{t('pending')}</a>{' '}
        <strong>{count(({ status }) => going_on.includes(status))}</strong>
      </li>
      <li>
        <a href={href(['unknown'])}>{t('unknown')}</a>{' '}
        <strong>{count(({ status }) => status === 'unknown')}</strong>
      </li>
    </ul>
  );
}

// Counts of payments, whatever their currency.
function hour_sheet({ question, rows, until }: Answer): Sheet {
  const axis = axis_between(Date.parse(question.from), Date.parse(question.to), 'minute');
  const buckets = in_buckets(rows, axis.starts);
  const measures = ['started', 'paid', 'failed'] as const;
  return {
    head: t('minute'),
    columns: (['begun', 'paid', 'failed'] as const)
      .map((name) => ({ name: t(name), unit: 'count' as const })),
    first: axis.first,
    rows: axis.starts.map((start, i) => {
      const { is_to_come, ...row } = told(axis, i, until);
      return {
        ...row,
        href: list_of_bucket({ kind: 'sale', day: day_of(new Date(start)), hour: 0 }, axis, i, {}),
        values: measures.map((measure) =>
          is_to_come ? undefined : total(buckets[i]!, measure).n),
      };
    }),
  };
}

function LastHour({ answer }: { answer: Answer }) {
  const sheet = hour_sheet(answer);
  const all = (i: number) => sheet.rows.reduce((n, { values }) => n + (values[i] ?? 0), 0);
  const count = (i: number) => format_number(all(i));
  const finding = all(0) + all(1) + all(2) === 0 ? t('found_none')
    : t('found', { begun: count(0), paid: count(1), failed: count(2) });
  return (
    <Figure title={t('last_hour')} finding={finding} sheet={sheet} file="last-hour">
      {(on_read) => <Lines label={t('last_hour')} sheet={sheet} on_read={on_read} />}
    </Figure>
  );
}

function about(review: Review): string {
  return review.transaction?.reference
    ?? (review.message ? processor_name(review.message.processor) : '–');
}

function Needs() {
  const list = use_live((poll) => list_reviews({ limit: 5 }, poll), '', seldom_ms);
  const total_n = list.value?.total;
  useEffect(() => { if (total_n !== undefined) waiting.set(total_n); }, [total_n]);
  const first = list.value?.reviews[0];
  return (
    <section class="card" aria-labelledby="needs">
      <h2 id="needs">
        {t('needs')} {total_n ? <span class="count">{format_number(total_n)}</span> : null}
      </h2>
      {list.error !== undefined && <ProblemNote error={list.error} on_retry={list.reload} />}
      {list.is_late && <Skeleton rows={3} />}
      {total_n === 0 && <p class="soft">{t('nothing_waits')}</p>}
      {first && (
        <>
          <ul class="needs">
            {list.value!.reviews.map((review, i) => (
              <li key={i}>
                <a
                  class="row-link entry"
                  data-id={review.transaction?.reference}
                  href={review.transaction ? link_to.payment(review.transaction.id) : link_to.work}
                >
                  <span class="entry-kind">{kind_name(review.kind)}</span>
                  <time class="soft" dateTime={review.since}>{format_age(review.since)}</time>
                  <code>{about(review)}</code>
                  {review.transaction && (
                    <span class="money">
                      {format_money(review.transaction.amount, review.transaction.currency)}
                    </span>
                  )}
                </a>
              </li>
            ))}
          </ul>
          <p>
            <a href={link_to.work}>{t('all_of_them')}</a>{' '}
            <span class="soft">{t('oldest', { age: format_age(first.since) })}</span>
          </p>
        </>
      )}
    </section>
  );
}

export function TodayPage() {
  const live = use_sums('today', () => {
    const to = Math.floor(now().getTime() / minute_ms + 1) * minute_ms;
    return {
      day: {
        ...today(), bucket: 'day',
        measures: ['paid', 'refunded', 'refund_returned', 'fee_begun', 'fee_paid', 'first_try'],
      },
      hour: {
        from: new Date(to - 60 * minute_ms).toISOString(), to: new Date(to).toISOString(),
        bucket: 'minute', measures: ['started', 'paid', 'failed'],
      },
    };
  }, look_again_ms);
  const { day, hour } = live.value?.of ?? {};

  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  use_row_keys();
  return (
    <section class="today">
      <div class="page-head">
        <h1>{t('title')}</h1>
        <span class="soft">{format_weekday(now())} · {zone_name()}</span>
      </div>
      {live.error !== undefined && <ProblemNote error={live.error} on_retry={live.reload} />}
      {live.is_late && <Skeleton />}
      {day?.complete === false && <p class="note" role="status">{t('incomplete')}</p>}
      {day && hour && (
        <div class="panes">
          <div class="stack">
            <PaidToday answer={day} />
            <div class="card"><LastHour answer={hour} /></div>
          </div>
          <div class="stack">
            <Needs />
            {may('payments_operate') && <HealthLines />}
            <section class="card" aria-labelledby="under-way">
              <h2 id="under-way">{t('under_way')}</h2>
              <UnderWay />
              <Rate answer={day} />
            </section>
          </div>
        </div>
      )}
    </section>
  );
}
