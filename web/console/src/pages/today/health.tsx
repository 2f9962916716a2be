// How everything is, in a few lines, for who keeps it running.
import { format_number } from '../../format';
import { look_of, outside_name, state_of } from '../../health/looks';
import { use_live } from '../../loading';
import { read_health } from '../../net/operations';
import type { Health } from '../../net/types';
import { ProblemNote } from '../../parts/problem';
import { Chip } from '../../parts/shape';
import { link_to } from '../../route';
import { t } from './words';

const look_again_ms = 60_000; // as often as replicas are heard of
const checks = { 'SIMPLE': 'simplepay', 'STRIPE-INTENTS': 'stripe', 'tickets': 'tickets' };

function Lines({ health }: { health: Health }) {
  const { outsides, events, books } = health;
  return (
    <ul class="health-lines">
      {outsides.map(({ name, p95_ms }) => (
        <li key={name}>
          <Chip
            look={look_of(state_of(health, checks[name as keyof typeof checks] ?? name))}
            text={outside_name(name)}
          />
          <span class="soft tabular">
            {p95_ms === null ? t('not_asked') : t('p95', { ms: format_number(p95_ms) })}
          </span>
        </li>
      ))}
      <li>
        <Chip look={look_of(state_of(health, 'events'))} text={t('events')} />
        <span class="soft tabular">
          {t('events_n', {
            waiting: format_number(events.waiting ?? 0), dead: format_number(events.dead ?? 0),
          })}
        </span>
      </li>
      <li>
        <Chip look={look_of(state_of(health, 'ledger'))} text={t('books')} />
        <span class="soft">
          {t(!books.verified_at ? 'books_never' : books.differences === 0 ? 'books_good'
            : 'books_differ')}
        </span>
      </li>
    </ul>
  );
}

export function HealthLines() {
  const read = use_live(read_health, '', look_again_ms);
  const health = read.value;
  return (
    <section class="card" aria-labelledby="health">
      <h2 id="health">
        <a href={link_to.health}>{t('health')}</a>{' '}
        {health && <Chip look={look_of(health.state)} text={t(`health_${health.state}`)} />}
      </h2>
      {read.error !== undefined && <ProblemNote error={read.error} on_retry={read.reload} />}
      {health && <Lines health={health} />}
    </section>
  );
}
