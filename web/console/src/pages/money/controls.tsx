// Which time, which currency, and by what: all of it in the page's address.
import { format_day, format_minute, format_month, format_weekday } from '../../format';
import { use_keys } from '../../keys';
import { Icon } from '../../parts/icon';
import { Segments } from '../../parts/segments';
import { go } from '../../route';
import type { Axis } from '../../sums/axis';
import { is_day, kinds, step } from '../../sums/periods';
import { address_of, of_kind, splits, type View } from './query';
import { t } from './words';

const show = (view: View) => go(address_of(view), { replace: true });

// "23 Nov – 29 Nov", "29 Nov, 12:00–15:00".
export function period_name({ period }: View, { from, to }: Axis): string {
  const first = new Date(from), last = new Date(to - 1);
  switch (period.kind) {
    case 'today': return format_weekday(first);
    case 'sale':
      return `${format_weekday(first)}, ${format_minute(first)}–${format_minute(new Date(to))}`;
    case 'year': return format_month(first).includes(period.day.slice(0, 4))
      ? period.day.slice(0, 4) : format_month(first);
    default: return `${format_day(first)} – ${format_day(last)}`;
  }
}

export function PeriodControls({ view, axis }: { view: View; axis: Axis }) {
  const { period } = view;
  const move = (by: 1 | -1) => show({ ...view, period: step(period, by) });
  use_keys({ '[': () => move(-1), ']': () => move(1) });
  return (
    <div class="controls" role="group" aria-label={t('period')}>
      <Segments
        label={t('period')}
        choices={kinds.map((id) => ({ id, name: t(id) }))}
        chosen={period.kind}
        choose={(kind) => show(of_kind(view, kind))}
      />
      <span class="stepper">
        <button
          type="button" class="bare-button" aria-label={t('before')} title={`${t('before')} [`}
          onClick={() => move(-1)}
        >
          <Icon glyph="back" />
        </button>
        <strong class="tabular">{period_name(view, axis)}</strong>
        <button
          type="button" class="bare-button" aria-label={t('after')} title={`${t('after')} ]`}
          onClick={() => move(1)}
        >
          <Icon glyph="next" />
        </button>
      </span>
      <label class="choice">
        <span class="label">{t('day')}</span>
        <input
          type="date"
          value={period.day}
          onChange={(event) => {
            const day = event.currentTarget.value;
            if (is_day(day)) show({ ...view, period: { ...period, day } });
          }}
        />
      </label>
      {period.kind === 'sale' && (
        <label class="choice">
          <span class="label">{t('first_hour')}</span>
          <select
            value={period.hour}
            onChange={(event) => show({
              ...view, period: { ...period, hour: Number(event.currentTarget.value) },
            })}
          >
            {Array.from({ length: 24 }, (_, hour) => (
              <option key={hour} value={hour}>{String(hour).padStart(2, '0')}:00</option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

export function MoneyControls({ view, currency, currencies }: {
  view: View; currency: string; currencies: string[];
}) {
  return (
    <div class="controls">
      {currencies.length > 0 && (
        <Segments
          label={t('currency')}
          choices={currencies.map((id) => ({ id, name: id }))}
          chosen={currency}
          choose={(id) => show({ ...view, currency: id })}
        />
      )}
      <label class="choice">
        <span class="label">{t('by')}</span>
        <select
          value={view.split}
          onChange={(event) =>
            show({ ...view, split: splits.find((one) => one === event.currentTarget.value)! })}
        >
          {splits.map((one) => <option key={one} value={one}>{t(`by_${one}`)}</option>)}
        </select>
      </label>
    </div>
  );
}
