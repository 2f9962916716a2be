// When money was last taken before a time, or first after it.
import { find_transactions, sum_money } from '../net/operations';
import { add_days } from './periods';

// Undefined when it never was. The list is by number, so the newest of a page of it is taken.
export async function last_paid_before(time: string, poll: boolean): Promise<Date | undefined> {
  const { transactions } = await find_transactions({ paid_to: time, limit: 50 }, poll);
  const moments = transactions.map(({ paid_at }) => Date.parse(paid_at ?? '')).filter(Boolean);
  return moments.length > 0 ? new Date(Math.max(...moments)) : undefined;
}

// Within 400 days.
export async function first_paid_after(day: string, poll: boolean): Promise<Date | undefined> {
  const { rows } = await sum_money(
    { from: day, to: add_days(day, 400), bucket: 'day', measures: ['paid'] }, poll,
  );
  const first = rows?.[0];
  return first && new Date(first.at);
}
