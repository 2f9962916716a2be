// What every chart stands in: a sentence that says the finding, the drawing, what is read at the
// point where the mouse or the focus is, and the same numbers as a table.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { save_file } from '../parts/save';
import { csv, format_value, reading, type Sheet } from './sheet';
import { t } from './words';

interface Props {
  title: string;
  finding: string;
  sheet: Sheet;
  file: string; // the name of the CSV, without its ending
  legend?: ComponentChildren;
  children: (on_read: (text: string) => void) => ComponentChildren;
}

// What is read before anybody points at something: the last row that has begun.
function newest(sheet: Sheet): string {
  const row = sheet.rows.findLast(({ values }) => values.some((value) => value !== undefined));
  return row ? reading(sheet, row) : '';
}

function Table({ title, sheet }: { title: string; sheet: Sheet }) {
  return (
    <div class="sheet" tabIndex={0} role="region" aria-label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{sheet.head}</th>
            {sheet.columns.map(({ name }, i) => <th key={i} scope="col" class="number">{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {sheet.rows.map((row, r) => (
            <tr key={r}>
              <th scope="row">{row.href ? <a href={row.href}>{row.name}</a> : row.name}</th>
              {sheet.columns.map(({ unit }, i) => (
                <td key={i} class="number money">{format_value(row.values[i], unit)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Figure({ title, finding, sheet, file, legend, children }: Props) {
  const [read, set_read] = useState('');
  const [open, set_open] = useState(false);
  const save = () => save_file(new Blob([csv(sheet)], { type: 'text/csv' }), `${file}.csv`);
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <p class="finding">{finding}</p>
      </figcaption>
      {legend}
      {children(set_read)}
      <p class={`reading ${read ? '' : 'soft'}`}>{read || newest(sheet)}</p>
      <details
        class="as-table" open={open} onToggle={(event) => set_open(event.currentTarget.open)}
      >
        <summary>{t('as_table')}</summary>
        {open && (
          <>
            <Table title={title} sheet={sheet} />
            <button type="button" class="button" onClick={save}>{t('csv')}</button>
          </>
        )}
      </details>
    </figure>
  );
}
