// Starts a run once, whatever happens on the way. The key belongs to the plan, so that neither a
// second press nor a reload begins a second run of it.
import { Problem } from '../../net/call';
import { start_run } from '../../net/run_operations';
import type { Run, RunOrder } from '../../net/run_types';
import { session } from '../../session';

const name_of = (digest: string) => `run ${digest} by ${session.get()?.user.sub ?? ''}`;

function key_of(digest: string): string {
  const name = name_of(digest);
  const key = sessionStorage.getItem(name) ?? crypto.randomUUID();
  sessionStorage.setItem(name, key);
  return key;
}

// Whether the run was certainly not started.
export const is_definite = (error: unknown) => error instanceof Problem &&
  error.status < 500 && error.status !== 408 && error.slug !== 'key-in-use';

export async function start(order: RunOrder): Promise<Run> {
  try {
    const run = await start_run(order, key_of(order.digest));
    sessionStorage.removeItem(name_of(order.digest));
    return run;
  } catch (error) {
    if (is_definite(error)) sessionStorage.removeItem(name_of(order.digest));
    throw error;
  }
}
