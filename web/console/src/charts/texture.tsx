// What tells series apart where colours do not, and says that a bucket is still running. Named
// after the drawing they are in, for a name counts in the whole page.
const hatch = 'M-1 1L1 -1M0 6L6 0M5 7L7 5';
const textures = [
  ['1', 'M0 4H8'], ['2', 'M3 2v2'], ['3', 'M4 0V8'], ['4', 'M0 4H8M4 0V8'],
] as const;

export function Textures({ id }: { id: string }) {
  const pattern = (name: string, d: string, style: string, size: number) => (
    <pattern
      key={name} id={`${id}-${name}`} width={size} height={size} patternUnits="userSpaceOnUse"
    >
      <path d={d} class={style} />
    </pattern>
  );
  return (
    <defs>
      {textures.map(([name, d]) => pattern(name, d, 'texture', 8))}
      {pattern('hatch', hatch, 'texture hatch', 6)}
      {pattern('band', hatch, 'band-hatch', 6)}
    </defs>
  );
}

interface Props {
  series: number; // from 0
  id: string;
  is_running?: boolean | undefined;
  x: number;
  y: number;
  width: number;
  height: number;
}

// A piece of a column or a bar.
export function Piece({ series, id, is_running, ...box }: Props) {
  if (box.height <= 0 || box.width <= 0) return null;
  return (
    <>
      <rect class={`fill series-${series + 1}`} {...box} />
      {series > 0 && <rect fill={`url(#${id}-${series})`} {...box} />}
      {is_running && <rect fill={`url(#${id}-hatch)`} {...box} />}
    </>
  );
}
