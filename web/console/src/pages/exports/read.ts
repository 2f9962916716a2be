// Reads a file of the service while it comes: its first lines, how many there are, and what they
// add up to. Nothing here knows the page.

export type Form = 'excel-hu' | 'rfc4180';

export interface Sum {
  kind: string; // of a movement, or a measure; '' where lines have none
  currency: string;
  lines: number;
  cents: number;
}

export interface Contents {
  head: string[];
  first: string[][];
  lines: number;
  sums: Sum[];
}

export const shown_lines = 5;

// "220,00" or "-220.00", in cents; NaN for what is no amount.
export function cents_in(text: string, form: Form): number {
  const plain = form === 'excel-hu' ? text.replace(',', '.') : text;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Math.round(Number(plain) * 100) : NaN;
}

// Calls `on_record` with the cells of each record; what `push` gives it may break anywhere.
function record_reader(separator: string, on_record: (cells: string[]) => void) {
  let cells: string[] = [];
  let cell = '';
  let quoted = false; // within quotes, or just behind the closing ones
  let closing = false; // a quote has come that may be the closing one
  const end_cell = () => {
    cells.push(cell);
    cell = '';
    quoted = closing = false;
  };
  const end_record = () => {
    end_cell();
    on_record(cells);
    cells = [];
  };
  function letter(one: string) {
    if (quoted && !closing) {
      if (one === '"') closing = true;
      else cell += one;
    } else if (closing && one === '"') {
      cell += one;
      closing = false;
    } else if (one === '"' && cell === '') quoted = true;
    else if (one === separator) end_cell();
    else if (one === '\n') end_record();
    else if (one !== '\r') cell += one;
  }
  return {
    push(text: string) { for (const one of text) letter(one); },
    // Whether the last record was ended, as the service ends each.
    is_whole: () => cells.length === 0 && cell === '' && !quoted,
  };
}

export function file_reader(form: Form) {
  const contents: Contents = { head: [], first: [], lines: 0, sums: [] };
  const by_name = new Map<string, Sum>();
  let kind = -1, currency = -1, amount = -1;

  function add(cells: string[]) {
    const key = `${cells[kind] ?? ''} ${cells[currency] ?? ''}`;
    let sum = by_name.get(key);
    if (!sum) {
      sum = { kind: cells[kind] ?? '', currency: cells[currency] ?? '', lines: 0, cents: 0 };
      by_name.set(key, sum);
      contents.sums.push(sum);
    }
    ++sum.lines;
    sum.cents += cents_in(cells[amount] ?? '', form);
  }
  const records = record_reader(form === 'excel-hu' ? ';' : ',', (cells) => {
    if (contents.head.length === 0) {
      contents.head = cells.map((name) => name.replace('\ufeff', ''));
      kind = contents.head.findIndex((name) => name === 'kind' || name === 'measure');
      currency = contents.head.indexOf('currency');
      amount = contents.head.indexOf('amount');
      return;
    }
    ++contents.lines;
    if (contents.first.length < shown_lines) contents.first.push(cells);
    add(cells);
  });
  return {
    push: records.push,
    is_whole: () => records.is_whole() && contents.head.length > 0,
    contents,
  };
}
