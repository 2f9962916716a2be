// The month for the program that the accountant has.
import { useState } from 'preact/hooks';
import { export_books } from '../../net/settlement_operations';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { save_file } from '../../parts/save';
import { t } from './words';

const forms = {
  hu: ['csv', 'hu'],
  csv: ['csv', ''],
  hledger: ['hledger', ''],
  ledger: ['ledger', ''],
  beancount: ['beancount', ''],
} as const;
type Form = keyof typeof forms;
const is_form = (name: string): name is Form => name in forms;

const two = (n: number) => String(n).padStart(2, '0');
const month_of = (day: Date) => `${day.getFullYear()}-${two(day.getMonth() + 1)}`;
// The first day of a month, or of one after it.
function first_day(month: string, later = 0): string {
  const [year, number] = month.split('-').map(Number);
  return `${month_of(new Date(year!, number! - 1 + later, 1))}-01`;
}
function last_month(): string {
  const today = new Date();
  return month_of(new Date(today.getFullYear(), today.getMonth() - 1, 1));
}

export function Books() {
  const [month, set_month] = useState(last_month());
  const [form, set_form] = useState<Form>('hu');
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  const is_askable = /^\d{4}-\d\d$/.test(month);
  async function save(event: Event) {
    event.preventDefault();
    if (busy || !is_askable) return;
    set_busy(true);
    set_error(undefined);
    const [format, profile] = forms[form];
    try {
      const { content, name } =
        await export_books(format, profile, first_day(month), first_day(month, 1));
      save_file(content, name);
    } catch (failed) {
      set_error(failed);
    }
    set_busy(false);
  }
  return (
    <section aria-labelledby="books-title">
      <h2 id="books-title">{t('books')}</h2>
      <p class="soft">{t('books_lead')}</p>
      <form class="fields books" onSubmit={(event) => void save(event)}>
        <label class="field">
          <span>{t('month')}</span>
          <input
            type="month" required value={month}
            onInput={(event) => set_month(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{t('program')}</span>
          <select
            value={form}
            onChange={({ currentTarget: { value } }) => { if (is_form(value)) set_form(value); }}
          >
            {(Object.keys(forms) as Form[]).map((one) => (
              <option key={one} value={one}>{t(`for_${one}`)}</option>
            ))}
          </select>
        </label>
        <button type="submit" class="button" aria-busy={busy}>
          <Icon glyph="exports" />{t(busy ? 'books_making' : 'books_save')}
        </button>
      </form>
      {error !== undefined && <ProblemNote error={error} />}
    </section>
  );
}
