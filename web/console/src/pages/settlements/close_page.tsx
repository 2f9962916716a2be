// A month as an accountant signs it: balances, what moved between them, and what is not explained.
// One page of paper when it is printed.
import { useEffect, useState } from 'preact/hooks';
import { use_signal } from '../../../../shared/signal';
import {
  day_of, format_minute, format_money, format_month, in_utc, start_of_day, zone_name,
} from '../../format';
import { use_live } from '../../loading';
import { read_close } from '../../net/settlement_operations';
import type { AccountClose, Finding, MonthClose, MonthState } from '../../net/settlement_types';
import { announce } from '../../parts/announce';
import { CopyButton } from '../../parts/copy';
import { use_cut } from '../../parts/cut';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { Chip, type Look } from '../../parts/shape';
import { Skeleton } from '../../parts/skeleton';
import { go, link_to } from '../../route';
import { may, session } from '../../session';
import { t as say } from '../../words';
import { Books } from './books';
import { CloseDialog } from './close_dialog';
import { CloseFlow } from './close_flow';
import { t } from './close_words';
import { Subject } from './findings';
import { is_month, last_month, month_after } from './months';
import { account_name } from './payouts';
import {
  lines_of, lines_of_claims, lines_of_reserve, lines_of_transit, Statement,
} from './statement';
import { kind_name, t as of_settlements } from './words';
import '../../styles/charts.css';
import '../../styles/settlements.css';
import '../../styles/close.css';

const looks: Record<MonthState, Look> = {
  running: { tone: 'calm', shape: 'half' },
  settling: { tone: 'calm', shape: 'part' },
  ready: { tone: 'calm', shape: 'part' },
  closed: { tone: 'good', shape: 'disc' },
};

const month_name = (month: string) => format_month(new Date(start_of_day(`${month}-15`)!));

function Controls({ month }: { month: string }) {
  const step = (later: number, glyph: 'back' | 'next', name: string) => (
    <a class="button" href={link_to.close(month_after(month, later))} aria-label={name}>
      <Icon glyph={glyph} />
    </a>
  );
  return (
    <div class="controls">
      <div class="stepper">
        {step(-1, 'back', t('before'))}
        <label class="choice">
          <span class="label">{t('month')}</span>
          <input
            type="month" required value={month}
            onChange={({ currentTarget: { value } }) => {
              if (is_month(value)) go(link_to.close(value), { replace: true });
            }}
          />
        </label>
        {step(1, 'next', t('after'))}
      </div>
    </div>
  );
}

const open_in = ({ findings }: MonthClose) => findings.filter(({ state }) => state === 'open');

function to_findings(event: Event) {
  event.preventDefault();
  const place = document.getElementById('not-explained');
  place?.scrollIntoView();
  place?.focus({ preventScroll: true });
}

function note_of({ state, closed_on, closing }: MonthClose) {
  if (!closing) return t(`${state}_note`, { day: closed_on });
  const at = new Date(closing.at);
  const note = t('closed_note', { at: `${day_of(at)} ${format_minute(at)}`, by: closing.by });
  return closing.reason ? `${note} ${t('reason', { reason: closing.reason })}` : note;
}

// Never closed without what stood open then.
function state_name({ state, open_findings }: MonthClose) {
  if (state !== 'closed' || open_findings === 0) return t(state);
  return open_findings === 1 ? t('closed_open_1') : t('closed_open', { n: open_findings });
}

function Notes({ close }: { close: MonthClose }) {
  const open = open_in(close).length;
  return (
    <>
      <p class="note note-calm" id="month-state" tabIndex={-1}>
        <Icon glyph="alert" />
        <span>{note_of(close)}</span>
      </p>
      {open > 0 && (
        <p class="note note-bad">
          <Icon glyph="alert" />
          <a href="#not-explained" onClick={to_findings}>
            {open === 1 ? t('open_note_1') : t('open_note', { n: open })}
          </a>
        </p>
      )}
    </>
  );
}

