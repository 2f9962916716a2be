import type { components, operations } from './generated/contract.js';
import type { TokenKind } from './operation.js';

/** Everything that has a name in the contract: Schemas['Transaction']. */
export type Schemas = components['schemas'];
export type OperationId = keyof operations;

type Json<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : never;

/** What an operation answers when all went well. */
export type Answer<Id extends OperationId> = Json<operations[Id]['responses'][200]>;
export type Body<Id extends OperationId> =
  operations[Id] extends { requestBody: infer Request } ? Json<Request> : never;
export type Query<Id extends OperationId> =
  NonNullable<operations[Id]['parameters']['query']>;
export type Places<Id extends OperationId> =
  NonNullable<operations[Id]['parameters']['path']>;
export type Nothing = Record<string, never>;

export interface FileToImport {
  /** The file as it came; its format is told by its content. */
  file: string | Uint8Array | Blob;
}

export interface IfNoneMatch {
  /** The `etag` of an earlier answer (`details_of`); where that is still true, null comes back. */
  if_none_match: string;
}

/** What a token is wanted for. */
export interface TokenRequest {
  operation: OperationId;
  /** Which of them the operation takes. */
  kinds: readonly TokenKind[];
}

/** Asked before every try; what it throws ends the call, and is thrown as it is. */
export type MakeToken = (wanted: TokenRequest) => string | Promise<string>;

export interface CallOptions {
  /** In place of the client's own. */
  token?: string | MakeToken | undefined;
  /** Ends the call, and the reading of a stream; the call then throws the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Of one try, up to the end of its answer; of a stream to each of its parts. */
  timeout_ms?: number | undefined;
  /** Of all tries and the waiting between them; of a stream to its beginning. */
  total_ms?: number | undefined;
  /** How often it is tried at most; 1 for once. */
  attempts?: number | undefined;
  /** Of operations that take one: 1 to 128 of `A-Z a-z 0-9 . _ -`; made where none is given. */
  idempotency_key?: string | undefined;
  /** As above; made where none is given. */
  request_id?: string | undefined;
  /** W3C Trace Context. */
  traceparent?: string | undefined;
}

/** What came along with an answer. */
export interface Details {
  status: number;
  request_id: string;
  idempotency_key: string | undefined;
  /** It is the answer to an earlier request with the same key. */
  is_replayed: boolean;
  etag: string | undefined;
  attempts: number;
}
