// What must a person decide? The list, and beside it why an entry is there and what to do.
import { useEffect, useRef, useState } from 'preact/hooks';
import { format_age, format_money, format_moment, processor_name } from '../../format';
import { use_live } from '../../loading';
import { list_reviews } from '../../net/operations';
import type { HandledAs, Review } from '../../net/types';
import { announce } from '../../parts/announce';
import { Choice, DropButton, FilterBar } from '../../parts/filters';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { use_row_keys } from '../../parts/rows';
import { Skeleton } from '../../parts/skeleton';
import { use_wide } from '../../parts/wide';
import { kind_name } from '../../reviews/kinds';
import { waiting } from '../../reviews/waiting';
import { go } from '../../route';
import { is_me, what_of } from './acts';
import { filter_of, href_of, kinds, set_names, show_of, type Name, type Show } from './filter';
import { Pane } from './pane';
import { t } from './words';

const look_again_ms = 10_000;
const page_size = 50;
const most = 1000; // that the service gives at once

// What an entry is called in the page's address.
const name_of = ({ kind, number }: Review) => `${kind}-${number}`;

function about(review: Review): string {
  if (review.transaction) return review.transaction.reference;
  if (review.message) return processor_name(review.message.processor);
  return '–';
}

function Filters({ query }: { query: URLSearchParams }) {
  const set = (changes: Partial<Record<Name, string>>) =>
    go(href_of(query, changes), { replace: true });
  const count = set_names(query).length;
  return (
    <FilterBar
      count={count}
      on_clear={count > 0 ? () => set({ show: '', kind: '', mine: '' }) : undefined}
    >
      <label class="choice">
        <span class="label">{t('show')}</span>
        <select
          value={show_of(query)}
          onChange={(event) => {
            const { value } = event.currentTarget;
            set({ show: value === 'open' ? '' : value });
          }}
        >
          {(['open', 'snoozed', 'closed'] as const).map((one) => (
            <option key={one} value={one}>{t(`show_${one}`)}</option>
          ))}
        </select>
      </label>
      <Choice
        label={t('kind')} value={query.get('kind') ?? ''} values={kinds} name_of={kind_name}
        set={(kind) => set({ kind })}
      />
      <label class="choice check">
        <input
          type="checkbox"
          checked={query.has('mine')}
          onChange={(event) => set({ mine: event.currentTarget.checked ? '1' : '' })}
        />
        {t('mine_only')}
      </label>
    </FilterBar>
  );
}

// Of the list of nothing: who was the last to close something that still is so.
function LastClosed() {
  const closed = use_live((poll) => list_reviews({ limit: most, show: 'closed' }, poll), '');
  const handled = (closed.value?.reviews ?? []).flatMap((review) => review.handled ?? []);
  const last = handled.sort((a, b) => b.at.localeCompare(a.at))[0];
  if (!last) return null;
  const name = last.by.name || last.by.sub;
  return <p>{t('last_closed', { name, time: format_moment(last.at) })}</p>;
}

function Empty({ query }: { query: URLSearchParams }) {
  const set = set_names(query);
  if (set.length === 0) {
    return (
      <div class="empty">
        <strong>{t('empty')}</strong>
        <LastClosed />
        <p>{t('empty_lead')}</p>
      </div>
    );
  }
  const words: Record<Name, string> = {
    show: t(`show_${show_of(query)}`), kind: kind_name(query.get('kind') ?? ''), mine: t('mine'),
  };
  return (
    <div class="empty">
      <strong>{t('empty_filters')}</strong>
      <p>{t('empty_drop')}</p>
      <p class="chips">
        {set.map((name) => (
          <DropButton
            key={name}
            what={words[name]}
            on_drop={() => go(href_of(query, { [name]: '' }), { replace: true })}
          />
        ))}
      </p>
    </div>
  );
}

function Holder({ review }: { review: Review }) {
  const { owner, snoozed_until } = review;
  if (!owner) return null;
  return (
    <span class={`holder ${is_me(owner.sub) ? 'holder-me' : ''}`}>
      <Icon glyph="person" />
      <span>{is_me(owner.sub) ? t('you') : owner.name || owner.sub}</span>
      {snoozed_until && (
        <span class="soft">{t('until', { time: format_moment(snoozed_until) })}</span>
      )}
    </span>
  );
}

interface EntryProps {
  review: Review;
  show: Show;
  query: URLSearchParams;
  is_chosen: boolean;
  wide: boolean;
  on_done: (review: Review, as: HandledAs | undefined) => void;
}

