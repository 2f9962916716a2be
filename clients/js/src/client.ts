import { Deadline } from './deadline.js';
import { PaymentsError } from './errors.js';
import { exchange, type Exchanged, type Fetch } from './exchange.js';
import type { Operations } from './generated/methods.js';
import { operations } from './generated/operations.js';
import { new_idempotency_key } from './key.js';
import type { Operation } from './operation.js';
import { request_of } from './request.js';
import { wait_ms } from './retry.js';
import type { CallOptions, Details, OperationId } from './types.js';

export interface PaymentsOptions
  extends Pick<CallOptions, 'token' | 'timeout_ms' | 'total_ms' | 'attempts'> {
  /** Where the service is, as https://payments.example; a path in it stands before every path. */
  url: string | URL;
  /** Paths that the operator has moved (`PAYMENTS_ROUTE_<OPERATION_ID>`). */
  routes?: Partial<Record<OperationId, string>>;
  /** In place of the platform's own. */
  fetch?: Fetch;
}

// A start may wait 10 s for the provider, and twice 2 s for the tickets service.
const usual = { timeout_ms: 20_000, total_ms: 60_000, attempts: 4 };

const all_details = new WeakMap<object, Details>();

/** What came along with an answer of a client, which is an object or a stream. */
export function details_of(answer: object): Details {
  const details = all_details.get(answer);
  if (!details) throw new TypeError('this is not an answer of a client');
  return details;
}

type Settings = CallOptions & typeof usual;

function settings_of(own: PaymentsOptions, given: CallOptions): Settings {
  const pairs = [usual, own, given].flatMap(Object.entries);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as Settings;
}

const is_id = /^[A-Za-z0-9._-]{1,128}$/;

function checked_id(id: string, name: string): string {
  if (!is_id.test(id)) throw new TypeError(`${name} must be 1 to 128 of A-Z a-z 0-9 . _ -`);
  return id;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const deadline = new Deadline(signal);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await deadline.race(new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))));
  } finally {
    clearTimeout(timer);
    deadline.end();
  }
}

class Call {
  readonly #operation: Operation;
  readonly #request_id: string;
  readonly #key: string | undefined;

  constructor(readonly id: OperationId, readonly own: PaymentsOptions, readonly options: Settings) {
    this.#operation = operations[id] as Operation;
    this.#request_id = checked_id(options.request_id ?? new_idempotency_key(), 'request_id');
    const key = options.idempotency_key;
    if (this.#operation.repeat === 'keyed') {
      this.#key = checked_id(key ?? new_idempotency_key(), 'idempotency_key');
    } else if (key !== undefined) {
      // Who sends one believes to be safe from doing it twice.
      throw new TypeError(`${id} takes no idempotency_key`);
    }
  }

  async make(input: object): Promise<unknown> {
    const { own, options } = this;
    const request = request_of(this.#operation, input, {
      base: own.url,
      path: own.routes?.[this.id],
      headers: {
        'X-Request-Id': this.#request_id,
        'Idempotency-Key': this.#key,
        traceparent: options.traceparent,
      },
    });
    const fetch = own.fetch ?? ((url, init) => globalThis.fetch(url, init));
    const ends_at = performance.now() + options.total_ms;
    for (let tries = 1; ; ++tries) {
      const left = ends_at - performance.now();
      const limits = {
        signal: options.signal,
        within_ms: Math.min(options.timeout_ms, left),
        part_ms: options.timeout_ms,
      };
      try {
        const token = () => this.#token();
        return this.#told(await exchange(fetch, this.#operation, request, token, limits), tries);
      } catch (error) {
        const wait = this.#wait_after(error, tries);
        if (wait === undefined || performance.now() + wait >= ends_at) throw error;
        await pause(wait, options.signal);
      }
    }
  }

  async #token(): Promise<string | undefined> {
    const { token } = this.options;
    const { tokens } = this.#operation;
    if (tokens.length === 0) return undefined;
    return typeof token === 'function' ? token({ operation: this.id, kinds: tokens }) : token;
  }

  #told({ value, response }: Exchanged, attempts: number): unknown {
    if (typeof value === 'object' && value !== null) {
      all_details.set(value, {
        status: response.status,
        request_id: response.headers.get('x-request-id') ?? this.#request_id,
        idempotency_key: this.#key,
        is_replayed: response.headers.get('idempotent-replayed') === 'true',
        etag: response.headers.get('etag') ?? undefined,
        attempts,
      });
    }
    return value;
  }

  // Undefined when it is over. Notes on an error of ours which call it was.
  #wait_after(error: unknown, tries: number): number | undefined {
    if (!(error instanceof PaymentsError)) return undefined;
    error.operation = this.id;
    error.request_id = this.#request_id;
    error.idempotency_key = this.#key;
    error.attempts = tries;
    const is_ended = tries >= this.options.attempts || this.options.signal?.aborted;
    return is_ended ? undefined : wait_ms(error, this.#operation.repeat, tries);
  }
}

/** A method for each operation of the contract, under its operationId. */
export interface PaymentsClient extends Operations {}

export class PaymentsClient {
  readonly #options: PaymentsOptions;

  /** Throws a TypeError when `url` is not one of http or https without a user and a query. */
  constructor(options: PaymentsOptions) {
    const { protocol, username, password, search, hash } = new URL(options.url);
    const is_web = protocol === 'https:' || protocol === 'http:';
    if (!is_web || username || password || search || hash) {
      throw new TypeError('url must be http or https, without a user, a query or a fragment');
    }
    this.#options = { ...options };
  }

  static {
    for (const id of Object.keys(operations) as OperationId[]) {
      const method = async function (this: PaymentsClient, input = {}, options: CallOptions = {}) {
        const own = this.#options;
        return new Call(id, own, settings_of(own, options)).make(input);
      };
      Object.defineProperty(this.prototype, id, { value: method });
    }
  }
}
