// What do we hold on this visitor, and may it go? Of whom stands in no address and is kept nowhere.
import { useEffect, useState } from 'preact/hooks';
import { format_moment } from '../../format';
import { export_person, look_at_person } from '../../net/operations';
import type { PersonReport, VisitorName } from '../../net/person_types';
import { announce } from '../../parts/announce';
import { Guarded } from '../../parts/guarded';
import { ProblemNote } from '../../parts/problem';
import { save_file } from '../../parts/save';
import { TextDialog } from '../../parts/text_dialog';
import { session } from '../../session';
import { EraseDialog, longest_why } from './erase';
import { Report } from './report';
import { t } from './words';
import '../../styles/charts.css';
import '../../styles/person.css';

interface Looked {
  visitor: VisitorName;
  who: string;
  report: PersonReport;
  is_done: boolean; // else it says what would be erased
}

function read_visitor(text: string): VisitorName | undefined {
  if (/^[1-9]\d{0,15}$/.test(text)) return { ticket_id: Number(text) };
  return /^[^\s@]+@[^\s@]+$/.test(text) ? { email: text } : undefined;
}

const save_json = (content: unknown, name: string) =>
  save_file(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }), name);

function Search({ on_look }: { on_look: (looked: Looked) => void }) {
  const [text, set_text] = useState('');
  const [wrong, set_wrong] = useState('');
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();

  async function look() {
    const who = text.trim();
    const visitor = read_visitor(who);
    if (!visitor) return set_wrong(t('who_wrong'));
    set_busy(true);
    set_error(undefined);
    try {
      on_look({ visitor, who, report: await look_at_person(visitor), is_done: false });
    } catch (failed) {
      set_error(failed);
    }
    set_busy(false);
  }
  return (
    <>
      <form
        class="person-search" noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void look();
        }}
      >
        <div class="field">
          <label for="who">{t('who')}</label>
          <input
            id="who" type="text" inputMode="email" autocomplete="off" spellcheck={false}
            value={text} aria-invalid={wrong ? 'true' : undefined} aria-describedby="who-wrong"
            onInput={(event) => { set_text(event.currentTarget.value); set_wrong(''); }}
          />
          <p class="wrong" id="who-wrong" role="alert">{wrong}</p>
        </div>
        <button type="submit" class="button strong" aria-busy={busy}>
          {busy ? t('looking') : t('look')}
        </button>
      </form>
      {error !== undefined && <ProblemNote error={error} on_retry={() => void look()} />}
    </>
  );
}

type Asking = 'export' | 'erase' | undefined;

function Buttons({ looked: { report, is_done }, ask, on_leave }: {
  looked: Looked; ask: (what: Asking) => void; on_leave: () => void;
}) {
  return (
    <div class="buttons">
      {!is_done && report.payments.length > 0 && (
        <>
          <button type="button" class="button" onClick={() => ask('export')}>
            {t('take_out')}
          </button>
          <button type="button" class="button strong" onClick={() => ask('erase')}>
            {t('erase')}
          </button>
        </>
      )}
      {is_done && (
        <>
          <button type="button" class="button" onClick={() => print()}>{t('print')}</button>
          <button
            type="button" class="button"
            onClick={() => save_json(report, `erased-${report.at.slice(0, 10)}.json`)}
          >
            {t('save')}
          </button>
        </>
      )}
      <button type="button" class="button" onClick={on_leave}>{t('another')}</button>
    </div>
  );
}

function Found({ looked, set_looked }: {
  looked: Looked; set_looked: (looked: Looked | undefined) => void;
}) {
  const { visitor, who, report, is_done } = looked;
  const [asking, set_asking] = useState<Asking>();
  const title = t(is_done ? 'erased_of' : 'held_on', { who });
  const close = () => set_asking(undefined);
  useEffect(() => announce(title), [report]);
  return (
    <section class="stack person-found" aria-labelledby="found">
      <h2 id="found">{title}</h2>
      <p class="fine">
        {t('on', { when: format_moment(report.at), name: session.get()?.user.name ?? '' })}
      </p>
      {report.payments.length > 0 ? <Report report={report} is_done={is_done} />
        : <p>{t('nothing', { who })}</p>}
      <Buttons looked={looked} ask={set_asking} on_leave={() => set_looked(undefined)} />
      {asking === 'export' && (
        <TextDialog
          title={t('take_title', { who })}
          lead={t('take_lead')}
          label={t('why')}
          hint={t('why_hint')}
          go={t('take_go')}
          going={t('taking')}
          empty={t('why_empty')}
          rows={2}
          longest={longest_why}
          act={async (why) => {
            save_json(await export_person({ ...visitor, why }), 'visitor.json');
            announce(t('taken'));
          }}
          on_close={close}
        />
      )}
      {asking === 'erase' && (
        <EraseDialog
          visitor={visitor}
          who={who}
          payments={report.payments.length}
          on_done={(done) => { close(); set_looked({ ...looked, report: done, is_done: true }); }}
          on_close={close}
        />
      )}
    </section>
  );
}

function Visitor() {
  const [looked, set_looked] = useState<Looked>();
  return (
    <>
      <p class="soft lead">{t('lead')}</p>
      {looked ? <Found looked={looked} set_looked={set_looked} />
        : <Search on_look={set_looked} />}
    </>
  );
}

export function PersonPage() {
  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  return (
    <section class="person-page">
      <div class="page-head"><h1>{t('title')}</h1></div>
      <Guarded needs="payments_erase"><Visitor /></Guarded>
    </section>
  );
}
