// Who did and saw what? The newest first.
import { useEffect, useRef, useState } from 'preact/hooks';
import { zone_name } from '../../format';
import { list_actions } from '../../net/operations';
import type { Action, ActionFilter, Person } from '../../net/types';
import { use_pages } from '../../paging';
import { announce } from '../../parts/announce';
import { Choice, DropButton, FilterBar, Typed } from '../../parts/filters';
import { count_of, Foot } from '../../parts/foot';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { Skeleton } from '../../parts/skeleton';
import { link_to } from '../../route';
import { may } from '../../session';
import {
  choose, chosen_of, filter_of, kinds, mistaken, set_names, type Chosen, type Name,
} from './filter';
import { kind_words, line_of } from './lines';
import { t } from './words';

const look_again_ms = 10_000;

const name_of = ({ sub, name }: Person) => name || sub;

async function page_of(filter: ActionFilter, poll: boolean) {
  const { actions, next } = await list_actions(filter, poll);
  return { rows: actions, next };
}

// Everybody whose actions this page has shown, by `sub`: whom a filter can name.
function use_people(rows: Action[]): Map<string, string> {
  const people = useRef(new Map<string, string>());
  for (const { by } of rows) people.current.set(by.sub, name_of(by));
  return people.current;
}

function describe(name: Name, chosen: Chosen, people: Map<string, string>): string {
  const value = chosen[name] ?? '';
  switch (name) {
    case 'by': return people.get(value) ?? value;
    case 'kind': return kind_words(value);
    case 'from': return `${t('day_from')}: ${value}`;
    case 'to': return `${t('day_to')}: ${value}`;
    default: return value;
  }
}

function Filters({ chosen, people }: { chosen: Chosen; people: Map<string, string> }) {
  const set = (changes: Chosen) => choose(chosen, changes);
  const wrong = mistaken(chosen);
  const count = set_names(chosen).length;
  const clear = () => set(Object.fromEntries(set_names(chosen).map((name) => [name, ''])));
  const subs = [...new Set([...people.keys(), ...(chosen.by ? [chosen.by] : [])])];
  const day = (name: 'from' | 'to') => (
    <Typed
      label={t(`day_${name}`)} given={chosen[name] ?? ''} type="date" wrong={wrong.includes(name)}
      on_change={(text) => set({ [name]: text })}
    />
  );
  return (
    <FilterBar
      count={count}
      on_clear={count > 0 ? clear : undefined}
      below={wrong.length > 0 && (
        <div class="wrong" role="alert">
          {wrong.map((name) => <p key={name}>{describe(name, chosen, people)}: {t('no_day')}</p>)}
        </div>
      )}
    >
      <Choice
        label={t('who')} value={chosen.by ?? ''} values={subs}
        name_of={(sub) => people.get(sub) ?? sub} set={(by) => set({ by })}
      />
      <Choice
        label={t('kind')} value={chosen.kind ?? ''} values={kinds} name_of={kind_words}
        set={(kind) => set({ kind })}
      />
      <span class="choice">
        <span class="label">{t('about')}</span>
        <Typed
          label={t('about')} given={chosen.about ?? ''} placeholder={t('about_hint')}
          on_change={(about) => set({ about })}
        />
      </span>
      <span class="choice range days">
        <span class="label">{t('days')}</span>
        {day('from')}<span aria-hidden="true">–</span>{day('to')}
      </span>
    </FilterBar>
  );
}

function About({ action }: { action: Action }) {
  const { transaction_id, reference, about, kind } = action;
  // What an entry of the worklist is about is told by its sentence.
  const thing = about && kind !== 'review' ? about : '';
  if (transaction_id === null && !thing) return <span class="none">–</span>;
  const words = reference ?? `TR${transaction_id}`;
  return (
    <>
      {transaction_id !== null && (may('payments_search')
        ? <a class="over" href={link_to.payment(transaction_id)}>{words}</a> : words)}
      {thing && <code title={thing}>{thing}</code>}
    </>
  );
}

