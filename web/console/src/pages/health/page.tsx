// Is it us, a provider, or the tickets service?
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { format_ago, format_bytes, format_number } from '../../format';
import { look_of, looks, outside_name } from '../../health/looks';
import { use_live } from '../../loading';
import { read_health } from '../../net/operations';
import type { Check, Health, Outside, Replica } from '../../net/types';
import { announce } from '../../parts/announce';
import { Icon } from '../../parts/icon';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { Chip } from '../../parts/shape';
import { Skeleton } from '../../parts/skeleton';
import { link_to } from '../../route';
import { t as say } from '../../words';
import { words_of } from './findings';
import { report_of } from './report';
import { check_name, t } from './words';
import '../../styles/charts.css';

const look_again_ms = 60_000; // as often as replicas are heard of

// What stands between backticks is to be typed as it is.
const Said = ({ text, lang }: { text: string; lang: string }) => (
  <span lang={lang}>
    {text.split('`').map((part, i) => (i % 2 ? <code key={i}>{part}</code> : part))}
  </span>
);

function CheckLine({ check }: { check: Check }) {
  const { name, state } = check;
  const { sentence, advice, lang } = words_of(check);
  return (
    <li class={`check-line check-${state}`}>
      <Chip look={look_of(state)} text={t(`state_${state}`)} />
      <div>
        <h3>{check_name(name)}</h3>
        <p><Said text={sentence} lang={lang} /></p>
        {advice && (
          <p class="advice-line">
            <strong>{t('todo')}</strong> <Said text={advice} lang={lang} />
          </p>
        )}
      </div>
    </li>
  );
}

function OutsideRow({ outside }: { outside: Outside }) {
  const { name, calls, unanswered, p50_ms, p95_ms, last_signed_at } = outside;
  const ms = (label: 'half' | 'most', n: number | null) => (
    <td role="cell" class="number">
      <span class="cell-label">{t(label)} </span>
      {n === null ? <span class="none">–</span> : t('ms', { n: format_number(n) })}
    </td>
  );
  return (
    <tr role="row">
      <th role="rowheader" scope="row">{outside_name(name)}</th>
      <td role="cell" class="number">
        <span class="cell-label">{t('calls')} </span>{format_number(calls)}
      </td>
      <td role="cell" class="number">
        <span class="cell-label">{t('unanswered')} </span>
        {unanswered > 0
          ? <strong class="wrong-number">{format_number(unanswered)}</strong> : 0}
      </td>
      {ms('half', p50_ms)}
      {ms('most', p95_ms)}
      <td role="cell">
        <span class="cell-label">{t('last_signed')} </span>
        {last_signed_at
          ? <time dateTime={last_signed_at}>{format_ago(last_signed_at)}</time>
          : <span class="none">–</span>}
      </td>
    </tr>
  );
}

function Heads({ heads }: { heads: [string, string][] }) {
  return (
    <thead role="rowgroup">
      <tr role="row">
        {heads.map(([text, name]) => (
          <th key={text} role="columnheader" scope="col" class={name}>{text}</th>
        ))}
      </tr>
    </thead>
  );
}

function Outsides({ outsides }: { outsides: Outside[] }) {
  if (outsides.length === 0) return <p class="empty-tab">{t('nobody_asked')}</p>;
  return (
    <table class="grid" role="table">
      <caption class="unseen">{t('outsides')}</caption>
      <Heads
        heads={[
          [t('who'), ''], [t('calls'), 'number'], [t('unanswered'), 'number'],
          [t('half'), 'number'], [t('most'), 'number'], [t('last_signed'), ''],
        ]}
      />
      <tbody role="rowgroup">
        {outsides.map((outside) => <OutsideRow key={outside.name} outside={outside} />)}
      </tbody>
    </table>
  );
}

const clock_words = (ahead_ms: number | null): string =>
  ahead_ms === null ? t('same_clock')
    : t(ahead_ms < 0 ? 'behind' : 'ahead', { ms: format_number(Math.abs(ahead_ms)) });

function ReplicaRow({ replica }: { replica: Replica }) {
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <code>{replica.replica}</code>{' '}
        <Chip
          look={replica.is_alive ? looks.good : { tone: 'soft', shape: 'ring' }}
          text={t(replica.is_alive ? 'alive' : 'silent')}
        />
      </th>
      <td role="cell">
        <span class="cell-label">{t('version')} </span>
        {replica.version} <code>{replica.commit.slice(0, 7)}</code>
      </td>
      <td role="cell">
        <span class="cell-label">{t('settings')} </span>
        <code>{replica.settings.slice(0, 12)}</code>
      </td>
      <td role="cell">
        <span class="cell-label">{t('started')} </span><Moment at={replica.started_at} />
      </td>
      <td role="cell">
        <span class="cell-label">{t('seen')} </span><Moment at={replica.seen_at} />
      </td>
      <td role="cell">
        <span class="cell-label">{t('clock')} </span>{clock_words(replica.clock_ahead_ms)}
      </td>
      <td role="cell">
        <span class="cell-label">{t('keys_read')} </span>
        <time dateTime={replica.keys_read_at}>{format_ago(replica.keys_read_at)}</time>
      </td>
    </tr>
  );
}

