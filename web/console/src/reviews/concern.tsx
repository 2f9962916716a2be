// Why a person must look, and what to do: in both languages, and as the service says it.
import type { Concern } from '../net/types';
import { t } from '../words';
import { advice_of } from './kinds';

export function WhyAndAdvice({ concern }: { concern: Concern }) {
  const advice = advice_of(concern);
  return (
    <>
      <p lang="en">{concern.reason}</p>
      {advice === undefined ? <p lang="en">{concern.what_to_do}</p> : (
        <>
          <p>{advice}</p>
          <details class="original">
            <summary>{t('original')}</summary>
            <p lang="en">{concern.what_to_do}</p>
          </details>
        </>
      )}
    </>
  );
}
