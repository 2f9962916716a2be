// The lines and words around a drawing, and the small drawings that tell series apart.
import { useId } from 'preact/hooks';
import { format_short, format_percent } from '../format';
import { named, scale, ticks, type Band, type Domain } from './scale';
import type { Sheet, Unit } from './sheet';
import { Piece, Textures } from './texture';

const letter = 6.6; // how wide a letter is at 12 pixels, or nearly
export const text_width = (text: string) => text.length * letter;

export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface ValueAxis {
  marks: { value: number; text: string }[];
  domain: Domain; // from the first mark to the last
  width: number; // of the words at its left
}

export function value_axis(domain: Domain, unit: Unit, about: number): ValueAxis {
  const values = ticks(domain, about, unit === 'count');
  const say = unit === 'share' ? format_percent : format_short;
  const marks = values.map((value) => ({ value, text: say(value) }));
  return {
    marks,
    domain: { low: values[0]!, high: values.at(-1)! },
    width: Math.ceil(Math.max(...marks.map(({ text }) => text_width(text))) + 12),
  };
}

export const y_scale = ({ domain }: ValueAxis, { top, bottom }: Frame) =>
  scale(domain, bottom, top);

export function ValueLines({ axis, frame }: { axis: ValueAxis; frame: Frame }) {
  const y = y_scale(axis, frame);
  return (
    <>
      {axis.marks.map(({ value, text }) => (
        <g key={value}>
          <path
            class={value === 0 ? 'zero' : 'grid'}
            d={`M${frame.left} ${Math.round(y(value)) + 0.5}H${frame.right}`}
          />
          <text class="tick" x={frame.left - 6} y={y(value) + 4} text-anchor="end">{text}</text>
        </g>
      ))}
    </>
  );
}

// The names of the rows, as many as have room.
export function RowNames({ sheet, places, frame }: { sheet: Sheet; places: Band[]; frame: Frame }) {
  const longest = Math.max(1, ...sheet.rows.map(({ short }) => text_width(short)));
  const most = Math.floor((frame.right - frame.left) / (longest + 12));
  return (
    <>
      {named(sheet.rows.length, most, sheet.first).map((i) => {
        const half = text_width(sheet.rows[i]!.short) / 2;
        const x = Math.max(half, Math.min(frame.right - half + 4, places[i]!.middle));
        return (
          <text key={i} class="tick" x={x} y={frame.bottom + 16} text-anchor="middle">
            {sheet.rows[i]!.short}
          </text>
        );
      })}
    </>
  );
}

// What each series looks like in the chart, and the list behind it.
export function Legend({ series }: { series: { name: string; href?: string | undefined }[] }) {
  const id = `l${useId()}`;
  return (
    <ul class="legend">
      {series.map(({ name, href }, i) => (
        <li key={i}>
          <svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true">
            <Textures id={`${id}${i}`} />
            <Piece series={i} id={`${id}${i}`} x={0} y={0} width={22} height={12} />
          </svg>
          {href ? <a href={href}>{name}</a> : name}
        </li>
      ))}
    </ul>
  );
}
