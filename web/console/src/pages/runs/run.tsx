// Has everybody got the money back? One run, while it goes on and after.
import { useEffect, useState } from 'preact/hooks';
import { format_moment } from '../../format';
import { use_live } from '../../loading';
import { read_run } from '../../net/run_operations';
import type { ItemState, Run, RunItem } from '../../net/run_types';
import { use_pages } from '../../paging';
import { announce } from '../../parts/announce';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { Chip } from '../../parts/shape';
import { Skeleton } from '../../parts/skeleton';
import { link_to } from '../../route';
import { Acts } from './acts';
import { Items, page_of, shown_of } from './items';
import { give_words, look_of_run, total_of } from './looks';
import { Progress } from './progress';
import { SumTable } from './read';
import { save_report } from './report';
import { t } from './words';
import '../../styles/runs.css';

const look_again_ms = 2000;
const look_seldom_ms = 10_000;

function Facts({ run }: { run: Run }) {
  const by = ({ sub, name }: { sub: string; name: string }) => name || sub;
  return (
    <p class="facts-line">
      <span>{give_words(run.give)}</span>
      <span>
        {t('started_by', { name: by(run.started_by), time: format_moment(run.started_at) })}
      </span>
      {run.released_by && run.released_at && (
        <span>
          {t('released_by', { name: by(run.released_by), time: format_moment(run.released_at) })}
        </span>
      )}
      {run.ended_at && <span>{t('ended', { time: format_moment(run.ended_at) })}</span>}
      <span class="soft">{t('because', { reason: run.reason })}</span>
    </p>
  );
}

// What a person must know now, if anything.
function Standing({ run }: { run: Run }) {
  const { counts, state, paused_because } = run;
  const because = state === 'paused' ? paused_because : null;
  if (because === 'refusals' || because === 'silence') {
    return (
      <div class="note note-bad" role="alert">
        <Icon glyph="alert" />
        <div><strong>{t(`${because}_title`)}</strong><p>{t(`${because}_lead`)}</p></div>
      </div>
    );
  }
  if (state === 'needs_release') {
    return (
      <div class="note note-calm">
        <Icon glyph="person" />
        <div><strong>{t('needs_release_title')}</strong><p>{t('needs_release_lead')}</p></div>
      </div>
    );
  }
  if (state === 'done') {
    const is_all = counts.done === total_of(run);
    return (
      <div class={`note ${is_all ? 'note-good' : 'note-calm'}`}>
        <div><strong>{t(is_all ? 'all_done' : 'done_but')}</strong></div>
      </div>
    );
  }
  return state === 'running' ? <p class="soft">{t('may_close')}</p> : null;
}

function Report({ run_id }: { run_id: number }) {
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  async function save() {
    if (busy) return;
    set_busy(true);
    set_error(undefined);
    await save_report(run_id).catch(set_error);
    set_busy(false);
  }
  return (
    <>
      <button type="button" class="button" aria-busy={busy} onClick={() => void save()}>
        <Icon glyph="exports" />{t('report')}
      </button>
      {error !== undefined && <ProblemNote error={error} />}
    </>
  );
}

// The run and the items that are shown, read together. While more of them are shown than one page
// they stay as they are, and the run alone is looked at again.
function use_run(id: number, shown: ItemState | '', every_ms: number) {
  const list = use_pages(
    (after: number | undefined, poll) => page_of(id, shown, after, poll),
    `${id} ${shown}`, ({ transaction_id }: RunItem) => transaction_id, every_ms,
  );
  const head = use_live(
    async (poll) => (list.is_open ? (await read_run({ run_id: id, limit: 1 }, poll)).run : null),
    `${id} ${list.is_open}`, list.is_open ? every_ms : undefined,
  );
  const run = (list.is_open && head.value) || list.value?.run;
  return { run: run?.run_id === id ? run : undefined, list };
}

export function RunPage({ id, query }: { id: number; query: URLSearchParams }) {
  const [every_ms, set_every] = useState(look_again_ms);
  const shown = shown_of(query);
  const { run, list } = use_run(id, shown, every_ms);
  const state = run?.state;
  useEffect(() => {
    document.title = `${run ? run.name : t('title')} · O.Z.O.R.A.`;
  });
  useEffect(() => {
    if (!state) return;
    announce(t(`state_${state}`));
    if (list.is_open) list.newest(); // what is shown became something else
  }, [state]);
  const is_moving = !run || run.state === 'running' || run.counts.asked + run.counts.unknown > 0;
  useEffect(() => set_every(is_moving ? look_again_ms : look_seldom_ms), [is_moving]);
  return (
    <section class="run-page">
      <div class="page-head">
        <h1>
          <a class="back" href={link_to.runs} aria-label={t('to_runs')}><Icon glyph="back" /></a>
          {run ? run.name : t('run_n', { n: id })}
        </h1>
        {run && (
          <>
            <Chip look={look_of_run(run.state)} text={t(`state_${run.state}`)} />
            <span class="soft">{t('run_n', { n: id })}</span>
            <span class="actions"><Report run_id={id} /></span>
          </>
        )}
      </div>
      {list.error !== undefined && <ProblemNote error={list.error} on_retry={list.reload} />}
      {!run && list.is_late && <Skeleton />}
      {run && (
        <>
          <Facts run={run} />
          <Progress run={run} />
          <Standing run={run} />
          <Acts run={run} on_done={list.newest} />
          <SumTable sums={run.sums} given={run.given_back} />
          <Items run={run} shown={shown} list={list} />
        </>
      )}
    </section>
  );
}
