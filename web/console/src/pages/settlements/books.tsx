// The month for the program that the accountant has.
import { useState } from 'preact/hooks';
import { export_books } from '../../net/settlement_operations';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { save_file } from '../../parts/save';
import { first_day, is_month, last_month } from './months';
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

// `of`: the month that it is about; else one is chosen.
export function Books({ of }: { of?: string }) {
  const [chosen, set_month] = useState(last_month());
  const month = of ?? chosen;
  const [form, set_form] = useState<Form>('hu');
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  const is_askable = is_month(month);
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
    <section class="books-of" aria-labelledby="books-title">
      <h2 id="books-title">{t('books')}</h2>
      <p class="soft">{t('books_lead')}</p>
      <form class="fields books" onSubmit={(event) => void save(event)}>
        {of === undefined && (
          <label class="field">
            <span>{t('month')}</span>
            <input
              type="month" required value={month}
              onInput={(event) => set_month(event.currentTarget.value)}
            />
          </label>
        )}
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
