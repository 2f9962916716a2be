// Columns up and down from zero, stacked by series.
import { RowNames, ValueLines, value_axis, y_scale, type Frame } from './axes';
import { Plot } from './plot';
import { bands, domain_of, stack } from './scale';
import type { Sheet } from './sheet';
import { Piece } from './texture';

interface Props {
  label: string;
  sheet: Sheet;
  // Of the columns of the sheet, those that are drawn upwards, and those drawn downwards; the same
  // place in both is the same series.
  up: number[];
  down?: number[];
  height?: number;
  top?: number; // what the axis must reach at least, so that several drawings have the same
  on_read: (text: string) => void;
}

const widest = 56; // pixels

export function Columns({ label, sheet, up, down = [], height = 220, top = 0, on_read }: Props) {
  const { columns, rows } = sheet;
  const of_row = (which: number[], row: number) =>
    stack(which.map((column) => rows[row]!.values[column]));
  const ends = rows.flatMap((_, i) => [
    of_row(up, i).at(-1)?.to, -(of_row(down, i).at(-1)?.to ?? 0),
  ]);
  const axis = value_axis(
    domain_of([...ends, top]), columns[up[0] ?? 0]!.unit, height < 120 ? 2 : 5,
  );
  return (
    <Plot
      label={label}
      sheet={sheet}
      height={height}
      on_read={on_read}
      draw={(width, id) => {
        const frame: Frame = { left: axis.width, right: width - 2, top: 8, bottom: height - 22 };
        const y = y_scale(axis, frame);
        const places = bands(rows.length, frame.left, frame.right, 0.72, widest);
        const pieces = (row: number, which: number[], sign: 1 | -1) =>
          of_row(which, row).map(({ from, to }, series) => {
            const near = y(sign * from), far = y(sign * to);
            return (
              <Piece
                key={`${sign} ${series}`} series={series} id={id}
                is_running={rows[row]!.is_running}
                x={places[row]!.start} width={places[row]!.width}
                y={Math.min(near, far)} height={Math.abs(near - far)}
              />
            );
          });
        const half = (frame.right - frame.left) / Math.max(1, rows.length) / 2;
        return {
          shapes: (
            <>
              <ValueLines axis={axis} frame={frame} />
              {rows.map((_, i) => (
                <g key={i} class="column">{pieces(i, up, 1)}{pieces(i, down, -1)}</g>
              ))}
              <path class="zero" d={`M${frame.left} ${Math.round(y(0)) + 0.5}H${frame.right}`} />
              <RowNames sheet={sheet} places={places} frame={frame} />
            </>
          ),
          areas: places.map(({ middle }) => ({
            x: middle - half, width: 2 * half, y: frame.top, height: frame.bottom - frame.top,
          })),
        };
      }}
    />
  );
}
