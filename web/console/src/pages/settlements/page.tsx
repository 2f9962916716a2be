// Which payments are in the money that came to the bank, and what is missing.
import { useEffect } from 'preact/hooks';
import { format_money } from '../../format';
import { use_live } from '../../loading';
import { read_report } from '../../net/settlement_operations';
import type { SettlementReport } from '../../net/settlement_types';
import { announce } from '../../parts/announce';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { Chip } from '../../parts/shape';
import { Skeleton } from '../../parts/skeleton';
import { link_to } from '../../route';
import { may } from '../../session';
import { Books } from './books';
import { Files } from './files';
import { Findings } from './findings';
import { account_name, Payouts } from './payouts';
import { t } from './words';
import '../../styles/charts.css';
import '../../styles/settlements.css';

function Tiles({ report }: { report: SettlementReport }) {
  const open = report.findings.filter(({ state }) => state === 'open');
  const currencies = Object.keys(report.unexplained).filter((currency) =>
    report.accounts.some((account) => account.currency === currency));
  return (
    <dl class="tiles">
      {currencies.map((currency) => {
        const n = open.filter((finding) => finding.currency === currency).length;
        return (
          <div key={currency}>
            <dt>{t('unexplained')}</dt>
            <dd>{format_money(report.unexplained[currency]! / 100, currency)}</dd>
            <dd class="fine">{n === 0 ? t('nothing_unexplained') : t('findings_n', { n })}</dd>
          </div>
        );
      })}
      {report.accounts.filter(({ lines }) => lines > 0).map((account) => (
        <div key={account_name(account)}>
          <dt>{t('at_provider', { account: account_name(account) })}</dt>
          <dd>
            {format_money(
              (account.carry_minor + account.unpaid_minor + account.reserve_minor) / 100,
              account.currency,
            )}
          </dd>
          <dd class="fine">
            {account.waiting.count === 0 ? t('none_waiting')
              : t('waiting', { n: account.waiting.count })}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function SettlementsPage({ query }: { query: URLSearchParams }) {
  const read = use_live(read_report, '');
  const report = read.value;
  const open = report?.findings.filter(({ state }) => state === 'open').length ?? 0;
  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  useEffect(() => {
    if (report) announce(open === 0 ? t('all_explained') : t('findings_n', { n: open }));
  }, [report?.as_of]);
  return (
    <section class="settlements">
      <div class="page-head">
        <h1>{t('title')}</h1>
        {report && (
          <>
            <Chip
              look={open === 0 ? { tone: 'good', shape: 'disc' }
                : { tone: 'bad', shape: 'exclamation' }}
              text={open === 0 ? t('all_explained') : t('findings_n', { n: open })}
            />
            <span class="soft">{t('as_of')} <Moment at={report.as_of} /></span>
          </>
        )}
        <span class="actions">
          <a class="button" href={link_to.close()}>{t('close')}</a>
          <button type="button" class="button" onClick={() => read.reload()}>{t('again')}</button>
        </span>
      </div>
      <p class="soft">{t('lead')}</p>
      {read.error !== undefined && <ProblemNote error={read.error} on_retry={read.reload} />}
      {read.is_late && <Skeleton />}
      {report && (
        <>
          <Tiles report={report} />
          <Findings
            findings={report.findings} reload={() => read.reload()}
            sought={query.get('finding') ?? ''}
          />
          <Payouts accounts={report.accounts} sought={query.get('payout') ?? ''} />
          {may('payments_export') && <Books />}
          <Files on_taken={() => read.reload()} />
        </>
      )}
    </section>
  );
}
