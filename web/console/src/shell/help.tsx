import { use_signal } from '../../../shared/signal';
import { single_keys, switch_single_keys } from '../keys';
import { Dialog } from '../parts/dialog';
import { Icon } from '../parts/icon';
import { may } from '../session';
import { t, type Key } from '../words';

// `then`: one key after the other. What opens a page is only for who may see it.
const keys: [string[], Key, 'then'?, string?][] = [
  [['/'], 'keys_search'],
  [['g', 't'], 'keys_go_start', 'then'],
  [['g', 'p'], 'keys_go_payments', 'then'],
  [['g', 'w'], 'keys_go_work', 'then'],
  [['g', 'e'], 'keys_go_events', 'then', 'payments_operate'],
  [['g', 'h'], 'keys_go_health', 'then', 'payments_operate'],
  [['g', 'a'], 'keys_go_audit', 'then', 'payments_audit'],
  [['g', 'm'], 'keys_go_money', 'then'],
  [['g', 'r'], 'keys_go_runs', 'then', 'payments_refund_bulk'],
  [['g', 'x'], 'keys_go_exports', 'then', 'payments_export'],
  [['g', 's'], 'keys_go_settlements', 'then', 'payments_export'],
  [['g', 'v'], 'keys_go_person', 'then', 'payments_erase'],
  [['j', 'k'], 'keys_rows'],
  [['Enter'], 'keys_open'],
  [['[', ']'], 'keys_period'],
  [['r'], 'keys_refund'],
  [['n'], 'keys_note'],
  [['t'], 'keys_take', undefined, 'payments_review'],
  [['s'], 'keys_snooze', undefined, 'payments_review'],
  [['c'], 'keys_close', undefined, 'payments_review'],
  [['y'], 'keys_copy'],
  [['Esc'], 'keys_escape'],
  [['?'], 'keys_help'],
];

export function HelpDialog({ on_close }: { on_close: () => void }) {
  const on = use_signal(single_keys);
  return (
    <Dialog labelled_by="help-title" on_close={on_close}>
      <div class="stack">
        <div class="dialog-head">
          <h2 id="help-title">{t('keys_title')}</h2>
          <button type="button" class="bare-button" aria-label={t('close')} onClick={on_close}>
            <Icon glyph="cross" />
          </button>
        </div>
        <dl class="keys">
          {keys.filter(([, , , needs]) => !needs || may(needs)).map(([names, what, then]) => (
            <div key={what}>
              <dt>
                {names.map((name, i) => (
                  <span key={name}>
                    {i > 0 && <span class="fine">{then ? ` ${t('keys_then')} ` : ' '}</span>}
                    <kbd>{name}</kbd>
                  </span>
                ))}
              </dt>
              <dd>{t(what)}</dd>
            </div>
          ))}
        </dl>
        <div>
          <label class="check">
            <input
              type="checkbox"
              checked={on}
              aria-describedby="keys-hint"
              onChange={(event) => switch_single_keys(event.currentTarget.checked)}
            />
            {t('keys_switch')}
          </label>
          <p class="fine" id="keys-hint">{t('keys_switch_hint')}</p>
        </div>
      </div>
    </Dialog>
  );
}
