export { PaymentsClient, details_of, type PaymentsOptions } from './client.js';
export {
  ConnectionError, PaymentsError, type Problem, ProblemError, TimeoutError, UnexpectedAnswerError,
} from './errors.js';
export { new_idempotency_key } from './key.js';
export type { TokenKind } from './operation.js';
export type {
  Answer, CallOptions, Details, MakeToken, OperationId, Schemas, TokenRequest,
} from './types.js';
