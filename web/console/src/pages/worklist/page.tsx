// What must a person decide? The list, and beside it why an entry is there and what to do.
import { useEffect, useState } from 'preact/hooks';
import { format_age, format_money, processor_name } from '../../format';
import { use_live } from '../../loading';
import { list_reviews, open_transaction } from '../../net/operations';
import type { Review, Reviews } from '../../net/types';
import { announce } from '../../parts/announce';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { use_row_keys } from '../../parts/rows';
import { Skeleton } from '../../parts/skeleton';
import { StatusChip } from '../../parts/status';
import { use_wide } from '../../parts/wide';
import { WhyAndAdvice } from '../../reviews/concern';
import { kind_name } from '../../reviews/kinds';
import { waiting } from '../../reviews/waiting';
import { go, link_to } from '../../route';
import { Story } from '../payment/story';
import { t } from './words';

const look_again_ms = 10_000;
const page_size = 50;

// What an entry is called in the page's address: a kind, and what it is about.
function name_of({ kind, since, transaction, message }: Review): string {
  const about = transaction?.id ?? message?.identity.slice(0, 16) ?? '';
  return `${kind}-${about}-${Date.parse(since)}`;
}

function about(review: Review): string {
  if (review.transaction) return review.transaction.reference;
  if (review.message) return processor_name(review.message.processor);
  return '–';
}

function StoryOf({ id }: { id: number }) {
  const read = use_live((poll) => open_transaction(id, poll), String(id), look_again_ms);
  return (
    <section class="pane-story" aria-labelledby="pane-story">
      <h3 id="pane-story">{t('story')}</h3>
      {read.error !== undefined && <ProblemNote error={read.error} on_retry={read.reload} />}
      {read.is_late && <Skeleton rows={4} />}
      {read.value && !read.is_old && (
        <Story
          opened={read.value}
          on_message={() => go(link_to.payment(id, 'messages'))}
        />
      )}
    </section>
  );
}

function Pane({ review }: { review: Review }) {
  const { transaction, message } = review;
  return (
    <section class="pane" aria-label={t('about')}>
      <div>
        <h2>{kind_name(review.kind)}</h2>
        <p class="fine">{t('since')} <Moment at={review.since} /></p>
      </div>
      {transaction && (
        <p class="facts-line">
          <a class="button strong" href={link_to.payment(transaction.id)}>
            {t('open', { reference: transaction.reference })}
          </a>
          <strong class="money">{format_money(transaction.amount, transaction.currency)}</strong>
          <StatusChip status={transaction.status} />
          <a href={link_to.ticket(transaction.ticket_id)}>
            {t('ticket', { id: transaction.ticket_id })}
          </a>
          <span>
            {processor_name(transaction.processor)}{' '}
            <code>{transaction.provider_transaction_id}</code>
          </span>
        </p>
      )}
      {message && (
        <p class="facts-line">
          <span>{t('message', { processor: processor_name(message.processor) })}</span>
          <code>{message.identity}</code>
          <span>{t('received')} <Moment at={message.received_at} /></span>
        </p>
      )}
      <div class="note note-calm advice"><div><WhyAndAdvice concern={review} /></div></div>
      {transaction && <StoryOf key={transaction.id} id={transaction.id} />}
    </section>
  );
}

// What "more" has brought, behind what is read again and again.
function use_more(first: Reviews | undefined) {
  const [pages, set_pages] = useState<Reviews[]>([]);
  const [state, set_state] = useState<{ busy: boolean; error: unknown }>({
    busy: false, error: undefined,
  });
  const last = pages.at(-1) ?? first;
  async function load(by_itself: boolean) {
    if (state.busy || !last?.next) return;
    set_state({ busy: true, error: undefined });
    try {
      const page = await list_reviews(page_size, last.next, by_itself);
      set_pages([...pages, page]);
      set_state({ busy: false, error: undefined });
    } catch (error) {
      set_state({ busy: false, error });
    }
  }
  const rows = [...(first?.reviews ?? []), ...pages.flatMap(({ reviews }) => reviews)];
  return { rows, has_more: !!last?.next, load, ...state };
}

// On a phone the chosen one opens in the list, and its link closes it.
function Entry({ review, is_chosen, wide }: {
  review: Review; is_chosen: boolean; wide: boolean;
}) {
  const { transaction } = review;
  return (
    <li class={is_chosen ? 'chosen' : ''}>
      <a
        class="row-link entry"
        href={is_chosen && !wide ? link_to.work : link_to.review(name_of(review))}
        aria-current={is_chosen}
        data-id={transaction?.reference}
      >
        <span class="entry-kind">{kind_name(review.kind)}</span>
        <time class="soft" dateTime={review.since}>{format_age(review.since)}</time>
        <code>{about(review)}</code>
        {transaction && (
          <span class="money">{format_money(transaction.amount, transaction.currency)}</span>
        )}
      </a>
      {is_chosen && !wide && <Pane review={review} />}
    </li>
  );
}

export function WorkPage({ chosen }: { chosen: string }) {
  const [paged, set_paged] = useState(false);
  const list = use_live(
    (poll) => list_reviews(page_size, null, poll), '', paged ? undefined : look_again_ms,
  );
  const more = use_more(list.value);
  const wide = use_wide();
  const total = list.value?.total;
  const found = more.rows.find((review) => name_of(review) === chosen);
  use_row_keys();

  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  useEffect(() => {
    if (total === undefined) return;
    waiting.set(total);
    announce(t('shown', { n: more.rows.length, total }));
  }, [total]);

  return (
    <section class="work">
      <div class="page-head"><h1>{t('title')}</h1></div>
      {list.error !== undefined && <ProblemNote error={list.error} on_retry={list.reload} />}
      {list.is_late && <Skeleton />}
      {list.value && more.rows.length === 0 && (
        <div class="empty"><strong>{t('empty')}</strong><p>{t('empty_lead')}</p></div>
      )}
      {more.rows.length > 0 && (
        <div class="work-panes">
          <div>
            <ul class="entries" aria-label={t('list')}>
              {more.rows.map((review, i) => (
                <Entry
                  key={`${name_of(review)} ${i}`}
                  review={review}
                  is_chosen={name_of(review) === chosen}
                  wide={wide}
                />
              ))}
            </ul>
            <div class="list-foot">
              <span class="soft tabular">
                {t('shown', { n: more.rows.length, total: total ?? 0 })}
              </span>
              {more.has_more && (
                <button
                  type="button"
                  class="button"
                  aria-busy={more.busy}
                  onClick={() => {
                    set_paged(true);
                    void more.load(false);
                  }}
                >
                  {more.busy ? t('loading_more') : t('more')}
                </button>
              )}
            </div>
            {more.error !== undefined && (
              <ProblemNote error={more.error} on_retry={more.load} />
            )}
          </div>
          {wide && (found ? <Pane key={chosen} review={found} />
            : <p class="pane soft">{t(chosen ? 'gone' : 'choose')}</p>)}
        </div>
      )}
    </section>
  );
}
