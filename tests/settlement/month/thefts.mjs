// A forint, or a cent, that somebody takes in one place of files that are right otherwise.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const decimal = (text) => Math.round(Number(text.replace(',', '.')) * 100);
const with_comma = (minor) => (minor / 100).toFixed(2).replace('.', ',');

// Changes the first line of a list of Stripe's for which `is_it`.
const in_stripe_list = (is_it, change) => (text) => {
  const document = JSON.parse(text);
  change(document.data.find(is_it));
  return JSON.stringify(document);
};
const of_category = (name) => (line) => line.reporting_category === name;

// Changes the cells of the first row of a report whose status is `word`.
const in_report = (word, changes) => (text) => {
  const rows = text.split('\r\n');
  const place = rows.findIndex((row) => row.startsWith(word));
  const cells = rows[place].split(';');
  for (const [cell, minor] of changes) cells[cell] = with_comma(decimal(cells[cell]) + minor);
  rows[place] = cells.join(';');
  return rows.join('\r\n');
};

// Changes an entry of a statement, and leaves its balances as they are.
const in_statement = (payer, minor) => (xml) => {
  const start = xml.indexOf('<Ntry>', xml.lastIndexOf('<Ntry>', xml.indexOf(payer)) - 1);
  const end = xml.indexOf('</Ntry>', start);
  const entry = xml
    .slice(start, end)
    .replace(/(<Amt Ccy="\w+">)([\d.]+)/g, (_, tag, sum) =>
      tag + ((decimal(sum) + minor) / 100).toFixed(2));
  return xml.slice(0, start) + entry + xml.slice(end);
};

// Changes the first of our transactions for which `is_it`.
const in_books = (is_it, change) => (text) => {
  const books = JSON.parse(text);
  change(books.transactions.find(is_it));
  return JSON.stringify(books);
};

// `where` names the file to change; a finding of `kind` over `minor` must come of it.
export const thefts = [
  { what: 'SimplePay’s commission is a forint more', where: 'simplepay',
    change: in_report('COMPLETED', [[7, 100], [10, 100], [12, -100]]),
    kind: 'bank_differs', minor: 100 },
  { what: 'SimplePay settles a forint less than was paid', where: 'simplepay',
    change: in_report('COMPLETED', [[11, -100], [12, -100]]), kind: 'line_differs', minor: 100 },
  { what: 'SimplePay’s parts of a commission are a forint less', where: 'simplepay',
    change: in_report('COMPLETED', [[10, -100]]), kind: 'line_arithmetic', minor: 100 },
  { what: 'SimplePay takes a forint more for a refund', where: 'simplepay',
    change: in_report('REFUND', [[11, -100], [12, -100]]), kind: 'line_differs', minor: 100 },
  { what: 'Stripe’s fee is a forint more', where: 'stripe',
    change: in_stripe_list(of_category('charge'), (line) => {
      line.fee += 100;
      line.fee_details[0].amount += 100;
      line.net -= 100;
    // The rest below a forint that is carried is a part of what does not add up.
    }), kind: 'payout_does_not_add_up' },
  { what: 'Stripe settles a forint less than was paid', where: 'stripe',
    change: in_stripe_list(of_category('charge'), (line) => {
      line.source.amount -= 100;
      line.amount -= 100;
      line.net -= 100;
    }), kind: 'line_differs', minor: 100 },
  { what: 'a line of Stripe’s does not add up', where: 'stripe',
    change: in_stripe_list(of_category('charge'), (line) => (line.net -= 100)),
    kind: 'line_arithmetic', minor: 100 },
  { what: 'Stripe pays out a forint less', where: 'payouts',
    change: in_stripe_list(({ status, currency }) => status === 'paid' && currency === 'huf',
      (payout) => (payout.amount -= 100)), kind: 'bank_differs', minor: 100 },
  { what: 'a transfer of SimplePay loses a forint', where: 'statement',
    change: in_statement('SIMPLEPAY', -100), kind: 'bank_differs', minor: 100 },
  { what: 'a transfer of Stripe loses a forint', where: 'statement',
    change: in_statement('STRIPE TECHNOLOGY', -100), kind: 'bank_differs', minor: 100 },
  { what: 'our books have a forint more of a payment', where: 'books',
    change: in_books(({ paid_at: at, currency }) => at && currency === 'HUF',
      (one) => (one.amount_minor += 100)), kind: 'line_differs', minor: 100 },
  { what: 'our books have a forint less of a refund', where: 'books',
    change: in_books(({ refunds }) => refunds?.length > 0,
      (one) => (one.refunds[0].amount_minor -= 100)), kind: 'line_differs', minor: 100 },
  { what: 'our books have lost a payment', where: 'books',
    change: (text) => {
      const books = JSON.parse(text);
      books.transactions.splice(books.transactions.findIndex(({ paid_at: at }) => at), 1);
      return JSON.stringify(books);
    }, kind: 'line_unknown' },
  { what: 'our books have a payment that nobody settled', where: 'books',
    change: (text) => {
      const books = JSON.parse(text);
      const one = books.transactions.find(({ paid_at: at }) => at);
      books.transactions.push({
        ...one, id: 99_999_999, reference: 'TR99999999', provider_id: 'nobody', charge: undefined,
        refunds: [], disputes: [], amount_minor: 100, status: 'paid',
      });
      return JSON.stringify(books);
    }, kind: 'missing_in_settlement', minor: 100 },
];

// What is found while the theft lasts; the file is as before when this returns.
export async function commit(theft, folder, file, check) {
  const whole = await readFile(join(folder, file), 'utf8');
  const changed = theft.change(whole);
  if (changed === whole) throw new Error(`${theft.what}: nothing was taken`);
  await writeFile(join(folder, file), changed);
  const { findings } = await check();
  await writeFile(join(folder, file), whole);
  return findings;
}
