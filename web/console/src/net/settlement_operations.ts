// The operations of settlements.
import { call } from './call';
import { manner, reading } from './operations';
import { place_of } from './paths';
import type {
  Finding, ImportedFile, MonthClose, PayoutLines, SettlementFiles, SettlementReport,
} from './settlement_types';
import type { EventFilter, SettlementEvents } from './types';

const files = '/payments/settlement/files';
// They are moved together; of those with something in the middle the page is told no place.
const base = () => place_of(files).replace(/\/files$/, '');

// Everything that was ever paid is looked at.
const long = { late_after_ms: 120_000 };

export const read_report = (poll = false) =>
  call<SettlementReport>('GET', '/payments/settlement/report', undefined, { ...long, poll });

// Recorded there.
export const read_close = (month: string) =>
  call<MonthClose>('GET', `${base()}/close?month=${month}`, undefined, long);

// Nothing opens it again. Of the close that was looked at: when its books are others by now,
// nothing is closed.
export const close_month = ({ month, books_sha256 }: MonthClose, reason: string) =>
  call<MonthClose>(
    'POST', `${base()}/close`, { month, books_sha256, ...(reason && { reason }) },
    { ...reading, ...long },
  );

export const list_settlement_events = ({ state, limit, after }: EventFilter, poll: boolean) => {
  const query = new URLSearchParams({ state, limit: String(limit), ...(after && { after }) });
  return call<SettlementEvents>('GET', `${base()}/events?${query}`, undefined, manner(poll));
};

export const list_files = (poll = false) =>
  call<SettlementFiles>('GET', files, undefined, manner(poll));

export const read_lines = (payout: string) =>
  call<PayoutLines>(
    'GET', `${base()}/payouts/${encodeURIComponent(payout)}/lines`, undefined, long,
  );

export const import_file = (file: File, account: string, only_tries: boolean) => {
  const query = new URLSearchParams({
    name: file.name, ...(account && { account }), ...(only_tries && { dry_run: 'true' }),
  });
  return call<ImportedFile>('POST', `${files}?${query}`, file, long);
};

export interface Books {
  content: Blob;
  name: string;
}

async function books_in(response: Response): Promise<Books> {
  const told = response.headers.get('Content-Disposition') ?? '';
  const name = /filename="([^"]+)"/.exec(told)?.[1] ?? 'books';
  return { content: await response.blob(), name };
}

// `to` does not count itself.
export const export_books = (format: string, profile: string, from: string, to: string) => {
  const query = new URLSearchParams({ from, to, ...(profile && { profile }) });
  const path = `/payments/exports/${format}?${query}`;
  return call<Books>('GET', path, undefined, long, books_in);
};

export const decide = (key: string, what: 'accept' | 'reopen', reason: string) =>
  call<Finding>('POST', `${base()}/findings/${key}/${what}`, { reason }, { ...reading, ...long });
