// Do the others know? What they are told, by its state, and what providers have told us.
import { useEffect } from 'preact/hooks';
import { use_signal } from '../../../../shared/signal';
import { use_live } from '../../loading';
import { list_events } from '../../net/operations';
import { list_settlement_events } from '../../net/settlement_operations';
import type { EventState } from '../../net/types';
import { use_row_keys } from '../../parts/rows';
import { TabList } from '../../parts/tabs';
import { session } from '../../session';
import { Incoming } from './incoming';
import { Outgoing } from './outgoing';
import { about_of, open_at, states, tab_of, type About, type Tab } from './place';
import { SendTest } from './test';
import { t } from './words';

const look_again_ms = 10_000;

type Counts = Record<'waiting' | 'dead', number>;
const none: Counts = { waiting: 0, dead: 0 };

// Of which of the two the table is; how many there are is said where they are counted.
function Choice({ tab, about, counts }: {
  tab: EventState; about: About; counts: Record<About, Counts>;
}) {
  const name = (id: About) => {
    const n = tab === 'waiting' || tab === 'dead' ? counts[id][tab] : 0;
    return n > 0 ? `${t(`about_${id}`)} (${n})` : t(`about_${id}`);
  };
  return (
    <div class="filter-row tab-filters">
      <label class="choice">
        <span class="label">{t('about')}</span>
        <select
          value={about}
          onChange={(event) => open_at({ tab, about: event.currentTarget.value as About })}
        >
          <option value="payments">{name('payments')}</option>
          <option value="settlements">{name('settlements')}</option>
        </select>
      </label>
    </div>
  );
}

export function EventsPage({ query }: { query: URLSearchParams }) {
  const tab = tab_of(query);
  const open = query.get('open') ?? '';
  const show = query.get('show') === 'all' ? 'all' : 'unmatched';
  // What waits and what is dead is counted whichever tab is open; what is wrong the tab says.
  const counts = use_live(
    (poll) => list_events({ state: 'dead', limit: 1 }, poll), '', look_again_ms,
  );
  // Of settlements for those who see every ticket.
  const sees_all = use_signal(session)?.scope.all ?? false;
  const settlement_counts = use_live<Counts>(
    async (poll) => (sees_all ? list_settlement_events({ state: 'dead', limit: 1 }, poll) : none),
    String(sees_all), look_again_ms,
  );
  const of_settlements = settlement_counts.value ?? none;
  function reload() {
    counts.reload();
    settlement_counts.reload();
  }
  const { waiting, dead } = counts.value ?? none;
  const count_of: Partial<Record<Tab, number>> = {
    waiting: waiting + of_settlements.waiting, dead: dead + of_settlements.dead,
  };
  const about = sees_all ? about_of(query) : 'payments';
  use_row_keys();
  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  return (
    <section class="events-page">
      <div class="page-head">
        <h1>{t('title')}</h1>
        <SendTest />
        <p class="soft">{t('lead')}</p>
      </div>
      <div class="tabs-row">
        <TabList
          label={t('tabs')}
          tabs={[...states, 'incoming' as const].map((id) => ({
            id, name: t(`tab_${id}`), count: count_of[id] ?? 0,
          }))}
          chosen={tab}
          choose={(id) => open_at({ tab: id as Tab, about })}
        />
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'incoming'
          ? <Incoming show={show} open={Number(open)} />
          : (
            <>
              {sees_all && (
                <Choice
                  tab={tab} about={about}
                  counts={{ payments: { waiting, dead }, settlements: of_settlements }}
                />
              )}
              <Outgoing
                key={`${tab} ${about}`} state={tab} about={about} open={open}
                dead={dead + of_settlements.dead} on_change={reload}
              />
            </>
          )}
      </div>
    </section>
  );
}