function Row({ action, set }: { action: Action; set: (changes: Chosen) => void }) {
  const { did, said, rest, is_erased } = line_of(action);
  const name = name_of(action.by);
  return (
    <tr role="row">
      <td role="cell" class="cell-when"><Moment at={action.at} /></td>
      <td role="cell" class="cell-person">
        <button
          type="button"
          class="plain-button"
          title={t('only', { name })}
          onClick={() => set({ by: action.by.sub })}
        >
          {name}
        </button>
      </td>
      <td role="cell" class="cell-what">
        <span>{did}</span>
        {said && <span class="said-note">{t('said', { text: said })}</span>}
        {is_erased && <span class="fine">{t('erased')}</span>}
        {rest.map(([detail, value]) => (
          <span key={detail} class="detail">{detail}: {value}</span>
        ))}
      </td>
      <td role="cell" class="cell-about"><About action={action} /></td>
    </tr>
  );
}

function Table({ rows, set }: { rows: Action[]; set: (changes: Chosen) => void }) {
  const heads = [
    ['when', t('when_zone', { zone: zone_name() })], ['person', t('who')], ['what', t('what')],
    ['about', t('about')],
  ];
  return (
    <table class="lines" role="table">
      <caption class="unseen">{t('title')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {heads.map(([name, text]) => (
            <th key={name} role="columnheader" scope="col" class={`cell-${name}`}>{text}</th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((action) => <Row key={action.action_id} action={action} set={set} />)}
      </tbody>
    </table>
  );
}

// Those without which there would be something; undefined while that is not known.
function use_culprits(chosen: Chosen): Name[] | undefined {
  const set = set_names(chosen);
  const [found, find] = useState<Name[]>();
  useEffect(() => {
    let is_gone = false;
    const has_some = async (name: Name) => {
      const filter = { ...filter_of({ ...chosen, [name]: '' }), limit: 1 };
      return (await list_actions(filter, true)).actions.length > 0;
    };
    Promise.all(set.map(has_some)).then(
      (some) => { if (!is_gone) find(set.filter((_, i) => some[i])); },
      () => { if (!is_gone) find([]); },
    );
    return () => { is_gone = true; };
  }, [JSON.stringify(chosen)]);
  return found;
}

function EmptyFilters({ chosen, people }: { chosen: Chosen; people: Map<string, string> }) {
  const culprits = use_culprits(chosen);
  if (!culprits) return null;
  const named = culprits.length > 0 ? culprits : set_names(chosen);
  const what = (name: Name) => describe(name, chosen, people);
  return (
    <div class="empty">
      <strong>
        {named.length === 1 ? t('empty_one', { what: what(named[0]!) })
          : t(culprits.length > 0 ? 'empty_some' : 'empty_both')}
      </strong>
      <p class="chips">
        {named.map((name) => (
          <DropButton
            key={name} what={what(name)} on_drop={() => choose(chosen, { [name]: '' })}
          />
        ))}
      </p>
    </div>
  );
}

export function AuditPage({ query, private_text }: {
  query: URLSearchParams; private_text: string;
}) {
  const chosen = chosen_of(query, private_text);
  const is_askable = mistaken(chosen).length === 0;
  const inputs = JSON.stringify(chosen);
  const list = use_pages(
    async (after: string | undefined, poll) => (is_askable
      ? page_of({ ...filter_of(chosen), ...(after && { after }) }, poll)
      : { rows: [], next: null }),
    inputs, ({ action_id }: Action) => action_id, look_again_ms,
  );
  const { rows, came } = list;
  const people = use_people(rows);
  const is_empty = came && is_askable && rows.length === 0 && !list.has_older;

  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  useEffect(() => { if (came) announce(count_of(list)); }, [came]);

  return (
    <section class={`audit ${list.is_old ? 'old' : ''}`}>
      <div class="page-head"><h1>{t('title')}</h1><p class="soft">{t('lead')}</p></div>
      <Filters chosen={chosen} people={people} />
      {list.error !== undefined && <ProblemNote error={list.error} on_retry={list.reload} />}
      {list.is_late && <Skeleton />}
      {rows.length > 0 && <Table rows={rows} set={(changes) => choose(chosen, changes)} />}
      {is_empty && set_names(chosen).length === 0 && (
        <div class="empty"><strong>{t('empty_all')}</strong><p>{t('empty_all_lead')}</p></div>
      )}
      {is_empty && set_names(chosen).length > 0 && (
        <EmptyFilters key={inputs} chosen={chosen} people={people} />
      )}
      <Foot list={list} />
    </section>
  );
}
