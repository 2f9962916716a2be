// Every call to the service goes through here: what marks it as the console's, and what is done
// with silence and with a session that is over.
import { Problem, read, send, Unreachable } from '../../../shared/http';
import { signal_of } from '../../../shared/signal';
import { place_of } from './paths';

export interface Manner {
  poll?: boolean; // nobody asked for it: does not keep the session alive
  key?: string; // Idempotency-Key
  ends_with_session?: boolean; // not made again for whoever signs in next
  late_after_ms?: number; // when it is given up
  signal?: AbortSignal; // given up by whoever asked
}

// What becomes of a good answer; JSON when nobody says.
export type Taker<T> = (response: Response) => Promise<T>;

export interface Line {
  silent: boolean;
  as_of: Date | undefined; // the service's clock at its last answer
}

export const line = signal_of<Line>({ silent: false, as_of: undefined });

const silent_after_ms = 10_000;
let waiting_since: number | undefined;

function note_waiting() {
  if (waiting_since !== undefined) return;
  waiting_since = performance.now();
  setTimeout(note_silence, silent_after_ms);
}

function note_silence() {
  if (waiting_since === undefined) return;
  const waited = performance.now() - waiting_since;
  if (waited + 50 < silent_after_ms) setTimeout(note_silence, silent_after_ms - waited);
  else if (!line.get().silent) line.set({ ...line.get(), silent: true });
}

function note_answer(response: Response) {
  waiting_since = undefined;
  const told = new Date(response.headers.get('Date') ?? NaN);
  const as_of = Number.isNaN(told.getTime()) ? new Date() : told;
  const was_silent = line.get().silent;
  if (was_silent) line.set({ silent: false, as_of });
  else line.get().as_of = as_of;
}

// What happens when the service says that there is no session: the page is told, and, for what only
// reads, the call is made again once somebody has signed in.
// `stale`: money moves only for who has signed in lately; resolves to whether they have done so.
type Gate = {
  lost(): Promise<void>; stale(): Promise<boolean>; used(): void; forbidden(): void;
};
let gate: Gate | undefined;
export function guard(by: Gate) {
  gate = by;
}

async function once<T>(
  method: string, path: string, body: unknown, manner: Manner, take: Taker<T> = read,
): Promise<T> {
  const headers: Record<string, string> = { 'X-Console': manner.poll ? 'poll' : '1' };
  const is_file = body instanceof Blob;
  if (body !== undefined) {
    headers['Content-Type'] = is_file ? 'application/octet-stream' : 'application/json';
  }
  if (manner.key) headers['Idempotency-Key'] = manner.key;
  const init: RequestInit = { method, headers, cache: 'no-store', redirect: 'error' };
  if (body !== undefined) init.body = is_file ? body : JSON.stringify(body);
  if (manner.signal) init.signal = manner.signal;
  if (manner.late_after_ms) init.signal = AbortSignal.timeout(manner.late_after_ms);
  note_waiting();
  const response = await send(place_of(path), init);
  note_answer(response);
  return response.ok ? take(response) : read<T>(response);
}

const is_lost = (error: unknown) => error instanceof Problem && error.status === 401;
const is_stale = (error: unknown) => error instanceof Problem && error.slug === 'sign-in-again';

// `body` goes as JSON, and a file as it is. Throws Problem or Unreachable. A 401 is waited out,
// unless the call ends with the session; so is a sign-in that is too old, unless nobody sits there
// or they decline.
export async function call<T>(
  method: 'GET' | 'POST', path: string, body?: unknown, manner: Manner = {}, take?: Taker<T>,
): Promise<T> {
  for (;;) {
    try {
      const answer = await once<T>(method, path, body, manner, take);
      if (!manner.poll) gate?.used();
      return answer;
    } catch (error) {
      if (is_lost(error) && gate) {
        const again = gate.lost();
        if (manner.ends_with_session) throw error;
        await again;
        continue;
      }
      if (is_stale(error)) {
        if (!manner.poll && await gate?.stale()) continue;
        throw error;
      }
      if (error instanceof Problem && error.status === 403) gate?.forbidden();
      throw error;
    }
  }
}

// The same without a gate: for signing in, where 401 is an answer.
export const call_openly = once;
export { Problem, Unreachable };
