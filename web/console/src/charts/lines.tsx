// Lines over time, each told by its dashes and by its name at its end.
import { RowNames, text_width, ValueLines, value_axis, y_scale, type Frame } from './axes';
import { Plot } from './plot';
import { bands, domain_of, domain_of_shares, path, spread, type Value } from './scale';
import type { Sheet } from './sheet';

interface Props {
  label: string;
  sheet: Sheet;
  height?: number;
  on_read: (text: string) => void;
}

const name_room = 16; // pixels that a name is high, with what is between two of them

export function Lines({ label, sheet, height = 190, on_read }: Props) {
  const { columns, rows } = sheet;
  const unit = columns[0]?.unit ?? 'count';
  const all = rows.flatMap(({ values }) => values);
  const axis = value_axis(unit === 'share' ? domain_of_shares(all) : domain_of(all), unit, 4);
  const last_of = (column: number): Value =>
    rows.findLast(({ values }) => values[column] !== undefined)?.values[column];
  return (
    <Plot
      label={label}
      sheet={sheet}
      height={height}
      on_read={on_read}
      draw={(width, id) => {
        const names = Math.max(0, ...columns.map(({ name }) => text_width(name))) + 10;
        const frame: Frame = {
          left: axis.width, right: width - names, top: 8, bottom: height - 22,
        };
        const y = y_scale(axis, frame);
        const places = bands(rows.length, frame.left, frame.right, 1);
        const ends = spread(
          columns.map((_, i) => y(last_of(i) ?? axis.domain.low)),
          name_room, frame.top + 4, frame.bottom - 4,
        );
        const running = rows.findIndex(({ is_running }) => is_running);
        return {
          shapes: (
            <>
              {running >= 0 && (
                <rect
                  fill={`url(#${id}-band)`}
                  x={places[running]!.start} width={Math.max(4, places[running]!.width)}
                  y={frame.top} height={frame.bottom - frame.top}
                />
              )}
              <ValueLines axis={axis} frame={frame} />
              {columns.map(({ name }, i) => {
                const value_at = (value: Value) => (value === undefined ? undefined : y(value));
                const points = rows.map(({ values }, row) => ({
                  x: places[row]!.middle, y: value_at(values[i]),
                }));
                return (
                  <g key={name}>
                    <path class={`line series-${i + 1}`} d={path(points)} />
                    <text class={`line-name series-${i + 1}`} x={frame.right + 6} y={ends[i]! + 4}>
                      {name}
                    </text>
                  </g>
                );
              })}
              <RowNames sheet={sheet} places={places} frame={frame} />
            </>
          ),
          areas: places.map(({ start, width: wide }) => ({
            x: start, width: wide, y: frame.top, height: frame.bottom - frame.top,
          })),
        };
      }}
    />
  );
}
