// What others are told, in one state: each event with its times, its tries, and its body.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { zone_name } from '../../format';
import { pretty } from '../../messages/raw';
import { list_events, replay_events, skip_events } from '../../net/operations';
import { list_settlement_events } from '../../net/settlement_operations';
import type {
  EventState, OutgoingEvent, ReplayRequest, SettlementEvent,
} from '../../net/types';
import { use_pages } from '../../paging';
import { announce } from '../../parts/announce';
import { CopyButton } from '../../parts/copy';
import { Dialog } from '../../parts/dialog';
import { Foot } from '../../parts/foot';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { Skeleton } from '../../parts/skeleton';
import { TextDialog } from '../../parts/text_dialog';
import { link_to } from '../../route';
import { t as say } from '../../words';
import { open_at, type About } from './place';
import { t } from './words';

const look_again_ms = 10_000;
const page_size = 50;
const longest_note = 2000;

const can_replay = (state: EventState) => state !== 'waiting';
const can_skip = (state: EventState) => state === 'waiting' || state === 'dead';

type AnyEvent = OutgoingEvent | SettlementEvent;

async function page_of(
  state: EventState, about: About, after: string | undefined, poll: boolean,
): Promise<{ rows: AnyEvent[]; next: string | null }> {
  const list = about === 'settlements' ? list_settlement_events : list_events;
  const { events, next } = await list({ state, limit: page_size, ...(after && { after }) }, poll);
  return { rows: events, next };
}

// What it is about, and where that is shown.
function subject_of(event: AnyEvent) {
  if (!('subject' in event)) return [event.reference, link_to.payment(event.transaction_id)];
  const { type, subject } = event;
  return type === 'settlement.payout' ? [subject, link_to.payout(subject)]
    : [t('finding'), link_to.settlement_finding(subject)];
}

// When what its state says came to be, or will be tried next.
const moment_of = (event: AnyEvent) =>
  ({
    waiting: event.next_try_at, told: event.told_at, dead: event.given_up_at,
    skipped: event.given_up_at,
  })[event.state];

const replayed_words = (n: number) =>
  n === 0 ? t('replayed_none') : n === 1 ? t('replayed_one') : t('replayed', { n });

