// What does the accountant get? The file is made and shown first, and saved as it was shown.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { format_money, format_number, processor_name } from '../../format';
import { use_live } from '../../loading';
import { announce } from '../../parts/announce';
import { Guarded } from '../../parts/guarded';
import { ProblemNote } from '../../parts/problem';
import { Icon } from '../../parts/icon';
import { save_file } from '../../parts/save';
import { may } from '../../session';
import { BrokenOff, look_at, make, type Made } from './make';
import type { Contents, Sum } from './read';
import {
  choice_of, currencies, forms, is_askable, processors, request_of, show, whats, type Choice,
} from './query';
import { t } from './words';
import '../../styles/charts.css';

type State =
  | { is: 'nothing' }
  | { is: 'making'; lines: number }
  | { is: 'made'; made: Made }
  | { is: 'failed'; error: unknown };
const nothing: State = { is: 'nothing' };

function Select({ label, value, values, set }: {
  label: string; value: string; values: [string, string][]; set: (value: string) => void;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {values.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select>
    </label>
  );
}

function Day({ label, value, wrong, set }: {
  label: string; value: string; wrong: boolean; set: (day: string) => void;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="date" required value={value} aria-invalid={wrong ? 'true' : undefined}
        onChange={(event) => { if (event.currentTarget.value) set(event.currentTarget.value); }}
      />
    </label>
  );
}

function Fields({ choice, personal, set_personal }: {
  choice: Choice; personal: boolean; set_personal: (on: boolean) => void;
}) {
  const set = (changes: Partial<Record<keyof Choice, string>>) =>
    show({ ...choice, ...changes } as Choice);
  const wrong = !is_askable(choice);
  return (
    <>
      <fieldset class="whats">
        <legend>{t('what')}</legend>
        {whats.map((one) => (
          <label key={one} class="check">
            <input
              type="radio" name="what" checked={choice.what === one}
              onChange={() => set({ what: one })}
            />
            {t(one)}
          </label>
        ))}
      </fieldset>
      <div class="fields">
        <Day label={t('from')} value={choice.from} wrong={wrong} set={(from) => set({ from })} />
        <Day label={t('to')} value={choice.to} wrong={wrong} set={(to) => set({ to })} />
        {choice.what !== 'daily_totals' && (
          <Select
            label={t('by')} value={choice.by} set={(by) => set({ by })}
            values={[['taken', t('by_taken')], ['created', t('by_created')]]}
          />
        )}
        <Select
          label={t('currency')} value={choice.currency} set={(currency) => set({ currency })}
          values={[['', t('all')], ...currencies.map((one): [string, string] => [one, one])]}
        />
        <Select
          label={t('processor')} value={choice.processor} set={(processor) => set({ processor })}
          values={[
            ['', t('all')],
            ...processors.map((one): [string, string] => [one, processor_name(one)]),
          ]}
        />
        <Select
          label={t('form')} value={choice.form} set={(form) => set({ form })}
          values={forms.map((one) => [one, t(one === 'excel-hu' ? 'form_hu' : 'form_rfc')])}
        />
      </div>
      {choice.what === 'payments' && may('payments_personal') && (
        <label class="check">
          <input
            type="checkbox" checked={personal}
            onChange={(event) => set_personal(event.currentTarget.checked)}
          />
          {t('personal')}
        </label>
      )}
      <p class="wrong" role="alert">{wrong ? t('wrong_days') : ''}</p>
    </>
  );
}

// Of movements, then the measures of daily totals.
const words_of_kinds = [
  'taken', 'given_back', 'came_back', 'disputed', 'dispute_won', 'started', 'paid', 'refunded',
  'refund_returned', 'failed', 'fee_begun', 'fee_paid', 'first_try',
] as const;
const kind_name = (kind: string) => {
  const known = words_of_kinds.find((one) => one === kind);
  return known ? t(known) : kind.replaceAll('_', ' ');
};

// The sums of the lines, and of movements also what is left, held against the page Money.
function Sums({ made, is_money }: { made: Made; is_money: boolean }) {
  const all = [...new Set(made.sums.map(({ currency }) => currency))].sort();
  const order = ({ kind }: Sum) => words_of_kinds.findIndex((one) => one === kind);
  const of = (currency: string) => made.sums
    .filter((sum) => sum.currency === currency).sort((a, b) => order(a) - order(b));
  const net = (currency: string) => of(currency).reduce((sum, { cents }) => sum + cents, 0);
  const compared = made.money && [...new Set([...all, ...made.money.keys()])].sort();
  const differing = compared?.find((currency) =>
    net(currency) !== (made.money!.get(currency) ?? 0));
  return (
    <>
      <table class="export-sums">
        <caption class="unseen">{t('sums')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('kind')}</th>
            <th scope="col" class="number">{t('lines')}</th>
            <th scope="col" class="number">{t('amount')}</th>
          </tr>
        </thead>
        <tbody>
          {all.flatMap((currency) => [
            ...of(currency).map(({ kind, lines, cents }) => (
              <tr key={`${currency} ${kind}`}>
                <th scope="row">{kind_name(kind) || currency}</th>
                <td class="number">{format_number(lines)}</td>
                <td class="number money">{format_money(cents / 100, currency)}</td>
              </tr>
            )),
            is_money && (
              <tr key={currency} class="sum" data-currency={currency}>
                <th scope="row">{t('net')}, {currency}</th>
                <td class="number">
                  {format_number(of(currency).reduce((n, { lines }) => n + lines, 0))}
                </td>
                <td class="number money">{format_money(net(currency) / 100, currency)}</td>
              </tr>
            ),
          ])}
        </tbody>
      </table>
      {compared && (
        <p class={differing === undefined ? 'agrees' : 'wrong'}>
          {differing === undefined ? t('agrees') : t('differs', {
            amount: format_money((made.money!.get(differing) ?? 0) / 100, differing),
          })}
        </p>
      )}
    </>
  );
}

function Shown({ made, is_money }: { made: Made; is_money: boolean }) {
  const save = useRef<HTMLButtonElement>(null);
  useEffect(() => save.current?.focus(), [made]);
  const lines = made.lines === 1 ? t('lines_1') : t('lines_n', { n: format_number(made.lines) });
  useEffect(() => announce(t('ready', { lines })), [made]);
  return (
    <section class="made stack" aria-label={t('sums')}>
      <div class="buttons">
        <strong>{lines}</strong>
        <button
          ref={save} type="button" class="button strong"
          onClick={() => save_file(made.file, made.name)}
        >
          <Icon glyph="exports" />{t('save', { name: made.name })}
        </button>
      </div>
      {made.lines > 0 && <Sums made={made} is_money={is_money} />}
    </section>
  );
}

function FirstLines({ contents: { head, first, lines } }: { contents: Contents }) {
  if (lines === 0) return <p>{t('none')}</p>;
  return (
    <div class="sheet" tabIndex={0} role="region" aria-label={t('first_lines')}>
      <table class="plain-cells">
        <thead>
          <tr>{head.map((name, i) => <th key={i} scope="col">{name}</th>)}</tr>
        </thead>
        <tbody>
          {first.map((cells, row) => (
            <tr key={row}>{cells.map((cell, i) => <td key={i}>{cell}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ExportsPage({ query }: { query: URLSearchParams }) {
  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  return (
    <section class="exports">
      <div class="page-head"><h1>{t('title')}</h1></div>
      <Guarded needs="payments_export"><Export query={query} /></Guarded>
    </section>
  );
}

function Buttons({ state, may_make, on_stop }: {
  state: State; may_make: boolean; on_stop: () => void;
}) {
  return (
    <div class="buttons">
      {state.is === 'making' ? (
        <>
          <button type="button" class="button" onClick={on_stop}>{t('stop')}</button>
          <span class="tabular">{t('making', { n: format_number(state.lines) })}</span>
        </>
      ) : (
        <button
          type="submit" class={`button ${state.is === 'made' ? '' : 'strong'}`} disabled={!may_make}
        >
          {t('make')}
        </button>
      )}
    </div>
  );
}

function Export({ query }: { query: URLSearchParams }) {
  const choice = choice_of(query);
  const [personal, set_personal] = useState(false);
  const request = request_of(choice, personal && may('payments_personal'));
  const about = JSON.stringify(request);
  const [kept, set_kept] = useState<{ of: string; state: State }>({ of: about, state: nothing });
  const running = useRef<AbortController | undefined>(undefined);
  // What was made for another choice is not shown beside this one.
  const state = kept.of === about ? kept.state : nothing;

  const leave = () => {
    running.current?.abort();
    running.current = undefined;
    set_kept({ of: about, state: nothing });
  };
  // Before anybody can ask for the next file: a paint later it would be that which is stopped.
  useLayoutEffect(() => () => running.current?.abort(), [about]);

  async function start() {
    const stop = new AbortController();
    running.current = stop;
    const say = (next: State) => {
      if (running.current === stop && !stop.signal.aborted) set_kept({ of: about, state: next });
    };
    say({ is: 'making', lines: 0 });
    try {
      const made = await make(request, stop.signal, (lines) => say({ is: 'making', lines }));
      say({ is: 'made', made });
    } catch (error) {
      say({ is: 'failed', error });
    }
  }
  const { error } = state.is === 'failed' ? state : { error: undefined };
  const look = use_live(
    async () => (is_askable(choice) ? look_at(request) : undefined),
    JSON.stringify({ ...request, personal: false }),
  );
  const contents = state.is === 'made' ? state.made : look.is_old ? undefined : look.value;
  return (
    <>
      <p class="soft export-lead">{t('lead')}</p>
      <form
        class="stack export-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (is_askable(choice) && state.is !== 'making') void start();
        }}
      >
        <Fields choice={choice} personal={personal} set_personal={set_personal} />
        <Buttons state={state} may_make={is_askable(choice)} on_stop={leave} />
      </form>
      {error instanceof BrokenOff ? (
        <div class="note note-bad" role="alert">
          <Icon glyph="alert" /><div>{t('broken', { n: format_number(error.lines) })}</div>
        </div>
      ) : error !== undefined && <ProblemNote error={error} on_retry={() => void start()} />}
      {state.is === 'nothing' && look.error !== undefined && (
        <ProblemNote error={look.error} on_retry={look.reload} />
      )}
      {state.is === 'made' && (
        <Shown made={state.made} is_money={choice.what === 'movements'} />
      )}
      {contents && <div class="first-lines"><FirstLines contents={contents} /></div>}
    </>
  );
}
