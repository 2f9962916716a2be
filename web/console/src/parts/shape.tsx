// A shape for each state of whatever has one, so that nobody has to tell colours apart.
const paths = {
  ring: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11Z',
  half: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11ZM8 2.5v11',
  disc: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11Z',
  part: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11ZM8 8V2.5M8 8h5.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  back: 'M6.5 3L3 6.5 6.5 10M3.5 6.5H10a3 3 0 010 6H7',
  exclamation: 'M8 2.5v7M8 13v.1',
  question: 'M5 5.5a3 3 0 113.6 3C8.8 8.8 8 9.4 8 10M8 13v.1',
} as const;

export type ShapeName = keyof typeof paths;

export interface Look {
  tone: 'good' | 'bad' | 'calm' | 'soft';
  shape: ShapeName;
}

export function Chip({ look, text }: { look: Look; text: string }) {
  const { tone, shape } = look;
  return (
    <span class={`status status-${tone}`}>
      <svg class={`shape shape-${shape}`} viewBox="0 0 16 16" aria-hidden="true">
        {shape === 'half' && <path class="fill" d="M8 2.5a5.5 5.5 0 000 11Z" />}
        {shape === 'part' && <path class="fill" d="M8 8V2.5a5.5 5.5 0 105.5 5.5Z" />}
        <path d={paths[shape]} />
      </svg>
      {text}
    </span>
  );
}
