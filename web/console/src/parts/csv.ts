// Files that spreadsheets read: as RFC 4180 has it, in Hungarian as Hungarian Excel reads it. The
// mark at the front tells both that it is UTF-8.
import { language } from '../../../shared/language';

export type Cell = string | number | undefined;

export function csv_of(rows: Cell[][]): string {
  const is_hungarian = language.get() === 'hu';
  const write = (cell: Cell) => {
    if (typeof cell === 'number') {
      return is_hungarian ? String(cell).replace('.', ',') : String(cell);
    }
    // No spreadsheet takes it for a formula.
    const safe = /^[=+\-@\t]/.test(cell ?? '') ? `'${cell}` : cell ?? '';
    return /[";,\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const separator = is_hungarian ? ';' : ',';
  return `\ufeff${rows.map((cells) => `${cells.map(write).join(separator)}\r\n`).join('')}`;
}
