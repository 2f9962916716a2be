// The closing report: every payment of a run, and what became of it.
import { read_run } from '../../net/run_operations';
import type { RunItem } from '../../net/run_types';
import { csv_of } from '../../parts/csv';
import { save_file } from '../../parts/save';

const page_size = 1000;

const columns = [
  'transaction_id', 'reference', 'ticket_id', 'processor', 'currency', 'amount', 'state', 'reason',
  'detail', 'refund_id', 'tries', 'changed_at',
] as const;

async function all_items(run_id: number): Promise<RunItem[]> {
  const items: RunItem[] = [];
  for (let after: number | null | undefined; after !== null;) {
    const page = await read_run({
      run_id, limit: page_size, ...(after !== undefined && { after }),
    });
    items.push(...page.items);
    after = page.next;
  }
  return items;
}

export async function save_report(run_id: number) {
  const items = await all_items(run_id);
  const text = csv_of([
    [...columns],
    ...items.map((item) => columns.map((name) => item[name] ?? undefined)),
  ]);
  save_file(new Blob([text], { type: 'text/csv' }), `refund-run-${run_id}.csv`);
}
