import type { Status } from '../net/types';
import { t, type Key } from '../words';

// A shape for each, so that nobody has to tell colours apart.
const shapes: Record<Status, { tone: string; shape: string }> = {
  created: { tone: 'soft', shape: 'ring' },
  pending: { tone: 'calm', shape: 'half' },
  unknown: { tone: 'bad', shape: 'question' },
  authorized: { tone: 'calm', shape: 'half' },
  paid: { tone: 'good', shape: 'disc' },
  failed: { tone: 'soft', shape: 'cross' },
  cancelled: { tone: 'soft', shape: 'cross' },
  expired: { tone: 'soft', shape: 'cross' },
  partially_refunded: { tone: 'good', shape: 'part' },
  refunded: { tone: 'soft', shape: 'back' },
  disputed: { tone: 'bad', shape: 'exclamation' },
  review: { tone: 'bad', shape: 'exclamation' },
};

const paths: Record<string, string> = {
  ring: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11Z',
  half: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11ZM8 2.5v11',
  disc: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11Z',
  part: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11ZM8 8V2.5M8 8h5.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  back: 'M6.5 3L3 6.5 6.5 10M3.5 6.5H10a3 3 0 010 6H7',
  exclamation: 'M8 2.5v7M8 13v.1',
  question: 'M5 5.5a3 3 0 113.6 3C8 8.8 8 9.4 8 10M8 13v.1',
};

export const status_name = (status: Status) => t(`status_${status}` satisfies Key);

export function StatusChip({ status }: { status: Status }) {
  const { tone, shape } = shapes[status] ?? { tone: 'soft', shape: 'question' };
  return (
    <span class={`status status-${tone}`}>
      <svg class={`shape shape-${shape}`} viewBox="0 0 16 16" aria-hidden="true">
        {shape === 'half' && <path class="fill" d="M8 2.5a5.5 5.5 0 000 11Z" />}
        {shape === 'part' && <path class="fill" d="M8 8V2.5a5.5 5.5 0 105.5 5.5Z" />}
        <path d={paths[shape]} />
      </svg>
      {status in shapes ? status_name(status) : status}
    </span>
  );
}
