import { Deadline } from './deadline.js';
import { ConnectionError, PaymentsError, ProblemError, UnexpectedAnswerError } from './errors.js';
import type { Problem } from './errors.js';
import { shapes } from './generated/operations.js';
import type { Operation } from './operation.js';
import { seconds_of } from './retry.js';
import { fault_in, type Shape } from './shape.js';

/** One request as it is sent, each time the same but for its token. */
export interface Request {
  url: string;
  method: string;
  headers: Headers;
  body: string | Uint8Array | Blob | undefined;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const media_of = (response: Response) =>
  (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

// What breaks while it is under way: what had ended it, or the connection.
async function on_the_line<T>(deadline: Deadline, what: string, work: Promise<T>): Promise<T> {
  try {
    return await deadline.race(work);
  } catch (error) {
    if (deadline.signal.aborted || error instanceof PaymentsError) throw error;
    throw new ConnectionError(`${what}${code_of(error)}`, { cause: error });
  }
}

// Where the platform tells one, as Node does: ECONNREFUSED.
function code_of(error: unknown): string {
  const { code, cause } = Object(error);
  const told = cause?.code ?? code;
  return typeof told === 'string' ? ` (${told})` : '';
}

async function json_of(response: Response, shape: Shape, deadline: Deadline): Promise<unknown> {
  const text = await on_the_line(deadline, 'the answer broke off', response.text());
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnexpectedAnswerError(response.status, 'it is not JSON, or not whole');
  }
  const fault = fault_in(value, shape, shapes);
  if (fault) throw new UnexpectedAnswerError(response.status, fault, true);
  return value;
}

async function problem_of(response: Response, deadline: Deadline): Promise<ProblemError> {
  const problem = (await json_of(response, { ref: 'Problem' }, deadline)) as Problem;
  if (problem.status !== response.status) {
    const fault = `its problem document is about status ${problem.status}`;
    throw new UnexpectedAnswerError(response.status, fault, true);
  }
  return new ProblemError(problem);
}

/**
 * The bytes of an answer as they come. The time runs while a part is waited for, not while the
 * reader is busy.
 */
function stream_of(
  body: ReadableStream<Uint8Array>, deadline: Deadline, part_ms: number,
): ReadableStream<Uint8Array> {
  deadline.pause();
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      deadline.set(part_ms);
      try {
        const { done, value } = await on_the_line(deadline, 'the answer broke off', reader.read());
        if (done) {
          deadline.end();
          controller.close();
        } else {
          deadline.pause();
          controller.enqueue(value);
        }
      } catch (error) {
        deadline.end();
        reader.cancel(error).catch(() => undefined);
        controller.error(error);
      }
    },
    cancel(reason) {
      deadline.end();
      return reader.cancel(reason);
    },
  });
}

// Throws unless the answer is a good one of the operation; leaves its body unread.
async function judged(response: Response, operation: Operation, deadline: Deadline): Promise<void> {
  const { status } = response;
  const wanted = operation.shape ? ['application/json'] : operation.media ?? [];
  const media = media_of(response);
  if (status === 304 && operation.conditional) return;
  if (status === 200 && wanted.includes(media)) return;
  if (status >= 400 && media === 'application/problem+json') {
    throw await problem_of(response, deadline);
  }
  response.body?.cancel().catch(() => undefined);
  const leads_elsewhere = response.type === 'opaqueredirect' || (status >= 300 && status < 400);
  const told = media || 'no Content-Type';
  throw new UnexpectedAnswerError(status, leads_elsewhere ? 'it leads elsewhere' : `it is ${told}`);
}

async function read(
  response: Response, operation: Operation, deadline: Deadline, part_ms: number,
): Promise<unknown> {
  if (response.status === 304) return null;
  if (operation.shape) return json_of(response, operation.shape, deadline);
  if (operation.text) return on_the_line(deadline, 'the answer broke off', response.text());
  if (!response.body) throw new UnexpectedAnswerError(response.status, 'it has no body');
  return stream_of(response.body, deadline, part_ms);
}

export interface Exchanged {
  value: unknown;
  response: Response;
}

export interface Limits {
  signal: AbortSignal | undefined;
  /** To the end of the answer; of a stream to its beginning. */
  within_ms: number;
  /** To each part of a stream. */
  part_ms: number;
}

/**
 * Asks once. Throws a ProblemError, UnexpectedAnswerError, TimeoutError or ConnectionError; the
 * reason of the caller's signal; or what `token` throws.
 */
export async function exchange(
  fetch: Fetch, operation: Operation, request: Request,
  token: () => Promise<string | undefined>, { signal, within_ms, part_ms }: Limits,
): Promise<Exchanged> {
  const deadline = new Deadline(signal);
  deadline.set(within_ms);
  let is_streaming = false;
  try {
    const headers = new Headers(request.headers);
    const bearer = await deadline.race(token());
    if (bearer !== undefined) headers.set('Authorization', `Bearer ${bearer}`);
    const sent = fetch(request.url, {
      method: request.method,
      headers,
      ...(request.body !== undefined && { body: request.body as BodyInit }),
      signal: deadline.signal,
      // No token and no visitor's data follow to wherever an answer may point.
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    const response = await on_the_line(deadline, 'no connection', sent);
    try {
      await judged(response, operation, deadline);
      const value = await read(response, operation, deadline, part_ms);
      is_streaming = value instanceof ReadableStream;
      return { value, response };
    } catch (error) {
      if (error instanceof PaymentsError) {
        error.retry_after_s = seconds_of(response.headers.get('retry-after'));
      }
      throw error;
    }
  } finally {
    if (!is_streaming) deadline.end();
  }
}
