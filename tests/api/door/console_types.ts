// What the back office's pages send and read, held against the types that openapi-typescript makes
// of the contract: what the service answers must be good for the pages, and what they send good for
// the service. It is compiled, never run.
import type { components, paths } from './schema.js';
import type * as Persons from './person_types.js';
import type * as Runs from './run_types.js';
import type * as Settlements from './settlement_types.js';
import type * as Page from './types.js';

type Schemas = components['schemas'];
type Sent<Path extends keyof paths> = paths[Path] extends {
  post: { requestBody: { content: { 'application/json': infer Body } } };
} ? Body : never;
type Answered<Path extends keyof paths, Method extends 'get' | 'post' = 'post'> =
  paths[Path] extends {
    [M in Method]: { responses: { 200: { content: { 'application/json': infer Body } } } };
  } ? Body : never;

// Compiles only when every `Given` can be used as a `Wanted`; `never`, which is what a path that
// the contract does not have gives, fits everything and is refused.
type IsNever<T> = [T] extends [never] ? true : false;
type Fits<Given extends Wanted, Wanted> = IsNever<Given> | IsNever<Wanted>;
type All<Checks extends false[]> = Checks;
export type Held = All<[
  Fits<Answered<'/console/session', 'get'>, Page.Session>,
  Fits<Answered<'/payments/find'>, Page.Found>,
  Fits<Answered<'/payments/transaction'>, Page.Opened>,
  Fits<Answered<'/payments/message'>, Page.RawMessage>,
  Fits<Answered<'/payments/ask'>, Page.Asked>,
  Fits<Answered<'/payments/refunds'>, Page.RefundReply>,
  Fits<Answered<'/payments/review', 'get'>, Page.Reviews>,
  Fits<Answered<'/payments/review/close'>, Page.Review>,
  Fits<Answered<'/payments/actions'>, Page.Actions>,
  Fits<Answered<'/payments/events/list'>, Page.OutgoingEvents>,
  Fits<Answered<'/payments/events/replay'>, Page.Changed>,
  Fits<Answered<'/payments/events/skip'>, Page.Changed>,
  Fits<Answered<'/payments/messages'>, Page.KeptMessages>,
  Fits<Answered<'/payments/messages/retry'>, Page.Retried>,
  Fits<Answered<'/payments/events/test'>, Page.TestEvent>,
  Fits<Answered<'/payments/sums'>, Page.Sums>,
  Fits<Answered<'/payments/settlement/report', 'get'>, Settlements.SettlementReport>,
  Fits<Answered<'/payments/settlement/close', 'get'>, Settlements.MonthClose>,
  Fits<Answered<'/payments/settlement/close'>, Settlements.MonthClose>,
  Fits<
    { month: string; books_sha256: string; reason?: string }, Sent<'/payments/settlement/close'>
  >,
  Fits<Answered<'/payments/settlement/events', 'get'>, Page.SettlementEvents>,
  Fits<Answered<'/payments/settlement/files', 'get'>, Settlements.SettlementFiles>,
  Fits<Answered<'/payments/settlement/files'>, Settlements.ImportedFile>,
  Fits<Answered<'/payments/settlement/payouts/{payout}/lines', 'get'>, Settlements.PayoutLines>,
  Fits<Answered<'/payments/settlement/findings/{finding}/accept'>, Settlements.Finding>,
  Fits<Answered<'/payments/refund-runs/plan'>, Runs.Plan>,
  Fits<Answered<'/payments/refund-runs'>, Runs.Run>,
  Fits<Answered<'/payments/refund-runs/list'>, Runs.Runs>,
  Fits<Answered<'/payments/refund-run'>, Runs.RunPage>,
  Fits<Answered<'/payments/refund-run/steer'>, Runs.Run>,
  Fits<Answered<'/payments/person/erase'>, Persons.PersonReport>,
  Fits<Answered<'/payments/health', 'get'>, Page.Health>,
  Fits<Answered<'/console/sign-out'>, { redirect_url: string }>,
  Fits<Answered<'/console/sessions', 'get'>, { sessions: Page.OwnSession[] }>,
  Fits<Answered<'/console/sessions/end'>, { ended: number }>,
  Fits<Answered<'/console/handoff/person', 'get'>, { user: Page.Person }>,
  Fits<{ session_id: string }, Sent<'/console/sessions/end'>>,
  Fits<{ others: true }, Sent<'/console/sessions/end'>>,
  Fits<Persons.VisitorName & { why: string }, Sent<'/payments/person/export'>>,
  Fits<Persons.VisitorName & { why: string }, Sent<'/payments/person/erase'>>,
  Fits<Page.Filter, Sent<'/payments/find'>>,
  Fits<Page.SumsRequest, Sent<'/payments/sums'>>,
  Fits<Page.ExportRequest, Sent<'/payments/export'>>,
  Fits<Page.RefundRequest, Sent<'/payments/refunds'>>,
  Fits<Runs.PlanRequest, Sent<'/payments/refund-runs/plan'>>,
  Fits<Runs.RunOrder, Sent<'/payments/refund-runs'>>,
  Fits<Runs.RunQuestion, Sent<'/payments/refund-run'>>,
  Fits<{ limit: number; after?: number }, Sent<'/payments/refund-runs/list'>>,
  Fits<{ run_id: number; do: Runs.Steer }, Sent<'/payments/refund-run/steer'>>,
  Fits<Page.ReviewOrder, Sent<'/payments/review/close'>>,
  Fits<Page.ActionFilter, Sent<'/payments/actions'>>,
  Fits<Page.EventFilter, Sent<'/payments/events/list'>>,
  Fits<Page.ReplayRequest, Sent<'/payments/events/replay'>>,
  Fits<Page.SkipRequest, Sent<'/payments/events/skip'>>,
  Fits<Page.MessageFilter, Sent<'/payments/messages'>>,
  Fits<{ transaction_id: number }, Sent<'/payments/transaction'>>,
  Fits<{ transaction_id: number }, Sent<'/payments/ask'>>,
  Fits<{ message_id: number }, Sent<'/payments/message'>>,
  Fits<{ token: string }, Sent<'/console/sign-in/token'>>,
  Fits<Schemas['Status'], Page.Status>,
  Fits<Page.Status, Schemas['Status']>,
]>;
