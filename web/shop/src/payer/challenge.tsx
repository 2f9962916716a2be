// The bank's 3-D Secure page of the Stripe stand-in, shown in a frame over the shop.
import '@fontsource-variable/bricolage-grotesque/wght.css';
import '../../../shared/tokens.css';
import '../styles/page.css';
import '../styles/forms.css';
import './payer.css';
import { render } from 'preact';
import { useState } from 'preact/hooks';

const words = {
  en: {
    title: 'Stand-in for your bank',
    text: 'Your bank would now ask for a code or your fingerprint. Here, you decide.',
    pass: 'Yes, it is me',
    fail: 'It is not me',
    done: 'Thank you. Back to the shop…',
    trouble: 'The stand-in does not answer.',
  },
  hu: {
    title: 'A bankod helyettesítője',
    text: 'A bankod most kódot vagy ujjlenyomatot kérne. Itt te döntesz.',
    pass: 'Igen, én vagyok',
    fail: 'Nem én vagyok',
    done: 'Köszönjük. Vissza a boltba…',
    trouble: 'A helyettesítő nem válaszol.',
  },
};

const say = words[navigator.language.toLowerCase().startsWith('hu') ? 'hu' : 'en'];
document.title = say.title;
const own_path = location.pathname.replace(/\/$/, '');

function Page() {
  const [phase, set_phase] = useState<'ask' | 'done' | 'trouble'>('ask');

  async function answer(outcome: 'complete' | 'fail') {
    try {
      const response = await fetch(`${own_path}/${outcome}`, { method: 'POST' });
      if (!response.ok) throw new Error(outcome);
      set_phase('done');
      window.parent.postMessage({ type: '3ds', outcome }, '*');
    } catch {
      set_phase('trouble');
    }
  }

  return (
    <main class="payer bank">
      <p class="ribbon">3-D Secure</p>
      <h1>{say.title}</h1>
      <p class="lead">{say.text}</p>
      {phase === 'ask' && (
        <div class="choices">
          <button
            type="button"
            class="button big"
            data-action="complete"
            onClick={() => void answer('complete')}
          >
            {say.pass}
          </button>
          <button
            type="button"
            class="button quiet"
            data-action="fail"
            onClick={() => void answer('fail')}
          >
            {say.fail}
          </button>
        </div>
      )}
      {phase === 'done' && (
        <p class="loading" role="status">
          {say.done}
        </p>
      )}
      {phase === 'trouble' && (
        <p class="note note-bad" role="alert">
          {say.trouble}
        </p>
      )}
    </main>
  );
}

render(<Page />, document.getElementById('app')!);
