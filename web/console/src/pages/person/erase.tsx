// The question before anything is erased: why, and of whom, typed once more.
import { erase_person } from '../../net/operations';
import type { PersonReport, VisitorName } from '../../net/person_types';
import { TypedDialog } from '../../parts/typed_dialog';
import { t } from './words';

export const longest_why = 200;

interface Props {
  visitor: VisitorName;
  who: string;
  payments: number;
  on_done: (report: PersonReport) => void;
  on_close: () => void;
}

export function EraseDialog({ visitor, who, payments, on_done, on_close }: Props) {
  return (
    <TypedDialog
      title={t('erase_title', { who })}
      lead={payments === 1 ? t('erase_lead_1') : t('erase_lead', { n: payments })}
      why={{ label: t('why'), hint: t('why_hint'), wrong: t('why_empty'), longest: longest_why }}
      again={{
        label: t('type_again', { who }),
        wrong: t('type_wrong', { who }),
        is_same: (typed) => typed.toLowerCase() === who.toLowerCase(),
      }}
      go={t('erase_go')}
      going={t('erasing')}
      act={async (why) => on_done(await erase_person({ ...visitor, why }))}
      on_close={on_close}
    />
  );
}
