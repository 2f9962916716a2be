// States of a run and of what is in it, as they are shown and said.
import { format_money, format_number, processor_name } from '../../format';
import type { Give, ItemState, Run, RunState, RunSum } from '../../net/run_types';
import type { Look } from '../../parts/shape';
import { t } from './words';

const run_looks: Record<RunState, Look> = {
  needs_release: { tone: 'calm', shape: 'exclamation' },
  running: { tone: 'calm', shape: 'half' },
  paused: { tone: 'bad', shape: 'exclamation' },
  stopped: { tone: 'soft', shape: 'cross' },
  done: { tone: 'good', shape: 'disc' },
};
const item_looks: Record<ItemState, Look> = {
  waiting: { tone: 'soft', shape: 'ring' },
  asked: { tone: 'calm', shape: 'half' },
  unknown: { tone: 'calm', shape: 'question' },
  done: { tone: 'good', shape: 'disc' },
  refused: { tone: 'bad', shape: 'cross' },
  left_out: { tone: 'soft', shape: 'back' },
};
const strange: Look = { tone: 'soft', shape: 'question' };

export const look_of_run = (state: RunState) => run_looks[state] ?? strange;
export const look_of_item = (state: ItemState) => item_looks[state] ?? strange;

export const item_states: ItemState[] =
  ['done', 'asked', 'unknown', 'refused', 'left_out', 'waiting'];

export const total_of = ({ counts }: Run) =>
  item_states.reduce((n, state) => n + counts[state], 0);
// Of which it is known how they ended.
export const settled_of = ({ counts }: Run) => counts.done + counts.refused + counts.left_out;

export const sum_name = ({ processor, currency }: Pick<RunSum, 'processor' | 'currency'>) =>
  `${processor_name(processor)}, ${currency}`;

// "28 385 000 HUF and 21 615 EUR": what goes back, whoever gives it.
export function money_words(sums: RunSum[]): string {
  const by_currency = new Map<string, number>();
  for (const { currency, amount } of sums) {
    by_currency.set(currency, (by_currency.get(currency) ?? 0) + Math.round(amount * 100));
  }
  return [...by_currency].map(([currency, cents]) => format_money(cents / 100, currency))
    .join(' + ');
}

export function give_words(give: Give): string {
  const { percent, amount, currency } = give;
  if (percent !== undefined) return t('gives_share', { n: percent });
  if (amount === undefined) return t('gives_all');
  return t('gives_each', { amount: format_money(amount, currency ?? '') });
}

export const payments_n = (n: number) =>
  (n === 1 ? t('payments_1') : t('payments_n', { n: format_number(n) }));

export function time_words(minutes: number): string {
  if (minutes < 60) return t('minutes', { n: format_number(minutes) });
  return t('hours', { n: format_number(Math.round(minutes / 6) / 10) });
}
