// The question before a month is closed for good: what stands open in it, why nevertheless, and
// which month, typed once more.
import { format_money } from '../../format';
import { Problem } from '../../net/call';
import { close_month } from '../../net/settlement_operations';
import type { MonthClose } from '../../net/settlement_types';
import { TypedDialog } from '../../parts/typed_dialog';
import { t } from './close_words';

const longest_why = 255;

// What makes a reason necessary.
function open_of({ state, closed_on, unexplained }: MonthClose): string[] {
  return [
    ...(state === 'settling' ? [t('still_settling', { day: closed_on })] : []),
    ...unexplained.filter(({ open }) => open.count > 0).map(({ open, currency }) =>
      t('still_open', { sum: format_money(open.amount_minor / 100, currency), n: open.count })),
  ];
}

function StandsOpen({ lines }: { lines: string[] }) {
  return (
    <div class="note note-bad stands-open">
      <div>
        <strong>{t('stands_open')}</strong>
        <ul>{lines.map((line) => <li key={line}>{line}</li>)}</ul>
      </div>
    </div>
  );
}

interface Props {
  close: MonthClose; // as it was looked at; nothing else is closed
  name: string; // of the month, for people
  on_changed: () => void; // what was looked at is not true any more
  on_done: (now: MonthClose) => void;
  on_close: () => void;
}

export function CloseDialog({ close, name, on_changed, on_done, on_close }: Props) {
  const { month } = close;
  const open = open_of(close);
  const is_open = open.length > 0;

  async function act(why: string) {
    try {
      on_done(await close_month(close, why));
    } catch (failed) {
      if (failed instanceof Problem && failed.status === 409) on_changed();
      throw failed;
    }
  }

  return (
    <TypedDialog
      title={t('for_good_title', { month: name })}
      lead={t('for_good_lead')}
      why={is_open
        ? { label: t('why'), hint: t('why_hint'), wrong: t('why_empty'), longest: longest_why }
        : undefined}
      again={{
        label: t('type_again', { month }),
        wrong: t('type_wrong', { month }),
        is_same: (typed) => typed === month,
      }}
      go={t('close_go')}
      going={t('closing_now')}
      act={act}
      on_close={on_close}
    >
      {is_open && <StandsOpen lines={open} />}
    </TypedDialog>
  );
}