function Moves({ account }: { account: AccountClose }) {
  const { payouts, currency } = account;
  if (payouts.length === 0) return null;
  return (
    <details class="as-table moves">
      <summary>{t('payouts', { n: payouts.length })}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('payout')}</th>
            <th scope="col">{t('day')}</th>
            <th scope="col" class="number">{t('amount')}</th>
          </tr>
        </thead>
        <tbody>
          {payouts.map(({ id, day, amount_minor, is_on_bank }, i) => (
            <tr key={i}>
              <th scope="row"><a href={link_to.payout(id)}><code>{id}</code></a></th>
              <td>
                <span class="tabular">{day}</span>{' '}
                <span class="fine">
                  {t(amount_minor < 0 ? 'came_back' : is_on_bank ? 'on_bank' : 'on_the_way')}
                </span>
              </td>
              <td class="number money">{format_money(amount_minor / 100, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Account({ close, account }: { close: MonthClose; account: AccountClose }) {
  const title = t('held', { account: account_name(account) });
  const has_moved = account.captured.count + account.paid_out.count > 0;
  return (
    <section class="account-close">
      <div>
        <h2>{title}</h2>
        <Statement
          caption={title} lines={lines_of(close, account)} currency={account.currency}
        />
        <Moves account={account} />
      </div>
      {has_moved && <CloseFlow account={account} month={close.month} />}
    </section>
  );
}

function Others({ close }: { close: MonthClose }) {
  const parts = [
    ...close.in_transit.map((one) => ({
      title: t('transit', { currency: one.currency }),
      lines: lines_of_transit(one), currency: one.currency,
    })),
    ...close.claims.map((one) => ({
      title: t('claims', { currency: one.currency }),
      lines: lines_of_claims(one), currency: one.currency,
    })),
    ...close.reserves.map((one) => ({
      title: t('reserves', { account: account_name(one) }),
      lines: lines_of_reserve(one), currency: one.currency,
    })),
  ];
  return (
    <div class="other-closes">
      {parts.map(({ title, lines, currency }) => (
        <section key={title}>
          <h2>{title}</h2>
          <Statement caption={title} lines={lines} currency={currency} />
        </section>
      ))}
    </div>
  );
}

function FindingLine({ finding }: { finding: Finding }) {
  return (
    <li>
      <a href={link_to.settlement_finding(finding.key)}>{kind_name(finding.kind)}</a>{' '}
      <Subject text={finding.subject} /> <span class="soft tabular">{finding.day}</span>
      <strong class="money">{format_money(finding.amount_minor / 100, finding.currency)}</strong>
    </li>
  );
}

function FindingList({ findings }: { findings: Finding[] }) {
  const { shown, button } = use_cut(findings, (n) => of_settlements('more', { n }));
  return (
    <>
      <ul class="close-findings">
        {shown.map((finding) => <FindingLine key={finding.key} finding={finding} />)}
      </ul>
      {button}
    </>
  );
}

function Unexplained({ close }: { close: MonthClose }) {
  const open = open_in(close);
  const accepted = close.findings.filter(({ state }) => state === 'accepted');
  const n_of = (n: number) => (n === 1 ? t('one_finding') : t('n_findings', { n }));
  return (
    <section id="not-explained" tabIndex={-1} aria-labelledby="unexplained-title">
      <h2 id="unexplained-title">{t('not_explained')}</h2>
      <dl class="tiles">
        {close.unexplained.map((one) => (
          <div key={one.currency}>
            <dt>{t('open')}, {one.currency}</dt>
            <dd>{format_money(one.open.amount_minor / 100, one.currency)}</dd>
            <dd class="fine">{n_of(one.open.count)}</dd>
            {one.accepted.count > 0 && (
              <dd class="fine">
                {t('accepted')}: {format_money(one.accepted.amount_minor / 100, one.currency)},{' '}
                {n_of(one.accepted.count)}
              </dd>
            )}
            {(one.suspense_opening_minor !== 0 || one.suspense_closing_minor !== 0) && (
              <dd class="fine">
                {t('suspense', {
                  opening: format_money(one.suspense_opening_minor / 100, one.currency),
                  closing: format_money(one.suspense_closing_minor / 100, one.currency),
                })}
              </dd>
            )}
          </div>
        ))}
      </dl>
      {open.length === 0 && <p class="soft">{t('nothing_open')}</p>}
      <FindingList findings={open} />
      {accepted.length > 0 && (
        <details class="as-table">
          <summary>{t('show_accepted', { n: accepted.length })}</summary>
          <FindingList findings={accepted} />
        </details>
      )}
    </section>
  );
}

function Digest({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd><code>{value}</code><CopyButton text={value} what={name} /></dd>
    </div>
  );
}

function Made({ close }: { close: MonthClose }) {
  const person = use_signal(session)?.user.name ?? '';
  const at = new Date(close.as_of);
  const { count } = close.files;
  return (
    <section class="made-of" aria-labelledby="made-title">
      <h2 id="made-title">{t('rests_on')}</h2>
      <p>
        {t('made', { person })}{' '}
        <time dateTime={close.as_of} title={in_utc(at)}>
          {day_of(at)} {format_minute(at)}, {zone_name()}
        </time>
      </p>
      <dl>
        <Digest name={t('books_digest', { n: close.movements })} value={close.books_sha256} />
        <Digest
          name={count === 1 ? t('file_digest') : t('files_digest', { n: count })}
          value={close.files.sha256}
        />
      </dl>
      <div class="signatures" aria-hidden="true">
        {(['prepared', 'approved'] as const).map((who) => (
          <p key={who}><strong>{t(who)}</strong><span class="fine">{t('sign')}</span></p>
        ))}
      </div>
    </section>
  );
}

function Closed({ close }: { close: MonthClose }) {
  return (
    <>
      <Notes close={close} />
      {close.accounts.length === 0 && <p class="empty-tab">{t('nothing')}</p>}
      <div class="closes">
        {close.accounts.map((account) => (
          <Account key={account_name(account)} close={close} account={account} />
        ))}
        <Others close={close} />
      </div>
      <Unexplained close={close} />
      {may('payments_export') && <Books of={close.month} />}
      <Made close={close} />
    </>
  );
}

const may_be_closed = ({ state }: MonthClose) =>
  may('payments_settlement') && (state === 'settling' || state === 'ready');

export function ClosePage({ query }: { query: URLSearchParams }) {
  const asked = query.get('month');
  const month = is_month(asked) ? asked : last_month();
  const read = use_live(() => read_close(month), month);
  const [closed, set_closed] = useState<MonthClose>();
  const [asks, set_asks] = useState(false);
  const seen = read.is_old ? undefined : read.value;
  const close = seen && closed?.month === month ? closed : seen;
  const title = t('of_month', { month: month_name(month) });
  const live = use_signal(session)?.live ?? true;
  useEffect(() => { document.title = `${title} · O.Z.O.R.A.`; });
  useEffect(() => { if (close) announce(`${title}: ${state_name(close)}`); }, [close]);
  useEffect(() => { if (closed) document.getElementById('month-state')?.focus(); }, [closed]);
  return (
    <section class="settlements month-close">
      <div class="page-head">
        <h1>
          <a class="back" href={link_to.settlements} aria-label={t('back')}>
            <Icon glyph="back" />
          </a>
          {title}
        </h1>
        {close && (
          <>
            <Chip look={looks[close.state]} text={state_name(close)} />
            <span class="soft">{t('days', { from: close.first_day, to: close.last_day })}</span>
          </>
        )}
        <strong class="on-paper" aria-hidden="true">
          O.Z.O.R.A. {say('payments_system')}{!live && `, ${say('test')}`}
        </strong>
        <span class="actions">
          {close && may_be_closed(close) && (
            <button type="button" class="button" onClick={() => set_asks(true)}>
              {t('for_good')}
            </button>
          )}
          <button type="button" class="button" onClick={() => print()}>{t('print')}</button>
        </span>
      </div>
      <Controls month={month} />
      <p class="soft lead">{t('lead')}</p>
      {read.error !== undefined && <ProblemNote error={read.error} on_retry={read.reload} />}
      {!close && read.error === undefined && (read.is_late || read.is_old) && <Skeleton />}
      {close && <Closed close={close} />}
      {close && asks && (
        <CloseDialog
          close={close} name={month_name(month)}
          on_changed={read.reload}
          on_done={(now) => { set_asks(false); set_closed(now); }}
          on_close={() => set_asks(false)}
        />
      )}
    </section>
  );
}
