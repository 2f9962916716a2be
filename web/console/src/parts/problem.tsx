// What is wrong, in words, with what helps: the service's own detail, the request's id to copy, and
// another try, by itself when the service said when.
import { useEffect, useState } from 'preact/hooks';
import { CopyButton } from './copy';
import { Icon } from './icon';
import { Problem } from '../net/call';
import { t } from '../words';

interface Words {
  title: string;
  lead: string;
}

function words_of(error: unknown): Words {
  if (!(error instanceof Problem)) return { title: t('problem'), lead: t('problem_network') };
  if (error.slug === 'review-held') return { title: t('problem_held'), lead: '' };
  if (error.slug === 'unknown-review') return { title: t('problem_gone'), lead: '' };
  if (error.slug === 'month-not-closable') return { title: t('problem_month'), lead: '' };
  if (error.slug === 'unknown-run') return { title: t('problem_no_run'), lead: '' };
  if (error.slug === 'second-person-needed') return { title: t('problem_second'), lead: '' };
  switch (error.status) {
    case 400: return { title: t('problem_invalid'), lead: '' };
    case 403: return { title: t('problem_forbidden'), lead: t('problem_forbidden_lead') };
    case 404: return { title: t('problem_not_found'), lead: t('problem_not_found_lead') };
    case 429: return { title: t('problem_too_many'), lead: '' };
    case 503: return { title: t('problem_busy'), lead: '' };
    default: return { title: t('problem'), lead: '' };
  }
}

// Counts down and calls `at_zero`; gives the seconds left.
export function use_countdown(seconds: number, at_zero: () => void): number {
  const [left, set_left] = useState(seconds);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => {
      set_left(left - 1);
      if (left === 1) at_zero();
    }, 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return left;
}

function Countdown({ seconds, at_zero }: { seconds: number; at_zero: () => void }) {
  const left = use_countdown(seconds, at_zero);
  return left > 0 ? <p class="fine tabular">{t('problem_in_s', { seconds: left })}</p> : null;
}

interface Props {
  error: unknown;
  on_retry?: (by_itself: boolean) => void; // `by_itself`: at the end of the countdown
}

export function ProblemNote({ error, on_retry }: Props) {
  const { title, lead } = words_of(error);
  const problem = error instanceof Problem ? error : undefined;
  const wait_s = problem && [429, 503].includes(problem.status) ? problem.retry_after_s : 0;
  return (
    <div class="note note-bad">
      <Icon glyph="alert" />
      <div>
        <div role="alert">
          <strong>{title}</strong>
          {lead && <p>{lead}</p>}
          {problem?.detail && <p lang="en">{problem.detail}</p>}
        </div>
        {wait_s > 0 && on_retry && (
          <Countdown
            key={problem?.request_id ?? ''}
            seconds={wait_s}
            at_zero={() => on_retry(true)}
          />
        )}
        {problem?.request_id && (
          <p class="fine">
            {t('request_id')} <code>{problem.request_id}</code>
            <CopyButton text={problem.request_id} what={t('request_id')} />
          </p>
        )}
        {on_retry && (
          <button type="button" class="button" onClick={() => on_retry(false)}>
            {t('try_again')}
          </button>
        )}
      </div>
    </div>
  );
}
