// A month of payments by both providers in three currencies, and the files that a merchant
// downloads of it: refunds and one that failed, disputes of each end, conversions, fees, a reserve,
// a payout that came back, one that a bank took a charge from, a week below 0, and what is not paid
// out yet. Nothing in it is wrong: `settlement check` finds nothing.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const weeks = ['2026-06-24', '2026-07-01', '2026-07-08', '2026-07-15'];
export const as_of = '2026-07-17T22:00:00Z';

export const seconds_of = (time) => Date.parse(time) / 1000;
export const major = (minor) => {
  const digits = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
const day_before = (day, days) =>
  new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);

// ------------------------------------------------------------------------------------- Stripe

// Lines of one currency, which are paid out week by week.
class StripeBalance {
  #carry = 0;
  #failed;
  payouts = [];
  lists = [];

  constructor(currency) {
    this.currency = currency.toLowerCase();
    this.lines = weeks.map(() => []);
    this.unpaid = [];
  }

  line(week, category, source, amount, fees = {}, more = {}) {
    const fee = Object.values(fees).reduce((sum, minor) => sum + minor, 0);
    const lines = week < weeks.length ? this.lines[week] : this.unpaid;
    const day = day_before(weeks[week] ?? '2026-07-22', 5);
    lines.push({
      id: `txn_${this.currency}_${week}_${lines.length}`,
      object: 'balance_transaction',
      amount,
      available_on: seconds_of(day),
      created: seconds_of(`${day}T11:00:00Z`),
      currency: this.currency,
      exchange_rate: null,
      fee,
      fee_details: Object.entries(fees).map(([description, minor]) => ({
        amount: minor,
        currency: this.currency,
        description,
        type: 'stripe_fee',
      })),
      net: amount - fee,
      reporting_category: category,
      source,
      status: 'available',
      type: category === 'fee' ? 'stripe_fee' : category,
      ...more,
    });
  }

  // `fails`: the bank does not take it, and the next one pays it again.
  pay_out(week, fails) {
    const id = `po_${this.currency}_${week}`;
    if (this.#failed) {
      this.line(week, 'payout_reversal', this.#failed.id, this.#failed.amount, {}, {
        type: 'payout_failure',
      });
      this.#failed = undefined;
    }
    const net = this.#carry + this.lines[week].reduce((sum, line) => sum + line.net, 0);
    const step = this.currency === 'huf' ? 100 : 1;
    const amount = Math.floor(net / step) * step;
    this.#carry = net - amount;
    const payout = {
      id,
      object: 'payout',
      amount,
      arrival_date: seconds_of(weeks[week]),
      automatic: true,
      created: seconds_of(`${day_before(weeks[week], 2)}T00:00:00Z`),
      currency: this.currency,
      failure_balance_transaction: null,
      livemode: true,
      method: 'standard',
      reconciliation_status: 'completed',
      statement_descriptor: null,
      status: fails ? 'failed' : 'paid',
      trace_id: { status: 'supported', value: `TRACE-${id}` },
      type: 'bank_account',
    };
    if (fails) this.#failed = payout;
    this.payouts.push(payout);
    this.lists.push({ payout: id, data: this.lines[week] });
  }
}

class Stripe {
  balances = { HUF: new StripeBalance('HUF'), EUR: new StripeBalance('EUR') };
  transactions = [];

  pay(id, week, currency, amount_minor, fee_type) {
    const transaction = {
      id,
      reference: `TR${id}`,
      ticket_id: 42_000 + id,
      fee_type,
      processor: 'STRIPE-INTENTS',
      account: 'live',
      currency,
      amount_minor,
      status: 'paid',
      provider_id: `pi_${id}`,
      charge: `ch_${id}`,
      // Late in the evening of the day before, in UTC.
      paid_at: `${day_before(weeks[week] ?? '2026-07-22', 6)}T22:30:00Z`,
    };
    this.transactions.push(transaction);
    const fee = Math.round(amount_minor * 0.015) + (currency === 'HUF' ? 8_500 : 25);
    if (currency === 'USD' && week <= weeks.length) {
      const gross = Math.round(amount_minor * 351.2);
      this.balances.HUF.line(
        week,
        'charge',
        transaction.charge,
        gross,
        { 'Stripe processing fees': 140_233, 'Stripe currency conversion fee': 175_617 },
        { exchange_rate: 351.2 },
      );
    } else if (week <= weeks.length) {
      const fees = { 'Stripe processing fees': fee };
      this.balances[currency].line(week, 'charge', transaction.charge, amount_minor, fees);
    }
    return transaction;
  }

