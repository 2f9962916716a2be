import type { components } from './generated/contract.js';

export type Problem = components['schemas']['Problem'];

/** Each of the errors below is one. */
export class PaymentsError extends Error {
  override name = 'PaymentsError';
  operation = '';
  /** The X-Request-Id that was sent: the service's logs have it. */
  request_id = '';
  /** Of an operation that takes one: the same key makes the same request once more. */
  idempotency_key: string | undefined;
  /** How often it was tried. */
  attempts = 0;
  /** Seconds after which the service said that it is worth asking again; at least 0. */
  retry_after_s: number | undefined;
}

/** The service said no, in a problem document (RFC 9457). */
export class ProblemError extends PaymentsError {
  override name = 'ProblemError';
  /** Stable; decide by this. The contract explains each, under Errors. */
  readonly type: Problem['type'];
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  /** What is wrong member by member, of `/problems/invalid-request`; else empty. */
  readonly errors: { pointer: string; detail: string }[];
  /** The attempt that it is about, where there is one. */
  readonly transaction_id: number | undefined;

  constructor(problem: Problem) {
    super(`${problem.title}: ${problem.detail}`);
    this.type = problem.type;
    this.title = problem.title;
    this.status = problem.status;
    this.detail = problem.detail;
    this.instance = problem.instance;
    this.errors = problem.errors ?? [];
    this.transaction_id = problem.transaction_id;
  }
}

/**
 * An answer, whatever its status, that is not one of this operation: of something in between,
 * broken off, or of another version. Whether the call was done is not known.
 */
export class UnexpectedAnswerError extends PaymentsError {
  override name = 'UnexpectedAnswerError';
  readonly status: number;
  /** What was wrong with it. Never holds what it said, which may be personal or secret. */
  readonly fault: string;
  /** It was read whole and is JSON, but not of this shape: the next will not be, either. */
  readonly is_of_other_shape: boolean;

  constructor(status: number, fault: string, is_of_other_shape = false) {
    super(`an unexpected answer with status ${status}: ${fault}`);
    this.status = status;
    this.fault = fault;
    this.is_of_other_shape = is_of_other_shape;
  }
}

/** No answer in time. Whether the call was done is not known. */
export class TimeoutError extends PaymentsError {
  override name = 'TimeoutError';
}

/** No connection, or one that broke. Whether the call was done is not known. */
export class ConnectionError extends PaymentsError {
  override name = 'ConnectionError';
}
