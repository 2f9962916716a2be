// Small drawings side by side, one for each column of a sheet, all to the same scale.
import { Columns } from './columns';
import { format_value, type Sheet } from './sheet';

interface Props {
  sheet: Sheet;
  hrefs: (string | undefined)[]; // the list behind each column
  on_read: (text: string) => void;
}

export function Multiples({ sheet, hrefs, on_read }: Props) {
  const { columns, rows } = sheet;
  const top = Math.max(0, ...rows.flatMap(({ values }) => values.map((value) => value ?? 0)));
  return (
    <ul class="multiples">
      {columns.map((column, i) => {
        const sum = rows.reduce((all, { values }) => all + Math.round((values[i] ?? 0) * 100), 0);
        const alone: Sheet = {
          ...sheet,
          columns: [column],
          rows: rows.map((row) => ({ ...row, values: [row.values[i]] })),
        };
        return (
          <li key={i}>
            <h3>{hrefs[i] ? <a href={hrefs[i]}>{column.name}</a> : column.name}</h3>
            <p class="money">{format_value(sum / 100, column.unit)}</p>
            <Columns
              label={column.name} sheet={alone} up={[0]} height={96} top={top} on_read={on_read}
            />
          </li>
        );
      })}
    </ul>
  );
}