function Replicas({ health }: { health: Health }) {
  const { replicas, same_version, same_settings } = health;
  if (replicas.length === 0) return <p class="empty-tab">{t('no_replicas')}</p>;
  return (
    <>
      {!(same_version && same_settings) && (
        <div class="note note-calm">
          <Icon glyph="alert" />
          <div>
            {!same_version && <p>{t('differ_versions')}</p>}
            {!same_settings && <p>{t('differ_settings')}</p>}
          </div>
        </div>
      )}
      <table class="grid" role="table">
        <caption class="unseen">{t('replicas')}</caption>
        <Heads
          heads={[
            [t('replica'), ''], [t('version'), ''], [t('settings'), ''], [t('started'), ''],
            [t('seen'), ''], [t('clock'), ''], [t('keys_read'), ''],
          ]}
        />
        <tbody role="rowgroup">
          {replicas.map((replica) => <ReplicaRow key={replica.replica} replica={replica} />)}
        </tbody>
      </table>
    </>
  );
}

function CopyReport({ health }: { health: Health }) {
  const [error, set_error] = useState(false);
  const copy = () => navigator.clipboard.writeText(report_of(health)).then(
    () => {
      set_error(false);
      announce(say('copied', { what: t('copied') }));
    },
    () => set_error(true),
  );
  return (
    <button type="button" class="button" aria-invalid={error} onClick={() => void copy()}>
      <Icon glyph="copy" />{t('copy')}
    </button>
  );
}

function Fact({ name, value, more }: { name: string; value: string; more?: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
      {more && <dd class="fine">{more}</dd>}
    </div>
  );
}

const number = (n: number | null) => (n === null ? '–' : format_number(n));

// What can be said in numbers, whatever the language.
function Facts({ health: { database, books, backup, events } }: { health: Health }) {
  const { kind, answered_in_ms, disk_free_bytes, disk_size_bytes } = database;
  return (
    <dl class="tiles">
      <Fact
        name={t('check_database')}
        value={answered_in_ms === null ? t('no_answer') : t('ms', { n: number(answered_in_ms) })}
        more={kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'}
      />
      {disk_free_bytes !== null && (
        <Fact
          name={t('disk_free')} value={format_bytes(disk_free_bytes)}
          more={disk_size_bytes !== null && t('of', { size: format_bytes(disk_size_bytes) })}
        />
      )}
      <Fact
        name={t('check_events')} value={t('waiting', { n: number(events.waiting) })}
        more={events.dead
          ? <a href={link_to.dead_events}>{t('given_up', { n: number(events.dead) })}</a>
          : t('given_up', { n: number(events.dead) })}
      />
      <Fact
        name={t('books')} value={books.verified_at ? format_ago(books.verified_at) : t('never')}
        more={books.verified_at && t(books.differences === 0 ? 'no_difference' : 'differences', {
          n: number(books.differences), of: number(books.transactions),
        })}
      />
      <Fact name={t('backup')} value={backup.at ? format_ago(backup.at) : t('never')} />
    </dl>
  );
}

function Shown({ health }: { health: Health }) {
  return (
    <>
      <Facts health={health} />
      <section aria-labelledby="checks-title">
        <h2 id="checks-title">{t('checks')}</h2>
        <ul class="checks">
          {health.checks.map((check, i) => <CheckLine key={i} check={check} />)}
        </ul>
      </section>
      <section aria-labelledby="outsides-title">
        <h2 id="outsides-title">{t('outsides')}</h2>
        <Outsides outsides={health.outsides} />
      </section>
      <section aria-labelledby="replicas-title">
        <h2 id="replicas-title">{t('replicas')}</h2>
        <Replicas health={health} />
      </section>
    </>
  );
}

export function HealthPage() {
  const read = use_live(read_health, '', look_again_ms);
  const health = read.value;
  const [asked_at, set_asked_at] = useState('');
  const is_asking = health !== undefined && asked_at === health.at && read.error === undefined;
  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  useEffect(() => {
    if (health) announce(t(`all_${health.state}`));
  }, [health?.at]);
  return (
    <section class="health">
      <div class="page-head">
        <h1>{t('title')}</h1>
        {health && (
          <>
            <Chip look={look_of(health.state)} text={t(`all_${health.state}`)} />
            <span class="soft">{t('as_of')} <Moment at={health.at} /></span>
            <span class="actions">
              <button
                type="button"
                class="button"
                aria-busy={is_asking}
                onClick={() => {
                  set_asked_at(health.at);
                  read.reload();
                }}
              >
                {t(is_asking ? 'looking' : 'again')}
              </button>
              <CopyReport health={health} />
            </span>
          </>
        )}
      </div>
      {read.error !== undefined && <ProblemNote error={read.error} on_retry={read.reload} />}
      {read.is_late && <Skeleton />}
      {health && <Shown health={health} />}
    </section>
  );
}
