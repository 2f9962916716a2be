// A caller as a stranger would write it: compiles under the strictest settings, as a module and for
// `require`. What must not compile is marked.
import {
  type Answer, details_of, PaymentsClient, ProblemError, type Schemas, type TokenRequest,
} from 'payments_client';
import { EventError, type ReceivedEvent, verifyEvent } from 'payments_client/webhooks';

const token = async ({ operation, kinds }: TokenRequest): Promise<string> =>
  `${operation} ${kinds.join()}`;
const payments = new PaymentsClient({ url: 'https://payments.example', token });

export async function start(ticket_id: number, code: string): Promise<string> {
  const metas = { email: 'visitor@example.com', state: null };
  const started = await payments.startPayment({ ticket_id, code, metas }, { timeout_ms: 1000 });
  const page: string | null = started.redirect_url;
  // @ts-expect-error: it may be null
  started.redirect_url.length;
  // @ts-expect-error: there is no such member
  started.redirect_uri;
  return page ?? String(details_of(started).idempotency_key);
}

export async function misuse(): Promise<void> {
  // @ts-expect-error: the code is missing
  await payments.startPayment({ ticket_id: 1 });
  // @ts-expect-error: a number
  await payments.searchTransactions({ search_term: '1' });
  // @ts-expect-error: a place that must be filled
  await payments.listPayoutLines({});
  // @ts-expect-error: no such operation
  await payments.stripeWebhook({});
  // @ts-expect-error: no such format
  await payments.exportBooks({ format: 'pdf' });
  // @ts-expect-error: no such option
  await payments.health({}, { timeout: 5 });
}

export async function read(): Promise<[Schemas['Transaction'] | undefined, string]> {
  const { transactions } = await payments.searchTransactions({ search_term: 1 });
  const ids: number[] = (await payments.listTicketIds()).ticket_ids;
  const unchanged = await payments.listTicketIds({ if_none_match: 'W/"1"' });
  // @ts-expect-error: null when nothing has changed
  unchanged.ticket_ids;
  const stream: ReadableStream<Uint8Array> = await payments.exportBooks({ format: 'csv' });
  const decided = { finding: 'f', reason: 'r' };
  const finding: Answer<'acceptFinding'> = await payments.acceptFinding(decided);
  const file = { file: new Uint8Array(), dry_run: true, name: 'x.csv' };
  await payments.importSettlement(file);
  const reviews = await payments.listReviews();
  return [transactions[0], `${ids} ${stream.locked} ${finding.state} ${reviews.reviews.length}`];
}

export function slug(error: unknown): string | number | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  // @ts-expect-error: no such problem
  if (error.type === '/problems/already-payed') return 0;
  return error.errors[0]?.pointer ?? error.retry_after_s;
}

export function hear(body: Uint8Array, headers: Record<string, string | string[] | undefined>) {
  let event: ReceivedEvent;
  try {
    event = verifyEvent(body, headers, ['whsec_a', 'whsec_b']);
  } catch (error) {
    return error instanceof EventError ? 401 : 500;
  }
  switch (event.type) {
    case 'payment.paid':
      return event.data.ticket_id;
    case 'payment.failed': case 'payment.refunded': case 'payment.disputed': case 'payment.review':
      return event.data.previous_status;
    case 'test':
      return event.id;
    case 'unknown':
      return event.type_name;
  }
}
