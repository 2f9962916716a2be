// What does not agree, and what somebody decides about it.
import { useState } from 'preact/hooks';
import { format_money, processor_name } from '../../format';
import { decide } from '../../net/settlement_operations';
import { is_processor, type Finding } from '../../net/settlement_types';
import { announce } from '../../parts/announce';
import { use_cut } from '../../parts/cut';
import { Chip } from '../../parts/shape';
import { TextDialog } from '../../parts/text_dialog';
import { link_to } from '../../route';
import { may } from '../../session';
import { use_sought } from './sought';
import { kind_name, t } from './words';

// Our payment, where the subject is one or a refund of one: "TR42", "TR42-R1".
export function Subject({ text }: { text: string }) {
  const id = /^TR([1-9]\d{0,15})(-R\d+)?$/.exec(text)?.[1];
  return id ? <a href={link_to.payment(Number(id))}>{text}</a> : <code>{text}</code>;
}

function whose({ processor, account }: Finding): string {
  const name = is_processor(processor) ? processor_name(processor) : processor;
  return [name, account].filter(Boolean).join(' ');
}

function Line({ finding, on_decide, is_sought }: {
  finding: Finding; on_decide: (finding: Finding) => void; is_sought: boolean;
}) {
  const line = use_sought<HTMLLIElement>(is_sought);
  const is_open = finding.state === 'open';
  return (
    <li class={`finding ${is_sought ? 'sought' : ''}`} ref={line}>
      <Chip
        look={is_open ? { tone: 'bad', shape: 'exclamation' } : { tone: 'soft', shape: 'disc' }}
        text={is_open ? kind_name(finding.kind) : t('accepted')}
      />
      <div class="finding-what">
        {!is_open && <p>{kind_name(finding.kind)}</p>}
        <p>
          <Subject text={finding.subject} />{' '}
          <span class="soft">{whose(finding)}</span>
        </p>
        <p class="fine" lang="en">{finding.detail}</p>
      </div>
      <strong class="money">
        {format_money(finding.amount_minor / 100, finding.currency)}
      </strong>
      {may('payments_settlement') && (
        <button type="button" class="button small" onClick={() => on_decide(finding)}>
          {t(is_open ? 'accept' : 'reopen')}
          <span class="unseen"> {finding.subject}</span>
        </button>
      )}
    </li>
  );
}

function Decision({ finding, on_done, on_close }: {
  finding: Finding; on_done: () => void; on_close: () => void;
}) {
  const what = finding.state === 'open' ? 'accept' : 'reopen';
  return (
    <TextDialog
      title={t(`${what}_title`, { what: finding.subject })}
      lead={t(`${what}_lead`)}
      label={t('reason')}
      go={t(what).replace('…', '')}
      going={t('accepting')}
      empty={t('reason_missing')}
      rows={2}
      longest={255}
      act={async (reason) => {
        await decide(finding.key, what, reason);
        announce(t(what === 'accept' ? 'accepted' : 'reopen'));
        on_done();
      }}
      on_close={on_close}
    />
  );
}

// What is sought stands first, for a long list is cut.
function List({ findings, on_decide, sought }: {
  findings: Finding[]; on_decide: (finding: Finding) => void; sought: string;
}) {
  const is_sought = ({ key }: Finding) => key === sought;
  const ordered = [...findings.filter(is_sought), ...findings.filter((one) => !is_sought(one))];
  const { shown, button } = use_cut(ordered, (n) => t('more', { n }));
  return (
    <>
      <ul class="finding-list">
        {shown.map((one) => (
          <Line key={one.key} finding={one} on_decide={on_decide} is_sought={is_sought(one)} />
        ))}
      </ul>
      {button}
    </>
  );
}

// `sought`: the finding that a link of another page is about.
export function Findings({ findings, reload, sought }: {
  findings: Finding[]; reload: () => void; sought: string;
}) {
  const [chosen, choose] = useState<Finding>();
  const open = findings.filter(({ state }) => state === 'open');
  const accepted = findings.filter(({ state }) => state === 'accepted');
  const list = (some: Finding[]) => <List findings={some} on_decide={choose} sought={sought} />;
  return (
    <section aria-labelledby="findings-title">
      <h2 id="findings-title">{t('findings')}</h2>
      {open.length > 0 ? list(open) : <p class="empty-tab">{t('no_findings')}</p>}
      {accepted.length > 0 && (
        <details class="accepted" open={accepted.some(({ key }) => key === sought)}>
          <summary>{t('show_accepted', { n: accepted.length })}</summary>
          {list(accepted)}
        </details>
      )}
      {chosen && (
        <Decision finding={chosen} on_done={reload} on_close={() => choose(undefined)} />
      )}
    </section>
  );
}
