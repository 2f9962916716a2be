// A drawing whose points can be reached: with the mouse, and, as one stop of Tab, by arrow keys.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../parts/announce';
import { reading, type Sheet } from './sheet';
import { Textures } from './texture';
import { t } from './words';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Drawing {
  shapes: ComponentChildren;
  areas: Box[]; // where each row of the sheet is
}

interface Props {
  label: string;
  sheet: Sheet;
  height: number; // CSS pixels
  draw: (width: number, textures: string) => Drawing;
  on_read: (text: string) => void;
}

// In CSS pixels, so that text keeps its size whatever the width.
function use_width() {
  const box = useRef<HTMLDivElement>(null);
  const [width, set_width] = useState(0);
  useLayoutEffect(() => {
    const measure = () => set_width(Math.floor(box.current!.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    measure();
    return () => observer.disconnect();
  }, []);
  return { box, width };
}

export function Plot({ label, sheet, height, draw, on_read }: Props) {
  const { box, width } = use_width();
  const textures = `t${useId()}`;
  const marks = useRef<SVGGElement>(null);
  const [current, set_current] = useState(Infinity); // the last row, however many come
  const { rows } = sheet;
  const at = Math.min(current, rows.length - 1);
  const { shapes, areas } = width > 0 ? draw(width, textures) : { shapes: null, areas: [] };

  const read = (i: number) => {
    const text = reading(sheet, rows[i]!);
    on_read(text);
    return text;
  };
  const move = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const to = {
      ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1,
      Home: 0, End: rows.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, to));
    set_current(next);
    (marks.current?.children[next] as SVGElement | undefined)?.focus();
  };
  return (
    <div class="plot" ref={box}>
      {width > 0 && (
        <svg
          viewBox={`0 0 ${width} ${height}`} height={height} width="100%"
          role="group" aria-label={t('along', { title: label })} onKeyDown={move}
        >
          <Textures id={textures} />
          <g aria-hidden="true">{shapes}</g>
          <g ref={marks}>
            {rows.map((row, i) => {
              const area = areas[i]!;
              const common = {
                class: 'mark',
                tabIndex: i === at ? 0 : -1,
                'aria-label': row.name,
                onPointerEnter: () => void read(i),
                onFocus: () => {
                  set_current(i);
                  announce(read(i));
                },
              };
              return row.href
                ? <a key={i} href={row.href} {...common}><rect {...area} rx="3" /></a>
                : <g key={i} role="img" {...common}><rect {...area} rx="3" /></g>;
            })}
          </g>
        </svg>
      )}
    </div>
  );
}
