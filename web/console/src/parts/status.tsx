import type { Status } from '../net/types';
import { t, type Key } from '../words';
import { Chip, type Look } from './shape';

const looks: Record<Status, Look> = {
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

export const status_name = (status: Status) => t(`status_${status}` satisfies Key);

export function StatusChip({ status }: { status: Status }) {
  const is_known = status in looks;
  return (
    <Chip
      look={is_known ? looks[status] : { tone: 'soft', shape: 'question' }}
      text={is_known ? status_name(status) : status}
    />
  );
}