  refund(transaction, week, amount_minor, failed_in) {
    const { id, currency, reference } = transaction;
    const number = (transaction.refunds ??= []).length + 1;
    const refund = {
      name: `${reference}-R${number}`,
      provider_refund_id: `re_${id}_${number}`,
      amount_minor,
      at: `${day_before(weeks[week], 5)}T08:00:00Z`,
    };
    transaction.refunds.push(refund);
    this.balances[currency].line(week, 'refund', refund.provider_refund_id, -amount_minor);
    if (failed_in === undefined) return;
    refund.failed_at = `${day_before(weeks[failed_in], 5)}T08:00:00Z`;
    this.balances[currency].line(
      failed_in,
      'refund_failure',
      refund.provider_refund_id,
      amount_minor,
    );
  }

  // `end`: "open", "lost", "won" or "won-with-fee".
  dispute(transaction, week, end) {
    const { id, currency, amount_minor } = transaction;
    const dispute = {
      id: `du_${id}`,
      amount_minor,
      at: `${day_before(weeks[week], 5)}T04:30:00Z`,
      state: end.startsWith('won') ? 'won' : end,
    };
    transaction.disputes = [dispute];
    const balance = this.balances[currency];
    balance.line(week, 'dispute', dispute.id, -amount_minor, { 'Dispute fee': 600_000 });
    if (end === 'lost') dispute.lost_at = `${day_before(weeks[week + 1], 2)}T10:00:00Z`;
    if (!end.startsWith('won')) return;
    dispute.won_at = `${day_before(weeks[week + 1], 5)}T10:00:00Z`;
    const fees = end === 'won' ? {} : { 'Dispute fee': -600_000 };
    balance.line(week + 1, 'dispute_reversal', dispute.id, amount_minor, fees);
  }
}

function stripe_month() {
  const stripe = new Stripe();
  const fee_types = ['FULL-FEE', 'DEPOSIT', 'NORMAL-TOTAL-FEE'];
  const prices = { HUF: [10_400_000, 5_250_000, 8_690_000], EUR: [22_000, 11_050], USD: [25_000] };
  let id = 2_000;
  const bought = [0, 1, 2, 3, 4, 5].map((week) =>
    ['HUF', 'EUR', 'HUF', 'USD', 'HUF', 'EUR', 'HUF'].map((currency, index) => {
      const price = prices[currency][index % prices[currency].length];
      return stripe.pay(++id, week, currency, price, fee_types[index % 3]);
    }),
  );
  stripe.refund(bought[0][0], 1, 10_400_000);
  stripe.refund(bought[0][1], 1, 5_000);
  stripe.refund(bought[0][2], 1, 1_000_050, 3);
  stripe.refund(bought[1][2], 2, 2_000_000);
  stripe.refund(bought[1][2], 2, 2_000_000);
  ['open', 'lost', 'won', 'won-with-fee'].forEach((end, index) => {
    stripe.dispute(bought[index < 2 ? 0 : 1][index % 2 ? 4 : 6], index < 2 ? 1 : 2, end);
  });
  const { HUF, EUR } = stripe.balances;
  for (const week of weeks.keys()) HUF.line(week, 'fee', null, -15_000 - week);
  HUF.line(1, 'risk_reserved_funds', null, -1_500_000, {}, { type: 'reserve_transaction' });
  HUF.line(3, 'risk_reserved_funds', null, 500_000, {}, { type: 'reserve_transaction' });
  for (const week of weeks.keys()) {
    HUF.pay_out(week, false);
    EUR.pay_out(week, week === 1);
  }
  return stripe;
}

// ---------------------------------------------------------------------------------- SimplePay

const columns =
  'Tranzakció státusz;Fizetés típusa;SimplePay tranzakció ID;Kereskedői tranzakció ID;' +
  'Tranzakció dátuma;Teljesítés dátuma;Devizanem;Tranzakciós jutalék;' +
  'Bankközi díj / Kedvezményalap díj;Kártyatársasági díj és ONUS tranzakció feldolgozási díj / ' +
  'Rendszerhasználati díj;Kereskedői díj;Tranzakció összege;Jutalékkal csökkentett összeg;' +
  'Partner;Fiók név;Fiók URL;Vásárló;E-mail cím;';
