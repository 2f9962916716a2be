// The page as text, for a message to whoever must help: what it says, without the page's languages.
import type { Health } from '../../net/types';

const ms = (n: number | null) => (n === null ? '-' : `${n} ms`);

export function report_of(health: Health): string {
  const { at, state, version, commit, checks, outsides, replicas } = health;
  const { database, books, backup, events } = health;
  return [
    `ozora-payments ${version} ${commit}, ${at}: ${state}`,
    '',
    ...checks.flatMap(({ name, state: of, sentence, advice }) => [
      `[${of}] ${name}: ${sentence}`, ...(advice ? [`        ${advice}`] : []),
    ]),
    '',
    `database: ${database.kind}, answered in ${ms(database.answered_in_ms)}`,
    `books: verified ${books.verified_at ?? 'never'}, ${books.transactions ?? '-'} payments, ` +
      [`${books.differences ?? '-'} differ`, books.first_difference].filter(Boolean).join(': '),
    `backup: ${backup.at ?? 'never'}`,
    `events: ${events.waiting ?? '-'} waiting, ${events.dead ?? '-'} given up`,
    '',
    ...outsides.map(({ name, calls, unanswered, p50_ms, p95_ms, last_signed_at }) =>
      `${name}: ${calls} calls in 15 min, ${unanswered} unanswered, p50 ${ms(p50_ms)}, ` +
      `p95 ${ms(p95_ms)}${last_signed_at ? `, last signed word ${last_signed_at}` : ''}`),
    '',
    ...replicas.map(({ replica, version, commit, settings, seen_at, is_alive, clock_ahead_ms }) =>
      `${replica}: ${is_alive ? 'alive' : 'silent'}, ${version} ${commit}, settings ${settings}, ` +
      `heard of ${seen_at}${clock_ahead_ms === null ? '' : `, clock ${clock_ahead_ms} ms ahead`}`),
    '',
  ].join('\n');
}
