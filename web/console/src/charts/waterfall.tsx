// How a balance became another: each row begins where the one above it has ended.
import { format_short } from '../format';
import { text_width } from './axes';
import { Plot } from './plot';
import { domain_of, scale } from './scale';
import type { Sheet } from './sheet';
import { Piece } from './texture';

interface Props {
  label: string;
  sheet: Sheet; // of one column: balances, and what moved, with its sign
  balances: number[]; // the rows that begin at zero
  on_read: (text: string) => void;
}

const row_height = 26;
// What comes in, what goes out, and what there is, by place of their series.
const in_series = 2, out_series = 0, balance_series = 4;

// From where to where each row goes.
export function spans_of(values: number[], balances: number[]): { from: number; to: number }[] {
  let at = 0;
  return values.map((value, i) => {
    const from = balances.includes(i) ? 0 : at;
    at = from + value;
    return { from, to: at };
  });
}

// In the middle of a pixel, where a line is sharp.
const line = (x: number) => Math.round(x) + 0.5;

const signed = (value: number, is_balance: boolean) =>
  `${value > 0 && !is_balance ? '+' : ''}${format_short(value)}`.replace('-', '−');

export function Waterfall({ label, sheet, balances, on_read }: Props) {
  const values = sheet.rows.map((row) => row.values[0] ?? 0);
  const spans = spans_of(values, balances);
  const texts = values.map((value, i) => signed(value, balances.includes(i)));
  return (
    <Plot
      label={label}
      sheet={sheet}
      height={sheet.rows.length * row_height + 2}
      on_read={on_read}
      draw={(width, id) => {
        const left = Math.max(...sheet.rows.map(({ short }) => text_width(short))) + 10;
        const room = Math.max(...texts.map(text_width)) + 8;
        const x = scale(domain_of(spans.flatMap(({ from, to }) => [from, to])), left, width - room);
        return {
          shapes: (
            <>
              <path class="zero" d={`M${line(x(0))} 0V${sheet.rows.length * row_height}`} />
              {sheet.rows.map(({ short }, i) => {
                const { from, to } = spans[i]!;
                const y = i * row_height;
                const series = balances.includes(i) ? balance_series
                  : values[i]! < 0 ? out_series : in_series;
                return (
                  <g key={i}>
                    <text class="tick" x={left - 8} y={y + 17} text-anchor="end">{short}</text>
                    <Piece
                      series={series} id={id} x={Math.min(x(from), x(to))}
                      width={Math.max(2, Math.abs(x(to) - x(from)))} y={y + 4}
                      height={row_height - 8}
                    />
                    {i + 1 < sheet.rows.length && (
                      <path
                        class="grid"
                        d={`M${line(x(to))} ${y + row_height - 4}v8`}
                      />
                    )}
                    <text class="bar-value" x={width - 2} y={y + 17} text-anchor="end">
                      {texts[i]}
                    </text>
                  </g>
                );
              })}
            </>
          ),
          areas: sheet.rows.map((_, i) => ({
            x: 1, width: width - 2, y: i * row_height + 1, height: row_height,
          })),
        };
      }}
    />
  );
}