const accounts = { HUF: 'S123401', EUR: 'S123402' };

class SimplePay {
  transactions = [];
  reports = weeks.map(() => ({ HUF: [], EUR: [] }));

  #write(week, kind, id, reference, currency, gross, fee) {
    const step = currency === 'HUF' ? 100 : 1;
    const interchange = Math.floor(fee / step / 5) * step;
    const scheme = Math.floor(fee / step / 10) * step;
    const amounts = [fee, interchange, scheme, fee - interchange - scheme, gross, gross - fee];
    const time = `${day_before(weeks[week], 4)} 10:00:00`;
    this.reports[week][currency].push({
      net: gross - fee,
      text: [
        kind, 'Bankkártyás fizetés', id, reference, time, time, currency,
        ...amounts.map((minor) => major(minor).replace('.', ',')),
        'KFT.', 'KFT.', 'https://tickets.example', '=1+1', 'anna@example.com', '',
      ].join(';'),
    });
  }

  pay(id, week, currency, amount_minor, fee_type) {
    const transaction = {
      id,
      reference: `TR${id}`,
      ticket_id: 41_000 + id,
      fee_type,
      processor: 'SIMPLE',
      account: accounts[currency],
      currency,
      amount_minor,
      status: 'paid',
      provider_id: String(914_300_000 + id),
      paid_at: `${day_before(weeks[week], 4)}T08:00:00Z`,
    };
    this.transactions.push(transaction);
    const step = currency === 'HUF' ? 100 : 1;
    const fee = Math.round((amount_minor * 0.015) / step) * step;
    const { provider_id, reference } = transaction;
    this.#write(week, 'COMPLETED', provider_id, reference, currency, amount_minor, fee);
    return transaction;
  }

  refund(transaction, week, amount_minor) {
    const { id, currency, reference } = transaction;
    const provider_refund_id = String(914_400_000 + id);
    const at = `${day_before(weeks[week], 4)}T08:00:00Z`;
    transaction.refunds = [{ name: `${reference}-R1`, provider_refund_id, amount_minor, at }];
    this.#write(week, 'REFUND', provider_refund_id, reference, currency, -amount_minor, 0);
  }
}

function simplepay_month() {
  const simplepay = new SimplePay();
  let id = 1_000;
  const first = [];
  for (const week of weeks.keys()) {
    for (const fee_type of ['FULL-FEE', 'DEPOSIT'])
      first.push(simplepay.pay(++id, week, 'HUF', 10_400_000 + 10_000 * week, fee_type));
    // In the third week euros only go back.
    if (week !== 2) first.push(simplepay.pay(++id, week, 'EUR', 22_000 + 100 * week, 'FULL-FEE'));
  }
  simplepay.refund(first[0], 1, 5_200_000);
  simplepay.refund(first[2], 2, 11_000);
  return simplepay;
}

// --------------------------------------------------------------------------------------- bank

const ibans = { HUF: 'HU42117730161111101800000000', EUR: 'HU86117730161111101900000000' };

function entry_of({ minor, charges, payer, text, reference, day }, currency, number) {
  const amount = (value) => `<Amt Ccy="${currency}">${major(value)}</Amt>`;
  const charged = charges
    ? `<Chrgs><TtlChrgsAndTaxAmt Ccy="${currency}">${major(charges)}</TtlChrgsAndTaxAmt>` +
      `<Rcrd>${amount(charges)}<CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd>` +
      '</Chrgs>'
    : '';
  const credit = '<CdtDbtInd>CRDT</CdtDbtInd>';
  const names = `<RltdPties><Dbtr><Pty><Nm>${payer}</Nm></Pty></Dbtr></RltdPties>`;
  const references = `<AcctSvcrRef>${currency}${number}</AcctSvcrRef>`;
  return (
    `<Ntry>${amount(minor)}${credit}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day}</Dt></BookgDt>` +
    `<ValDt><Dt>${day}</Dt></ValDt>${references}<NtryDtls><TxDtls><Refs>${references}` +
    `<EndToEndId>${reference}</EndToEndId></Refs>${amount(minor)}${credit}${charged}${names}` +
    `<RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`
  );
}

