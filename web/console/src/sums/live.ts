// Sums, read again while they are shown. What has not changed does not travel again.
import { useRef } from 'preact/hooks';
import { use_live, type Live } from '../loading';
import { sum_money } from '../net/operations';
import type { SumRow, SumsRequest } from '../net/types';

export interface Answer {
  question: SumsRequest;
  rows: SumRow[];
  until: number; // ms since 1970: what happened up to then is in it
  complete: boolean;
}

export interface Answers<About, Name extends string> {
  about: About; // what was asked about: another one while the answer to that is on its way
  of: Record<Name, Answer>;
}

// Several questions about one thing, answered together, so that what is shown fits together. `ask`
// makes them at each turn, for they may be about "the last hour".
export function use_sums<About, Name extends string>(
  about: About, ask: () => Record<Name, SumsRequest>, every_ms: number,
): Live<Answers<About, Name>> {
  const kept = useRef(new Map<string, { tag: string; rows: SumRow[] }>());
  return use_live(async (poll) => {
    const before = kept.current;
    const now: typeof before = new Map();
    async function answer(question: SumsRequest): Promise<Answer> {
      const name = JSON.stringify(question);
      const known = before.get(name);
      const { tag, until, complete, ...sums } = await sum_money(
        known ? { ...question, known: known.tag } : question, poll,
      );
      const rows = sums.rows ?? known?.rows ?? [];
      now.set(name, { tag, rows });
      return { question, rows, until: Date.parse(until), complete };
    }
    const questions = Object.entries<SumsRequest>(ask());
    const answers = await Promise.all(
      questions.map(async ([name, question]) => [name, await answer(question)] as const),
    );
    kept.current = now;
    return { about, of: Object.fromEntries(answers) as Record<Name, Answer> };
  }, JSON.stringify(about), every_ms);
}
