// What `settlement check` says, as balances of a general ledger: worked out from its sums, and not
// from bookings.
import { Balances, minor_of } from './tools.mjs';

// "Stripe live HUF", then its lines, until the next empty one.
function sections_of(text) {
  return text
    .split('\n\n')
    .map((section) => section.split('\n'))
    .filter(([head]) => /^(SimplePay|Stripe) \S+ [A-Z]{3}$/.test(head))
    .map(([head, ...lines]) => {
      const [provider, account, currency] = head.split(' ');
      return { provider, account, currency, lines };
    });
}

// "  label   value": behind a long label is one blank, and a value goes on in lines without one.
function row_of(line) {
  const payout = /^ {2}(payout \S+) +(.*)$/.exec(line);
  return (payout ?? /^ {2}(|\S+(?: \S+)*) {2,}(.*)$/.exec(line)).slice(1);
}

// Of one merchant account in one currency.
class Section {
  constructor({ provider, account, currency, lines }) {
    this.currency = currency;
    this.provider = provider.toLowerCase();
    const name = provider === 'Stripe' ? `${account}-${currency}` : account;
    this.place = `${this.provider}:${name.toLowerCase()}`;
    this.rows = lines.map(row_of);
  }
  // The first amount behind a label; 0 without it.
  amount(label) {
    const row = this.rows.find(([name]) => name === label);
    return row ? minor_of(row[1].split(' ')[0]) : 0;
  }
  fees() {
    return this.rows
      .filter(([name]) => name.startsWith('fee: '))
      .map(([name, value]) => [name.slice(5), minor_of(value)]);
  }
  payouts() {
    return this.rows.flatMap(([name, value], index) => {
      if (!name.startsWith('payout ')) return [];
      const [, amount, state] = /^(\S+) (.*?)(?:, due .*)?$/.exec(value);
      const payout = { minor: minor_of(amount), state, bank: minor_of(amount), charges: 0 };
      for (const [label, more] of this.rows.slice(index + 1)) {
        if (label) break;
        const booked = /^the bank booked (\S+) and charged (\S+)$/.exec(more);
        if (booked) [payout.bank, payout.charges] = booked.slice(1).map(minor_of);
      }
      return [payout];
    });
  }
  // What is left of payouts, not paid out yet, and in reserve.
  at_provider() {
    const row = this.rows.find(([name]) => name === 'at the provider');
    if (!row) return [0, 0, 0];
    const words = /^(\S+) left of payouts, (\S+) not paid out yet, (\S+) in reserve$/.exec(row[1]);
    return words.slice(1).map(minor_of);
  }
}

// `books`: for what the report has no sums of, disputes that were lost. Revenue is one sum.
export function reported_balances(text, books) {
  const balances = new Balances();
  for (const found of sections_of(text)) {
    const section = new Section(found);
    const { currency, place } = section;
    const put = (account, minor) => balances.add(account, currency, minor);
    for (const label of ['captured', 'given back', 'came back'])
      put('revenues', -section.amount(label));
    for (const label of ['disputed', 'won']) put('assets:disputes', -section.amount(label));
    for (const [kind, minor] of section.fees()) {
      const of_kind = section.provider === 'stripe' ? `:${kind}` : '';
      put(`expenses:fees:${section.provider}${of_kind}`, minor);
    }
    const [left, unpaid, reserve] = section.at_provider();
    const awaited = section.amount('waiting to be settled') + section.amount('overdue');
    put(`assets:clearing:${place}`, left + unpaid + awaited);
    put(`assets:reserve:${place}`, reserve);
    for (const { minor, state, bank, charges } of section.payouts()) {
      if (state === 'on the bank') {
        put(`assets:bank:${currency.toLowerCase()}`, bank);
        put('expenses:bank', charges);
      } else if (state === 'on the way') {
        put('assets:in-transit', minor);
      }
    }
  }
  for (const { disputes = [], currency } of books.transactions)
    for (const { lost_at, amount_minor } of disputes)
      if (lost_at) {
        balances.add('assets:disputes', currency, -amount_minor);
        balances.add('expenses:disputes', currency, amount_minor);
      }
  return balances;
}

// Revenue by fee type as one sum.
export function with_one_revenue(balances) {
  const sums = new Balances();
  for (const [key, minor] of balances) {
    const [account, currency] = key.split(' ');
    sums.add(account.startsWith('revenues:') ? 'revenues' : account, currency, minor);
  }
  return sums;
}
