// Has the service make a file, and reads it while it comes. What is saved is what was read: a file
// that breaks off is never one.
import { export_csv, sum_money } from '../../net/operations';
import type { ExportRequest } from '../../net/types';
import { money_of, of_currency } from '../../sums/rows';
import { file_reader, shown_lines, type Contents } from './read';

export interface Made extends Contents {
  name: string;
  file: Blob;
  // What the page Money says of the same time, by currency, in cents; undefined where the file is
  // about something else.
  money: Map<string, number> | undefined;
}

export class BrokenOff extends Error {
  constructor(readonly lines: number) { super(); }
}

const name_in = (disposition: string | null) =>
  /filename="([\w.-]+)"/.exec(disposition ?? '')?.[1] ?? 'export.csv';

async function read_file(
  response: Response, form: 'excel-hu' | 'rfc4180', on_lines: (lines: number) => void,
): Promise<Omit<Made, 'money'>> {
  const reader = file_reader(form);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const parts: BlobPart[] = [];
  const stream = response.body!.getReader();
  try {
    for (;;) {
      const { done, value } = await stream.read();
      if (done) break;
      parts.push(value);
      reader.push(decoder.decode(value, { stream: true }));
      on_lines(reader.contents.lines);
    }
  } catch {
    throw new BrokenOff(reader.contents.lines);
  }
  if (!reader.is_whole()) throw new BrokenOff(reader.contents.lines);
  return {
    ...reader.contents,
    name: name_in(response.headers.get('Content-Disposition')),
    file: new Blob(parts, { type: 'text/csv' }),
  };
}

// The movements of a time are the money of that time.
async function money_like({ what, by, from, to, filter }: ExportRequest) {
  if (what !== 'movements' || by === 'created') return undefined;
  const { rows } = await sum_money({ from, to, bucket: 'day', by: ['processor'] });
  const mine = (rows ?? []).filter(({ currency, processor }) =>
    (!filter?.currency || currency === filter.currency) &&
    (!filter?.processor || filter.processor.includes(processor!)));
  const currencies = new Set(mine.map(({ currency }) => currency));
  return new Map([...currencies].map((currency) =>
    [currency, Math.round(money_of(of_currency(mine, currency)).net * 100)]));
}

// The first lines alone, of nobody's data, to see what is going to be made.
export const look_at = (request: ExportRequest) => {
  const some = { ...request, personal: false, limit: shown_lines };
  return export_csv(some, new AbortController().signal, (response) =>
    read_file(response, request.form, () => {}));
};

// Throws BrokenOff besides what every call throws.
export async function make(
  request: ExportRequest, signal: AbortSignal, on_lines: (lines: number) => void,
): Promise<Made> {
  const made = await export_csv(request, signal, (response) =>
    read_file(response, request.form, on_lines));
  // Nobody loses the file for want of the comparison.
  const money = await money_like(request).catch(() => undefined);
  return { ...made, money };
}
