// The three servers a visitor's browser speaks to: this shop's own, the payment service, Stripe.
import { read, send } from '../../shared/http';

export interface Config {
  payments_url: string;
  stripe_url: string;
  stripe_publishable_key: string;
  merchant: { name: string; seat: string; website: string };
}

export interface Ticket {
  id: number;
  status: string;
  flag?: string;
  year?: number | string;
  event?: string;
  email?: string;
  name?: string;
  language?: string;
  title?: string;
  template?: { title?: string };
}

export interface PaymentOption {
  code: string;
  title: string;
  note: string;
  amount: number;
  currency: string;
  payment_mode: string;
}

export interface Transaction {
  id: number;
  ticket_id: number;
  reference?: string;
  code?: string;
  currency: string;
  amount: number;
  status: string;
  payment_mode?: string;
  provider_transaction_id?: string | null;
}

export interface Started {
  required_additional_action: boolean;
  redirect_url: string | null;
  client_secret: string | null;
  transaction_id: number;
}

export interface Returned {
  message: 'SUCCESS' | 'FAIL' | 'CANCEL' | 'TIMEOUT';
  transaction_id: number;
  ticket_id: number;
  provider_transaction_id?: string | number | null;
  status: string;
}

export type Metas = Record<string, string>;

const get = async <T>(url: string) => read<T>(await send(url));

const post = async <T>(url: string, body: unknown, headers: Record<string, string> = {}) =>
  read<T>(
    await send(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  );

let kept_config: Promise<Config> | undefined;

export function load_config(): Promise<Config> {
  kept_config ??= get<Config>('/api/config');
  kept_config.catch(() => (kept_config = undefined));
  return kept_config;
}

export async function list_tickets(): Promise<Ticket[]> {
  return (await get<{ tickets: Ticket[] }>('/api/tickets')).tickets;
}

export function load_ticket(id: number) {
  return get<{ ticket: Ticket; payment_options: PaymentOption[] }>(`/api/tickets/${id}`);
}

export async function load_transaction(id: number): Promise<Transaction> {
  return (await get<{ transaction: Transaction }>(`/api/transactions/${id}`)).transaction;
}

export async function start_payment(
  ticket_id: number,
  code: string,
  metas: Metas,
  idempotency_key: string,
): Promise<Started> {
  const { payments_url } = await load_config();
  return post<Started>(
    `${payments_url}/payments/start`,
    { ticket_id, code, metas },
    { 'Idempotency-Key': idempotency_key },
  );
}

export async function return_from_simplepay(r: string, s: string): Promise<Returned> {
  const { payments_url } = await load_config();
  return post<Returned>(`${payments_url}/payments/simplepay/backref`, { r, s });
}