function Row({ event, is_open, toggle, children }: {
  event: AnyEvent; is_open: boolean; toggle: () => void; children: ComponentChildren;
}) {
  const at = moment_of(event);
  const [name, place] = subject_of(event);
  return (
    <>
      <tr role="row" class={is_open ? 'is-open' : ''}>
        <td role="cell" class="cell-event">
          <button
            type="button"
            class="row-link row-button"
            aria-expanded={is_open}
            data-id={event.event_id}
            onClick={toggle}
          >
            {event.type}
          </button>
        </td>
        <td role="cell" class="cell-payment">
          <a class="over" href={place}>{name}</a>
        </td>
        <td role="cell" class="cell-made"><Moment at={event.made_at} /></td>
        <td role="cell" class="cell-then">
          <span class="cell-label">{t(`at_${event.state}`)} </span>
          {at ? <Moment at={at} /> : <span class="none">–</span>}
        </td>
        <td role="cell" class="cell-tries number">
          <span class="cell-label">{t('tries')} </span>{event.tries}
        </td>
        <td role="cell" class="cell-error" lang="en" title={event.last_error ?? undefined}>
          {event.last_error ?? <span class="none">–</span>}
        </td>
        <td role="cell" class="cell-acts">{children}</td>
      </tr>
      {is_open && (
        <tr role="row" class="opened">
          <td role="cell" colSpan={7}>
            <p class="facts-line">
              <span class="with-copy">
                <code>{event.event_id}</code>
                <CopyButton text={event.event_id} what={event.event_id} />
              </span>
              {event.last_error && <span class="detail" lang="en">{event.last_error}</span>}
            </p>
            <div class="raw">
              <pre tabIndex={0} aria-label={t('body')}>{pretty(event.body)}</pre>
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

function ReplayAllDialog({ n, act, on_close }: {
  n: number; act: () => Promise<void>; on_close: () => void;
}) {
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  async function press() {
    if (busy) return;
    set_busy(true);
    set_error(undefined);
    try {
      await act();
      on_close();
    } catch (failed) {
      set_error(failed);
      set_busy(false);
    }
  }
  return (
    <Dialog labelled_by="replay-title" on_close={on_close}>
      <div class="stack">
        <h2 id="replay-title">{t('replay_title')}</h2>
        <p>{n === 1 ? t('replay_one') : t('replay_lead', { n: n > 1000 ? '1000+' : n })}</p>
        <p class="note note-calm">{t('replay_note')}</p>
        {error !== undefined && <ProblemNote error={error} />}
        <div class="buttons buttons-end">
          <button type="button" class="button" onClick={on_close}>{say('cancel')}</button>
          <button
            type="button" class="button strong" aria-busy={busy} onClick={() => void press()}
          >
            {t(busy ? 'busy' : 'replay_go')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function SkipDialog({ event, on_done, on_close }: {
  event: AnyEvent; on_done: (words: string) => void; on_close: () => void;
}) {
  const { event_id, type } = event;
  const [reference = ''] = subject_of(event);
  return (
    <TextDialog
      title={t('skip_title', { type, reference })}
      lead={t('skip_lead')}
      label={t('skip_label')}
      hint={t('skip_hint')}
      go={t('skip_go')}
      going={t('busy')}
      empty={t('skip_empty')}
      rows={2}
      longest={longest_note}
      act={async (note) => {
        const { changed } = await skip_events({ event_ids: [event_id], note });
        on_done(t(changed > 0 ? 'skipped' : 'replayed_none'));
      }}
      on_close={on_close}
    />
  );
}

function Head({ state, about }: { state: EventState; about: About }) {
  const heads = [
    ['event', t('event')], ['payment', t(about === 'settlements' ? 'about_what' : 'payment')],
    ['made', t('made_zone', { zone: zone_name() })], ['then', t(`at_${state}`)],
    ['tries number', t('tries')], ['error', t('last_error')], ['acts', t('acts')],
  ];
  return (
    <thead role="rowgroup">
      <tr role="row">
        {heads.map(([name, text]) => (
          <th key={name} role="columnheader" scope="col" class={`cell-${name}`}>
            {name === 'acts' ? <span class="unseen">{text}</span> : text}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface Props {
  state: EventState;
  about: About;
  open: string; // the event whose body is shown
  dead: number; // how many there are
  on_change: () => void;
}

interface TableProps {
  state: EventState;
  about: About;
  rows: AnyEvent[];
  open: string;
  busy: string; // the event that is being sent again
  on_replay: (event_id: string) => void;
  on_skip: (event: AnyEvent) => void;
}

function Acts({ event, state, busy, on_replay, on_skip }: {
  event: AnyEvent;
} & Omit<TableProps, 'rows' | 'open' | 'about'>) {
  const { event_id } = event;
  return (
    <>
      {can_replay(state) && (
        <button
          type="button"
          class="link-button over"
          aria-busy={busy === event_id}
          aria-label={`${t('replay')}: ${event_id}`}
          onClick={() => on_replay(event_id)}
        >
          {t(busy === event_id ? 'busy' : 'replay')}
        </button>
      )}
      {can_skip(state) && (
        <button
          type="button"
          class="link-button over"
          aria-label={`${t('skip')} ${event_id}`}
          onClick={() => on_skip(event)}
        >
          {t('skip')}
        </button>
      )}
    </>
  );
}

function Table({ rows, open, about, ...acts }: TableProps) {
  const { state } = acts;
  return (
    <table class="list events" role="table">
      <caption class="unseen">{t(`tab_${state}`)}</caption>
      <Head state={state} about={about} />
      <tbody role="rowgroup">
        {rows.map((event) => (
          <Row
            key={event.event_id}
            event={event}
            is_open={open === event.event_id}
            toggle={() => open_at({
              tab: state, about, ...(open !== event.event_id && { open: event.event_id }),
            })}
          >
            <Acts event={event} {...acts} />
          </Row>
        ))}
      </tbody>
    </table>
  );
}

export function Outgoing({ state, about, open, dead, on_change }: Props) {
  const list = use_pages(
    (after: string | undefined, poll) => page_of(state, about, after, poll), `${state} ${about}`,
    ({ event_id }: AnyEvent) => event_id, look_again_ms,
  );
  const [busy, set_busy] = useState('');
  const [said, set_said] = useState('');
  const [error, set_error] = useState<unknown>();
  const [skipping, set_skipping] = useState<AnyEvent>();
  const [is_all, set_all] = useState(false);

  function on_done(words: string) {
    set_said(words);
    announce(words);
    list.newest();
    on_change();
  }
  const replay = async (request: ReplayRequest) =>
    on_done(replayed_words((await replay_events(request)).changed));

  async function replay_one(event_id: string) {
    if (busy) return;
    set_busy(event_id);
    set_error(undefined);
    await replay({ event_ids: [event_id] }).catch(set_error);
    set_busy('');
  }

  return (
    <>
      {can_replay(state) && list.rows.length > 0 && (
        <div class="replay-bar">
          <p class="soft">{t('replay_note')}</p>
          {state === 'dead' && (
            <button type="button" class="button" onClick={() => set_all(true)}>
              {t('replay_all')}
            </button>
          )}
        </div>
      )}
      {said && <p class="note note-good">{said}</p>}
      {error !== undefined && <ProblemNote error={error} />}
      {list.error !== undefined && <ProblemNote error={list.error} on_retry={list.reload} />}
      {list.is_late && <Skeleton />}
      {list.came && list.rows.length === 0 && (
        <div class="empty">
          <strong>{t(`empty_${state}`)}</strong><p>{t(`empty_${state}_lead`)}</p>
        </div>
      )}
      {list.rows.length > 0 && (
        <Table
          state={state} about={about} rows={list.rows} open={open} busy={busy}
          on_replay={(event_id) => void replay_one(event_id)} on_skip={set_skipping}
        />
      )}
      <Foot list={list} />
      {skipping && (
        <SkipDialog
          event={skipping} on_done={on_done} on_close={() => set_skipping(undefined)}
        />
      )}
      {is_all && (
        <ReplayAllDialog
          n={Math.max(dead, list.rows.length)} act={() => replay({ all_dead: true })}
          on_close={() => set_all(false)}
        />
      )}
    </>
  );
}
