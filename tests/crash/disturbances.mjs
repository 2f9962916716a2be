// What goes wrong at the providers while the service is killed; sandbox/README.md tells of the
// faults.
import { stripe_timeout_ms } from '../faults/world.mjs';

const after_our_deadline_ms = stripe_timeout_ms + 100;

// part, operation, fault, more: at most three of them disturb a round.
export const disturbances = [
  ['simplepay', 'ipn', 'duplicate', { times: 4 }],
  ['simplepay', 'ipn', 'parallel-duplicate', { times: 4 }],
  ['simplepay', 'ipn', 'out-of-order', { times: 2 }],
  ['simplepay', 'ipn', 'late', { times: 4, delay_ms: 250 }],
  ['stripe', 'webhook', 'duplicate', { times: 6 }],
  ['stripe', 'webhook', 'parallel-duplicate', { times: 6 }],
  ['stripe', 'webhook', 'twin', { times: 4 }],
  ['stripe', 'webhook', 'late', { times: 6, delay_ms: 250 }],
  ['simplepay', 'start', 'late', { times: 3, delay_ms: 400 }],
  ['simplepay', 'start', 'no-answer-after', { times: 1 }],
  ['simplepay', 'start', 'reset-after', { times: 2 }],
  ['simplepay', 'query', 'late', { times: 3, delay_ms: 400 }],
  ['simplepay', 'query', '500', { times: 2 }],
  ['simplepay', 'cancel', 'late', { times: 2, delay_ms: 300 }],
  ['stripe', 'create', 'late', { times: 3, delay_ms: 400 }],
  ['stripe', 'create', 'reset-after', { times: 2 }],
  ['stripe', 'create', 'no-answer-after', { times: 1 }],
  ['stripe', 'retrieve', 'late', { times: 3, delay_ms: 300 }],
];

// fault, more: of a refund, at either provider.
export const refund_disturbances = [
  ['late', { times: 2, delay_ms: 400 }],
  ['late-before', { times: 1, delay_ms: after_our_deadline_ms }],
  ['reset', { times: 1 }],
  ['reset-after', { times: 2 }],
  ['no-answer-after', { times: 1 }],
];

// Every call there takes its time, before or after it is carried out.
export const usual = [
  ['simplepay', ['start', 'query', 'cancel', 'refund']],
  ['stripe', ['create', 'retrieve', 'cancel', 'refund']],
];