function statement_of(currency, credits) {
  const opening = 100_000_000;
  const closing = credits.reduce((sum, { minor }) => sum + minor, opening);
  const balance = (code, minor, day) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>` +
    `<Amt Ccy="${currency}">${major(minor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>` +
    `<Dt><Dt>${day}</Dt></Dt></Bal>`;
  return (
    `<Stmt><Id>${currency}-1</Id><ElctrncSeqNb>1</ElctrncSeqNb>` +
    `<FrToDt><FrDtTm>2026-06-20T00:00:00+02:00</FrDtTm>` +
    `<ToDtTm>2026-07-17T23:59:59+02:00</ToDtTm></FrToDt>` +
    `<Acct><Id><IBAN>${ibans[currency]}</IBAN></Id><Ccy>${currency}</Ccy></Acct>` +
    balance('OPBD', opening, '2026-06-20') +
    balance('CLBD', closing, '2026-07-17') +
    credits.map((credit, index) => entry_of(credit, currency, index)).join('\n') +
    '</Stmt>'
  );
}

function credits_of(stripe, simplepay, currency) {
  const credits = stripe.balances[currency].payouts
    // The last one is on its way.
    .filter(({ status }, index) => status === 'paid' && index < weeks.length - 1)
    .map(({ id, amount, arrival_date }) => ({
      minor: amount,
      payer: 'STRIPE TECHNOLOGY EUROPE LTD',
      text: `STRIPE TRACE-${id}`,
      reference: `TRACE-${id}`,
      day: new Date(arrival_date * 1000).toISOString().slice(0, 10),
    }));
  let carry = 0;
  for (const [week, report] of simplepay.reports.entries()) {
    const due = report[currency].reduce((sum, { net }) => sum + net, carry);
    carry = Math.min(due, 0);
    if (due <= 0) continue;
    const charges = currency === 'EUR' && week === 0 ? 500 : 0;
    credits.push({
      minor: due - charges,
      charges,
      payer: 'SIMPLEPAY ZRT.',
      text: `T65530077${week}`,
      reference: 'NOTPROVIDED',
      day: weeks[week],
    });
  }
  return credits;
}

// ------------------------------------------------------------------------------------- files

// Writes books.json and all files into the folder, and returns the list of files.
export function write_month(folder) {
  const stripe = stripe_month();
  const simplepay = simplepay_month();
  const manifest = [];
  const add = (file, text, more) => {
    writeFileSync(join(folder, file), text);
    manifest.push({ file, ...more });
  };
  for (const [week, report] of simplepay.reports.entries())
    for (const [currency, rows] of Object.entries(report)) {
      const file = `${currency}_report_${weeks[week].replaceAll('-', '')}.csv`;
      const lines = rows.map(({ text }) => text);
      if (rows.length > 0)
        add(file, `\ufeff${[columns, ...lines].join('\r\n')}\r\n`, {
          format: 'simplepay',
          account: accounts[currency],
        });
    }
  const list = (url, data) => JSON.stringify({ object: 'list', url, has_more: false, data });
  for (const { lists, unpaid } of Object.values(stripe.balances))
    for (const { payout, data } of [...lists, { data: unpaid }]) {
      const more = { format: 'stripe-json', account: 'live', payout };
      if (data.length > 0)
        add(
          `${payout ?? `unpaid_${unpaid[0].currency}`}.json`,
          list('/v1/balance_transactions', data),
          more,
        );
    }
  const payouts = Object.values(stripe.balances).flatMap((balance) => balance.payouts);
  const of_payouts = { format: 'stripe-payouts', account: 'live' };
  add('payouts.json', list('/v1/payouts', payouts), of_payouts);
  const statements = ['HUF', 'EUR'].map((currency) =>
    statement_of(currency, credits_of(stripe, simplepay, currency)),
  );
  const namespace = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08';
  add(
    'bank.xml',
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${namespace}"><BkToCstmrStmt>` +
      `<GrpHdr><MsgId>1</MsgId></GrpHdr>${statements.join('\n')}</BkToCstmrStmt></Document>\n`,
    { format: 'camt053' },
  );
  const transactions = [...simplepay.transactions, ...stripe.transactions];
  const books = { as_of, transactions };
  writeFileSync(join(folder, 'books.json'), JSON.stringify(books));
  return { manifest, books };
}
