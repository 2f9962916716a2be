// How what was found of the service, and of whom it asks, is shown.
import { processor_name } from '../format';
import type { CheckState, Health } from '../net/types';
import type { Look } from '../parts/shape';
import { t } from '../words';

export const looks: Record<CheckState, Look> = {
  good: { tone: 'good', shape: 'disc' },
  warn: { tone: 'calm', shape: 'exclamation' },
  bad: { tone: 'bad', shape: 'cross' },
  unknown: { tone: 'soft', shape: 'question' },
};
export const look_of = (state: CheckState): Look => looks[state] ?? looks.unknown;

export const outside_name = (name: string) =>
  (name === 'tickets' ? t('tickets_service') : processor_name(name));

// What the check of this name says; unknown where there is none.
export const state_of = ({ checks }: Health, name: string): CheckState =>
  checks.find((check) => check.name === name)?.state ?? 'unknown';
