// Which runs are there, and how do they stand?
import { useEffect } from 'preact/hooks';
import { format_number, zone_name } from '../../format';
import { list_runs } from '../../net/run_operations';
import type { Run } from '../../net/run_types';
import { use_pages } from '../../paging';
import { Foot } from '../../parts/foot';
import { Guarded } from '../../parts/guarded';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { use_row_keys } from '../../parts/rows';
import { Chip } from '../../parts/shape';
import { Skeleton } from '../../parts/skeleton';
import { link_to } from '../../route';
import { look_of_run, money_words, settled_of, total_of } from './looks';
import { Bar } from './progress';
import { t } from './words';
import '../../styles/runs.css';

const look_again_ms = 5000;

function Row({ run }: { run: Run }) {
  const { refused } = run.counts;
  return (
    <tr role="row">
      <td role="cell" class="cell-run">
        <a class="row-link" href={link_to.run(run.run_id)} data-id={String(run.run_id)}>
          {run.name}
        </a>
      </td>
      <td role="cell" class="cell-state">
        <Chip look={look_of_run(run.state)} text={t(`state_${run.state}`)} />
      </td>
      <td role="cell" class="cell-far">
        <Bar run={run} />
        <span class="tabular">
          {t('of_n', { n: format_number(settled_of(run)), of: format_number(total_of(run)) })}
        </span>{' '}
        {refused > 0 && (
          <span class="wrong-number">{t('refused_n', { n: format_number(refused) })}</span>
        )}
      </td>
      <td role="cell" class="cell-sums">{money_words(run.sums)}</td>
      <td role="cell" class="cell-when">
        {run.started_by.name || run.started_by.sub}{' '}
        <span class="soft"><Moment at={run.started_at} /></span>
      </td>
    </tr>
  );
}

function Table({ runs }: { runs: Run[] }) {
  const head = [
    ['run', t('run')], ['state', t('state')], ['far', t('far')], ['sums', t('amount')],
    ['when', t('when_zone', { zone: zone_name() })],
  ];
  return (
    <table class="list runs" role="table">
      <caption class="unseen">{t('title')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {head.map(([name, text]) => (
            <th key={name} role="columnheader" scope="col" class={`cell-${name}`}>{text}</th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{runs.map((run) => <Row key={run.run_id} run={run} />)}</tbody>
    </table>
  );
}

// What a run is, for who has never made one.
function Empty() {
  return (
    <div class="empty run-empty">
      <strong>{t('empty')}</strong>
      <ol>
        <li><strong>{t('step_choose')}.</strong> {t('empty_choose')}</li>
        <li><strong>{t('step_read')}.</strong> {t('empty_read')}</li>
        <li><strong>{t('step_start')}.</strong> {t('empty_start')}</li>
      </ol>
    </div>
  );
}

async function page_of(after: number | undefined, poll: boolean) {
  const { runs, next } = await list_runs(after, poll);
  return { rows: runs, next };
}

function List() {
  const list = use_pages(page_of, 'runs', ({ run_id }: Run) => run_id, look_again_ms);
  use_row_keys();
  return (
    <>
      {list.error !== undefined && <ProblemNote error={list.error} on_retry={list.reload} />}
      {list.is_late && <Skeleton />}
      {list.came && list.rows.length === 0 && <Empty />}
      {list.rows.length > 0 && <Table runs={list.rows} />}
      <Foot list={list} />
    </>
  );
}

export function RunsPage() {
  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  return (
    <section class="run-page">
      <div class="page-head">
        <h1>{t('title')}</h1>
        <span class="actions">
          <a class="button strong" href={link_to.new_run}>{t('new_run')}</a>
        </span>
      </div>
      <Guarded needs="payments_refund_bulk"><List /></Guarded>
    </section>
  );
}
