// Why money goes back: a code and, after it, a note, for people of either language.
import { t, type Key } from './words';

const reasons = [
  'day_cancelled', 'event_cancelled', 'visitor', 'twice', 'mistake', 'other',
] as const;
export type Reason = (typeof reasons)[number];
const reason_bytes = 200;

export interface Because {
  why: Reason | '';
  note: string;
}
export const empty_because: Because = { why: '', note: '' };

const words_in_ledger: Record<Reason, string> = {
  day_cancelled: 'a day was cancelled',
  event_cancelled: 'the event was cancelled',
  visitor: 'the visitor asked for it',
  twice: 'paid twice',
  mistake: 'our mistake',
  other: '',
};

export const says_why = ({ why, note }: Because): boolean =>
  why !== '' && (why !== 'other' || note.trim() !== '');

// The reason as the service keeps it, no longer than it takes.
export function reason_of({ why, note }: Because): string {
  const words = [why && words_in_ledger[why], note.trim()].filter(Boolean).join(': ');
  const bytes = new TextEncoder().encode(words);
  if (bytes.length <= reason_bytes) return words;
  return new TextDecoder().decode(bytes.slice(0, reason_bytes)).replace(/\ufffd+$/, '');
}

export function Why({ because, wrong, set }: {
  because: Because; wrong: string | undefined; set: (changes: Partial<Because>) => void;
}) {
  return (
    <>
      <div class="why">
        <label for="refund-why">{t('why')}</label>
        <select
          id="refund-why"
          value={because.why}
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby="refund-why-wrong"
          onChange={(event) => set({ why: event.currentTarget.value as Reason })}
        >
          <option value="">{t('why_none')}</option>
          {reasons.map((one) => (
            <option key={one} value={one}>{t(`why_${one}` satisfies Key)}</option>
          ))}
        </select>
        <input
          type="text"
          aria-label={t('note')}
          placeholder={t('note')}
          autocomplete="off"
          maxLength={150}
          value={because.note}
          onInput={(event) => set({ note: event.currentTarget.value })}
        />
      </div>
      <p class="wrong" id="refund-why-wrong" role="alert">{wrong}</p>
    </>
  );
}
