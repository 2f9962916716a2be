// The payment page of the SimplePay stand-in: every way a visit there can end, as a button.
import '@fontsource-variable/bricolage-grotesque/wght.css';
import '../../../shared/tokens.css';
import '../styles/page.css';
import '../styles/forms.css';
import './payer.css';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { SimplePayBadge } from '../art';

interface State {
  merchant: string;
  order_ref: string;
  total: number | string;
  currency: string;
  deadline: string;
  status: string;
  challenge?: boolean;
  transaction_id: number | string;
  language?: string;
}

const words = {
  en: {
    title: 'Stand-in payment page',
    ribbon: 'A stand-in for SimplePay: no card, no money. Choose how this visit ends.',
    order: 'Order',
    merchant: 'Merchant',
    transaction: 'Transaction',
    left: 'Time left to start',
    over: 'The deadline has passed',
    pay: 'Pay {total}',
    decline: 'Decline the card',
    reason: 'Reason known to the bank',
    challenge: 'Pay with 3-D Secure',
    challenge_title: 'The bank asks: is it really you?',
    pass: 'Yes, it is me',
    fail: 'Fail the check',
    cancel: 'Back to the shop without paying',
    timeout: 'Let the time run out',
    close: 'Close the page without going back',
    closed: 'The page was left. The browser does not return to the shop from here.',
    leaving: 'Taking you back to the shop…',
    trouble: 'The stand-in does not answer.',
    more: 'Other endings',
  },
  hu: {
    title: 'Helyettesítő fizetőoldal',
    ribbon: 'A SimplePay helyettesítője: nincs kártya, nincs pénz. Válaszd ki, hogyan végződjön.',
    order: 'Rendelés',
    merchant: 'Kereskedő',
    transaction: 'Tranzakció',
    left: 'Ennyi idő van a fizetés elindítására',
    over: 'A határidő lejárt',
    pay: 'Fizetés: {total}',
    decline: 'Kártya elutasítása',
    reason: 'Az ok, amelyet csak a bank tud',
    challenge: 'Fizetés 3-D Secure-ral',
    challenge_title: 'A bank kérdezi: tényleg te vagy az?',
    pass: 'Igen, én vagyok',
    fail: 'Az ellenőrzés sikertelen',
    cancel: 'Vissza a boltba fizetés nélkül',
    timeout: 'Járjon le az idő',
    close: 'Az oldal bezárása visszatérés nélkül',
    closed: 'Elhagytad az oldalt. A böngésző innen nem tér vissza a boltba.',
    leaving: 'Vissza a boltba…',
    trouble: 'A helyettesítő nem válaszol.',
    more: 'Egyéb végek',
  },
};

const reasons: [number, string][] = [
  [2013, 'not enough money'],
  [2063, 'card inactive'],
  [2066, 'limit exceeded'],
  [2071, 'card data wrong'],
  [2078, 'no reason given'],
];

// The page lives at /trx/<token>; its data one level below.
const own_path = location.pathname.replace(/\/$/, '');
const language_of = (state: State | undefined) =>
  state?.language?.toUpperCase() === 'HU' ? 'hu' : 'en';

function money(state: State) {
  return new Intl.NumberFormat(language_of(state), {
    style: 'currency',
    currency: state.currency,
    minimumFractionDigits: Number.isInteger(Number(state.total)) ? 0 : 2,
  }).format(Number(state.total));
}

function Countdown({ deadline, left, over }: { deadline: string; left: string; over: string }) {
  const [now, set_now] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => set_now(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((Date.parse(deadline) - now) / 1000));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <p class="countdown" role="timer">
      {seconds > 0 ? (
        <>
          {left} <strong>{clock}</strong>
        </>
      ) : (
        over
      )}
    </p>
  );
}

type Phase = 'choose' | 'challenge' | 'leaving' | 'closed' | 'trouble';
type Words = (typeof words)['en'];

