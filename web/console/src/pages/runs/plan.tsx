// Whose money is to go back, and how much? Choose, read, start.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { plan_refunds } from '../../net/run_operations';
import type { Plan, PlanRequest } from '../../net/run_types';
import { announce } from '../../parts/announce';
import { Guarded } from '../../parts/guarded';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { link_to } from '../../route';
import { Choose } from './choose';
import { payments_n } from './looks';
import { read_pasted, request_of } from './query';
import { ReadPlan } from './read';
import { empty_draft, Start } from './start';
import { t } from './words';
import '../../styles/runs.css';

type State =
  | { is: 'nothing' }
  | { is: 'reading' }
  | { is: 'read'; plan: Plan; has_changed: boolean } // `has_changed`: while it was being started
  | { is: 'failed'; error: unknown };
const nothing: State = { is: 'nothing' };

// The plan of this request alone: what was read of another is not shown beside it.
function use_plan(request: PlanRequest | undefined) {
  const about = JSON.stringify(request ?? null);
  const [kept, set_kept] = useState<{ of: string; state: State }>({ of: about, state: nothing });
  const now = useRef(about);
  useLayoutEffect(() => { now.current = about; }, [about]);
  const state = kept.of === about ? kept.state : nothing;

  async function read(has_changed: boolean) {
    if (!request) return;
    const say = (next: State) => {
      if (now.current === about) set_kept({ of: about, state: next });
    };
    say({ is: 'reading' });
    try {
      say({ is: 'read', plan: await plan_refunds(request), has_changed });
    } catch (error) {
      say({ is: 'failed', error });
    }
  }
  return { state, read };
}

function Step({ n, title, children }: {
  n: number; title: string; children: ComponentChildren;
}) {
  return (
    <section class="step" aria-labelledby={`step-${n}`}>
      <h2 id={`step-${n}`}><span class="step-number" aria-hidden="true">{n}</span>{title}</h2>
      <div class="stack">{children}</div>
    </section>
  );
}

const Changed = () => (
  <div class="note note-bad" role="alert">
    <Icon glyph="alert" />
    <div><strong>{t('has_changed')}</strong><p>{t('has_changed_lead')}</p></div>
  </div>
);

function Planning({ query }: { query: URLSearchParams }) {
  const [text, set_text] = useState('');
  const [draft, set_draft] = useState(empty_draft);
  const pasted = read_pasted(text);
  const asked = request_of(query, pasted);
  const request = typeof asked === 'string' ? undefined : asked;
  const wrong = typeof asked === 'string' ? asked : undefined;
  const [pressed, set_pressed] = useState(false);
  const { state, read } = use_plan(request);

  const plan = state.is === 'read' ? state.plan : undefined;
  useEffect(() => {
    if (plan) announce(t('read_n', { payments: payments_n(plan.count) }));
  }, [plan]);
  useEffect(() => set_pressed(false), [wrong]);

  return (
    <>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          set_pressed(true);
          if (request && state.is !== 'reading') void read(false);
        }}
      >
        <Step n={1} title={t('step_choose')}>
          <Choose
            query={query} text={text} set_text={set_text} pasted={pasted} wrong={wrong}
          />
          <div class="buttons">
            <button
              type="submit" class={`button ${plan ? '' : 'strong'}`}
              aria-busy={state.is === 'reading'}
            >
              {t(state.is === 'reading' ? 'reading' : plan ? 'read_again' : 'read')}
            </button>
            <span class="fine">{t('read_hint')}</span>
          </div>
          {/* Below the button, which must not move away under a click when this goes. */}
          <p class="wrong" role="alert">{pressed && wrong ? t(`wrong_${wrong}`) : ''}</p>
        </Step>
      </form>
      {state.is === 'failed' && (
        <ProblemNote error={state.error} on_retry={() => void read(false)} />
      )}
      {state.is === 'read' && (
        <>
          <Step n={2} title={t('step_read')}>
            {state.has_changed && <Changed />}
            <ReadPlan plan={state.plan} />
          </Step>
          {state.plan.count > 0 && request && (
            <Step n={3} title={t('step_start')}>
              <Start
                key={state.plan.digest} plan={state.plan} request={request}
                draft={draft} set_draft={set_draft}
                on_changed={() => void read(true)}
              />
            </Step>
          )}
        </>
      )}
    </>
  );
}

export function PlanPage({ query }: { query: URLSearchParams }) {
  useEffect(() => { document.title = `${t('new_run')} · O.Z.O.R.A.`; });
  return (
    <section class="run-page">
      <div class="page-head">
        <h1>
          <a class="back" href={link_to.runs} aria-label={t('to_runs')}><Icon glyph="back" /></a>
          {t('new_run')}
        </h1>
      </div>
      <Guarded needs="payments_refund_bulk"><Planning query={query} /></Guarded>
    </section>
  );
}
