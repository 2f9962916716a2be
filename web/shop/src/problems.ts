// Problem documents in words a visitor can use.
import { Problem, Unreachable } from '../../shared/http';
import { t, type Key } from './i18n';

const by_slug: Record<string, Key> = {
  'already-paid': 'problem_already_paid',
  'code-not-offered': 'problem_not_offered',
};

function key_of(problem: Problem): Key {
  const known = by_slug[problem.slug];
  if (known) return known;
  if (problem.status === 404) return 'problem_not_found';
  if (problem.status === 409) return 'problem_in_progress';
  if (problem.status === 429) return 'problem_too_many';
  if (problem.status === 503) return 'problem_provider';
  if (problem.status === 502 || problem.status === 504) return 'problem_unclear';
  return 'problem_other';
}

export interface Trouble {
  text: string;
  detail: string;
}

export function trouble_of(error: unknown): Trouble {
  if (error instanceof Unreachable) return { text: t('problem_network'), detail: '' };
  if (!(error instanceof Problem)) return { text: t('problem_other'), detail: '' };
  const detail = error.request_id ? t('request_id', { id: error.request_id }) : '';
  if (error.status === 400) return { text: error.detail || t('problem_other'), detail };
  return { text: t(key_of(error)), detail };
}
