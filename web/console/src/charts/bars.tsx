// Horizontal bars, the longest first: for a few things with names, by how often each came.
import { text_width } from './axes';
import { Plot } from './plot';
import { domain_of, scale } from './scale';
import { format_value, type Sheet } from './sheet';
import { Piece } from './texture';

interface Props {
  label: string;
  sheet: Sheet; // of one column
  on_read: (text: string) => void;
}

const row_height = 26;

export function Bars({ label, sheet, on_read }: Props) {
  const { rows, columns } = sheet;
  const unit = columns[0]!.unit;
  const texts = rows.map(({ values }) => format_value(values[0], unit));
  return (
    <Plot
      label={label}
      sheet={sheet}
      height={rows.length * row_height + 2}
      on_read={on_read}
      draw={(width, id) => {
        // Names stand at the left; where there is little room they are cut, and whole in the table.
        const longest = Math.max(...rows.map(({ short }) => text_width(short))) + 10;
        const left = Math.min(longest, Math.floor(width * 0.55));
        const letters = Math.floor((left - 10) / text_width('n'));
        const room = Math.max(...texts.map(text_width)) + 12;
        const x = scale(domain_of(rows.map(({ values }) => values[0])), left, width - room);
        const cut = (text: string) =>
          left === longest || text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
        return {
          shapes: rows.map(({ short, values, is_running }, i) => {
            const end = x(values[0] ?? 0), y = i * row_height;
            return (
              <g key={i}>
                <text class="tick" x={left - 8} y={y + 17} text-anchor="end">{cut(short)}</text>
                <Piece
                  series={0} id={id} is_running={is_running}
                  x={left} width={Math.max(2, end - left)} y={y + 4} height={row_height - 8}
                />
                <text class="bar-value" x={Math.max(left + 2, end) + 6} y={y + 17}>{texts[i]}</text>
              </g>
            );
          }),
          areas: rows.map((_, i) => ({
            x: 1, width: width - 2, y: i * row_height + 1, height: row_height,
          })),
        };
      }}
    />
  );
}