// The payment as the stand-in knows it, and the ways to end it.
function use_payment() {
  const [state, set_state] = useState<State>();
  const [phase, set_phase] = useState<Phase>('choose');

  useEffect(() => {
    fetch(`${own_path}/state`)
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error('state'))))
      .then((found: State) => {
        document.documentElement.lang = language_of(found);
        document.title = words[language_of(found)].title;
        set_state(found);
        if (found.challenge) set_phase('challenge');
      })
      .catch(() => set_phase('trouble'));
  }, []);

  async function act(action: string, code: number) {
    const body = action === 'decline' ? { action, code } : { action };
    try {
      const response = await fetch(`${own_path}/act`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(action);
      const { redirect_url } = await response.json();
      if (redirect_url) {
        set_phase('leaving');
        location.assign(redirect_url);
      } else {
        set_phase(action === 'challenge' ? 'challenge' : 'closed');
      }
    } catch {
      set_phase('trouble');
    }
  }
  return { state, phase, act };
}

function Facts({ state, say }: { state: State; say: Words }) {
  return (
    <dl class="facts">
      <div>
        <dt>{say.merchant}</dt>
        <dd>{state.merchant}</dd>
      </div>
      <div>
        <dt>{say.order}</dt>
        <dd>{state.order_ref}</dd>
      </div>
      <div>
        <dt>{say.transaction}</dt>
        <dd>{state.transaction_id}</dd>
      </div>
    </dl>
  );
}

interface ReasonProps {
  label: string;
  code: number;
  on_change(code: number): void;
}

function ReasonPicker({ label, code, on_change }: ReasonProps) {
  return (
    <label>
      <span class="fine">{label}</span>
      <select value={code} onChange={(event) => on_change(Number(event.currentTarget.value))}>
        {reasons.map(([number, meaning]) => (
          <option key={number} value={number}>
            {number} – {meaning}
          </option>
        ))}
      </select>
    </label>
  );
}

function Notice({ phase, say }: { phase: Phase; say: Words }) {
  if (phase === 'leaving')
    return (
      <p class="loading" role="status">
        <span class="spinner" aria-hidden="true" />
        {say.leaving}
      </p>
    );
  if (phase === 'closed')
    return (
      <p class="note" role="status">
        {say.closed}
      </p>
    );
  if (phase !== 'trouble') return null;
  return (
    <p class="note note-bad" role="alert">
      {say.trouble}
    </p>
  );
}

function Page() {
  const { state, phase, act } = use_payment();
  const [code, set_code] = useState(reasons[0]![0]);
  const say = words[language_of(state)];
  const button = (action: string, text: string, style = 'quiet') => (
    <button
      type="button"
      class={`button ${style}`}
      data-action={action}
      onClick={() => void act(action, code)}
    >
      {text}
    </button>
  );

  if (!state) return <p class="loading" role="status">{phase === 'trouble' ? say.trouble : '…'}</p>;
  return (
    <div class="payer">
      <p class="ribbon">{say.ribbon}</p>
      <main class="panel">
        <div class="panel-head">
          <SimplePayBadge />
          <Countdown deadline={state.deadline} left={say.left} over={say.over} />
        </div>
        <h1>{money(state)}</h1>
        <Facts state={state} say={say} />
        {phase === 'choose' && (
          <div class="choices">
            {button('pay', say.pay.replace('{total}', money(state)), 'big')}
            {button('challenge', say.challenge)}
            <h2>{say.more}</h2>
            <div class="decline">
              <ReasonPicker label={say.reason} code={code} on_change={set_code} />
              {button('decline', say.decline)}
            </div>
            {button('cancel', say.cancel)}
            {button('timeout', say.timeout)}
            {button('close', say.close)}
          </div>
        )}
        {phase === 'challenge' && (
          <div class="choices">
            <h2>{say.challenge_title}</h2>
            {button('challenge-pass', say.pass, 'big')}
            {button('challenge-fail', say.fail)}
          </div>
        )}
        <Notice phase={phase} say={say} />
      </main>
    </div>
  );
}

render(<Page />, document.getElementById('app')!);
