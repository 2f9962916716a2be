import { useEffect, useRef } from 'preact/hooks';
import { format_day, format_minute, processor_name } from '../../format';
import { Problem } from '../../net/call';
import { Choice, DropButton, FilterBar, Typed } from '../../parts/filters';
import { Icon } from '../../parts/icon';
import { status_name, StatusChip } from '../../parts/status';
import type { Status } from '../../net/types';
import { close_outside } from '../../shell/top_bar';
import {
  change, chosen_statuses, currencies, is_moment, mistaken, processors, set_names, statuses,
  type Name,
} from './filter';
import { t } from './words';

interface Props {
  query: URLSearchParams;
  private_text: string;
  fees: string[];
  currency: string; // the first that is shown
  error: unknown;
}

function StatusChoice({ query, set }: { query: URLSearchParams; set: (statuses: string) => void }) {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => close_outside(box.current!), []);
  const chosen = chosen_statuses(query);
  const shown = chosen.length === 0 ? t('all')
    : chosen.length === 1 ? status_name(chosen[0] as Status)
    : t('several', { n: chosen.length });
  const flip = (status: string) =>
    set(statuses.filter((one) => chosen.includes(one) !== (one === status)).join(','));
  return (
    <details class="drop choice" ref={box}>
      <summary><span class="label">{t('status')}</span> {shown}<Icon glyph="down" /></summary>
      <fieldset class="drop-box">
        <legend class="unseen">{t('status')}</legend>
        {statuses.map((status) => (
          <label class="check" key={status}>
            <input
              type="checkbox"
              checked={chosen.includes(status)}
              onChange={() => flip(status)}
            />
            <StatusChip status={status} />
          </label>
        ))}
      </fieldset>
    </details>
  );
}

// Member of the request to the filter it came from, for what the service finds wrong with it.
const of_member: Record<string, Name> = {
  amount_from: 'least', amount_to: 'most', fee_type: 'fee', currency: 'currency',
  created_from: 'from', paid_from: 'from', created_to: 'to', paid_to: 'to',
};

// What is wrong with each filter: found here, or by the service, which says it in English.
export function wrong_filters(query: URLSearchParams, error: unknown): Map<Name, string> {
  const wrong = new Map<Name, string>();
  for (const name of mistaken(query)) {
    wrong.set(name, t(name === 'fee' ? 'no_fee' : name === 'from' || name === 'to' ? 'no_day'
      : 'no_amount'));
  }
  if (!(error instanceof Problem)) return wrong;
  for (const [pointer, detail] of error.fields) {
    const name = of_member[pointer.split('/')[1] ?? ''];
    if (name) wrong.set(name, detail);
  }
  return wrong;
}

const time_name = (value: string) => (is_moment(value)
  ? `${format_day(new Date(value))} ${format_minute(new Date(value))}` : value);

export function describe(name: Name, query: URLSearchParams): string {
  const value = query.get(name) ?? '';
  switch (name) {
    case 'q': return t('searched', { text: value });
    case 'fee': return `${t('fee')}: ${value}`;
    case 'status':
      return chosen_statuses(query).map((one) => status_name(one as Status)).join(', ');
    case 'by': return processor_name(value);
    case 'least': return `${t('amount')} ≥ ${value}`;
    case 'most': return `${t('amount')} ≤ ${value}`;
    case 'from': return `${t('day_from')}: ${time_name(value)}`;
    case 'to': return `${t('day_to')}: ${time_name(value)}`;
    default: return value;
  }
}

// Which of a payment's days is meant.
function DayOf({ query, set }: { query: URLSearchParams; set: (of: string) => void }) {
  return (
    <select
      aria-label={t('day')}
      value={query.get('of') ?? ''}
      onChange={(event) => set(event.currentTarget.value)}
    >
      <option value="">{t('day_begun')}</option>
      <option value="paid">{t('day_paid')}</option>
    </select>
  );
}

function Searched({ query, private_text, on_drop }: {
  query: URLSearchParams; private_text: string; on_drop: () => void;
}) {
  return (
    <>
      {query.get('q') && <DropButton what={describe('q', query)} on_drop={on_drop} />}
      {private_text && (
        <DropButton what={t('searched', { text: private_text })} on_drop={on_drop} />
      )}
    </>
  );
}

function WrongFilters({ query, wrong, is_of_service }: {
  query: URLSearchParams; wrong: Map<Name, string>; is_of_service: boolean;
}) {
  return (
    <div class="wrong" role="alert" lang={is_of_service ? 'en' : undefined}>
      {[...wrong].map(([name, detail]) => <p key={name}>{describe(name, query)}: {detail}</p>)}
    </div>
  );
}

export function Filters({ query, private_text, fees, currency, error }: Props) {
  const set = (changes: Partial<Record<Name, string>>) => change(query, private_text, changes);
  const wrong = wrong_filters(query, error);
  const set_now = set_names(query);
  const count = set_now.length + (private_text ? 1 : 0);
  const clear = () => set({
    ...Object.fromEntries(set_now.map((name) => [name, ''])), of: '', q: '',
  });
  const typed = (name: Name, label: string) => ({
    label, given: query.get(name) ?? '', wrong: wrong.has(name),
    on_change: (text: string) => set({ [name]: text }),
  });
  // A moment stands in a chip of its own: no field of a day can hold it.
  const day = (name: 'from' | 'to', label: string) => ({
    ...typed(name, label), ...(is_moment(query.get(name)) && { given: '' }),
  });
  // An amount means nothing without its currency, so the one that is shown is taken.
  const amount = (name: 'least' | 'most', label: string) => ({
    ...typed(name, label),
    inputMode: 'decimal' as const,
    on_change: (text: string) =>
      set({ [name]: text, ...(text && !query.get('currency') && { currency }) }),
  });
  const days = set_now.includes('from') || set_now.includes('to') || query.get('of') === 'paid';
  return (
    <FilterBar
      count={count}
      on_clear={count > 0 || days ? clear : undefined}
      below={wrong.size > 0 && (
        <WrongFilters query={query} wrong={wrong} is_of_service={error !== undefined} />
      )}
    >
      <StatusChoice query={query} set={(status) => set({ status })} />
      <Choice
        label={t('processor')} value={query.get('by') ?? ''} values={processors}
        name_of={processor_name} set={(by) => set({ by })}
      />
      <Choice
        label={t('currency')} value={query.get('currency') ?? ''} values={currencies}
        name_of={(one) => one}
        set={(currency) => set(currency ? { currency } : { currency, least: '', most: '' })}
      />
      <span class="choice">
        <span class="label">{t('fee')}</span>
        <Typed {...typed('fee', t('fee'))} placeholder={t('all')} list="fees" />
        <datalist id="fees">{fees.map((fee) => <option key={fee} value={fee} />)}</datalist>
      </span>
      <span class="choice range">
        <span class="label">{t('amount')}</span>
        <Typed {...amount('least', t('amount_from'))} />
        <span aria-hidden="true">–</span>
        <Typed {...amount('most', t('amount_to'))} />
      </span>
      <span class="choice range days">
        <DayOf query={query} set={(of) => set({ of })} />
        <Typed {...day('from', t('day_from'))} type="date" />
        <span aria-hidden="true">–</span>
        <Typed {...day('to', t('day_to'))} type="date" />
      </span>
      {(['from', 'to'] as const).filter((name) => is_moment(query.get(name))).map((name) => (
        <DropButton
          key={name} what={describe(name, query)} on_drop={() => set({ [name]: '' })}
        />
      ))}
      <Searched query={query} private_text={private_text} on_drop={() => set({ q: '' })} />
    </FilterBar>
  );
}
