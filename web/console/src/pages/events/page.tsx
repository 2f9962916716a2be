// Do the others know? What they are told, by its state, and what providers have told us.
import { useEffect } from 'preact/hooks';
import { use_live } from '../../loading';
import { list_events } from '../../net/operations';
import { use_row_keys } from '../../parts/rows';
import { TabList } from '../../parts/tabs';
import { Incoming } from './incoming';
import { Outgoing } from './outgoing';
import { open_at, states, tab_of, type Tab } from './place';
import { SendTest } from './test';
import { t } from './words';

const look_again_ms = 10_000;

export function EventsPage({ query }: { query: URLSearchParams }) {
  const tab = tab_of(query);
  const open = query.get('open') ?? '';
  const show = query.get('show') === 'all' ? 'all' : 'unmatched';
  // What waits and what is dead is counted whichever tab is open; what is wrong the tab says.
  const counts = use_live(
    (poll) => list_events({ state: 'dead', limit: 1 }, poll), '', look_again_ms,
  );
  const { waiting = 0, dead = 0 } = counts.value ?? {};
  const count_of: Partial<Record<Tab, number>> = { waiting, dead };
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
          choose={(id) => open_at({ tab: id as Tab })}
        />
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'incoming'
          ? <Incoming show={show} open={Number(open)} />
          : (
            <Outgoing key={tab} state={tab} open={open} dead={dead} on_change={counts.reload} />
          )}
      </div>
    </section>
  );
}