// On a phone the chosen one opens in the list, and its link closes it.
function Entry({ review, show, query, is_chosen, wide, on_done }: EntryProps) {
  const { transaction } = review;
  return (
    <li class={is_chosen ? 'chosen' : ''}>
      <a
        class="row-link entry"
        href={href_of(query, { chosen: is_chosen && !wide ? '' : name_of(review) })}
        aria-current={is_chosen}
        data-id={transaction?.reference}
      >
        <span class="entry-kind">{kind_name(review.kind)}</span>
        <time class="soft" dateTime={review.since}>{format_age(review.since)}</time>
        <span class="entry-about"><code>{about(review)}</code><Holder review={review} /></span>
        {transaction && (
          <span class="money">{format_money(transaction.amount, transaction.currency)}</span>
        )}
      </a>
      {is_chosen && !wide && (
        <Pane review={review} show={show} on_done={(as) => on_done(review, as)} />
      )}
    </li>
  );
}

// Whether an entry is off the list that is shown once this was done with it.
const leaves = (as: HandledAs, show: Show, mine: boolean): boolean =>
  (show === 'open' ? as === 'snoozed' || as === 'closed' : as !== show) ||
  (mine && as === 'released');

// The entry that comes next is where the keyboard is, once `wanted` says so.
function use_focus_on(chosen: string, wanted: { current: boolean }) {
  useEffect(() => {
    if (!wanted.current) return;
    wanted.current = false;
    const next = document.querySelector<HTMLElement>('.entry[aria-current="true"]');
    (next ?? document.getElementById('content'))?.focus();
  }, [chosen]);
}

// What is given back leaves the list at once: its entry stays under the dialog that says so.
function use_rows(listed: Review[], chosen: string): Review[] {
  const held = useRef<Review | undefined>(undefined);
  const found = listed.find((review) => name_of(review) === chosen);
  if (found) held.current = found;
  const { current } = held;
  const is_under_dialog = !found && current && name_of(current) === chosen &&
    document.querySelector('dialog[open]') !== null;
  return is_under_dialog ? [current, ...listed] : listed;
}

const More = ({ is_busy, ask }: { is_busy: boolean; ask: () => void }) => (
  <button type="button" class="button" aria-busy={is_busy} onClick={ask}>{t('more')}</button>
);

export function WorkPage({ query }: { query: URLSearchParams }) {
  const filter = filter_of(query);
  const show = show_of(query);
  const chosen = query.get('chosen') ?? '';
  const of = JSON.stringify(filter);
  const [wanted, set_wanted] = useState({ of, n: page_size });
  const limit = wanted.of === of ? Math.min(most, wanted.n) : page_size;
  const list = use_live(
    (poll) => list_reviews({ ...filter, limit }, poll), `${of} ${limit}`, look_again_ms,
  );
  const rows = use_rows(list.value?.reviews ?? [], chosen);
  const total = list.value?.total;
  const found = rows.find((review) => name_of(review) === chosen);
  const wide = use_wide();
  const to_chosen = useRef(false);
  use_row_keys();

  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  useEffect(() => {
    if (total === undefined || list.is_old) return;
    if (of === '{}') waiting.set(total);
    announce(t('shown', { n: rows.length, total }));
  }, [total, list.is_old]);
  use_focus_on(chosen, to_chosen);

  // The one after it comes next, so that the list can be worked through.
  function on_done(review: Review, as: HandledAs | undefined) {
    list.reload(as === undefined);
    if (as === undefined) return;
    announce(t(`done_${as}`, { what: what_of(review) }));
    if (!leaves(as, show, query.has('mine'))) return;
    const at = rows.findIndex((row) => name_of(row) === name_of(review));
    const next = rows[at + 1] ?? rows[at - 1];
    to_chosen.current = true;
    go(href_of(query, { chosen: next ? name_of(next) : '' }), { replace: true });
  }

  return (
    <section class={`work ${list.is_old ? 'old' : ''}`}>
      <div class="page-head"><h1>{t('title')}</h1></div>
      <Filters query={query} />
      {list.error !== undefined && <ProblemNote error={list.error} on_retry={list.reload} />}
      {list.is_late && <Skeleton />}
      {list.value && !list.is_old && rows.length === 0 && <Empty query={query} />}
      {rows.length > 0 && (
        <div class="work-panes">
          <div>
            <ul class="entries" aria-label={t('list')}>
              {rows.map((review) => (
                <Entry
                  key={name_of(review)} review={review} show={show} query={query}
                  is_chosen={name_of(review) === chosen} wide={wide} on_done={on_done}
                />
              ))}
            </ul>
            <div class="list-foot">
              <span class="soft tabular">{t('shown', { n: rows.length, total: total ?? 0 })}</span>
              {list.value?.next && limit < most && (
                <More is_busy={list.is_old} ask={() => set_wanted({ of, n: limit + page_size })} />
              )}
            </div>
          </div>
          {wide && (found
            ? <Pane key={chosen} review={found} show={show} on_done={(as) => on_done(found, as)} />
            : <p class="pane soft">{t(chosen ? 'gone' : 'choose')}</p>)}
        </div>
      )}
    </section>
  );
}
