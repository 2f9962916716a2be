// The operations of refund runs.
import { call } from './call';
import { manner, reading } from './operations';
import type {
  Plan, PlanRequest, Run, RunOrder, RunPage, RunQuestion, Runs, Steer,
} from './run_types';

export const page_size = 50;

// Every payment of an event is looked at.
const planning = { late_after_ms: 60_000 };

export const plan_refunds = (request: PlanRequest) =>
  call<Plan>('POST', '/payments/refund-runs/plan', request, planning);

export const start_run = (order: RunOrder, key: string) =>
  call<Run>('POST', '/payments/refund-runs', order, {
    ...planning, key, ends_with_session: true,
  });

export const list_runs = (after: number | undefined, poll: boolean) =>
  call<Runs>('POST', '/payments/refund-runs/list', {
    limit: page_size, ...(after !== undefined && { after }),
  }, manner(poll));

export const read_run = (question: RunQuestion, poll = false) =>
  call<RunPage>('POST', '/payments/refund-run', question, manner(poll));

// What is so already stays so, so that asking twice does nothing.
export const steer_run = (run_id: number, what: Steer) =>
  call<Run>('POST', '/payments/refund-run/steer', { run_id, do: what }, reading);
