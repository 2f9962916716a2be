// What the service keeps, read from its database, held against what the sandbox did and was
// answered. Each check gives sentences about what is wrong.

// minor units: both currencies have two decimals
export const minor = (major) => Math.round(Number(major) * 100);

const given_back = ({ refunds }) => refunds.reduce((sum, { amount }) => sum + amount, 0);

const is_of_money = (status) =>
  ['paid', 'partially_refunded', 'refunded', 'review'].includes(status);

// What a payment may be that its provider has captured; nothing when it has not.
const standings = (payment) => {
  if (!payment?.captured) return [];
  const back = given_back(payment);
  if (back >= payment.amount) return ['refunded'];
  return [back > 0 ? 'partially_refunded' : 'paid', 'review'];
};

// Enough of a notification to know it again.
const title = (body) => {
  const { orderRef, status, id, type } = JSON.parse(body);
  return id === undefined ? `${orderRef} ${status}` : `${id} ${type}`;
};

export class Books {
  acknowledged = { simplepay: [], stripe: [] };  // bodies that were answered as the provider wants
  refused = 0;                                   // attempts to deliver that were not
  #seen = { simplepay: 0, stripe: 0 };

  constructor(world) {
    Object.assign(this, { world });
  }

  // The rows of a SELECT as objects; the service may write meanwhile.
  rows(sql) {
    return this.world.platform.database.rows(sql);
  }

  async transactions() {
    const rows = await this.rows(
      'SELECT id, ticket_id, status, live, amount_minor, refunded_minor, currency, processor,' +
        ' provider_id, expires_at FROM transactions ORDER BY id',
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  // How each transaction came to be what it is: "1200 ipn claimed, ...", times in ms.
  async stories() {
    const facts = await this.rows(
      'SELECT t.id, at - created_at AS after, source, kind, refund FROM facts' +
        ' JOIN transactions t ON t.id = transaction_id ORDER BY t.id, seq',
    );
    const told = (all) =>
      all.map(({ after, source, kind, refund }) => `${after} ${source} ${kind} ${refund}`.trim());
    const by_id = Map.groupBy(facts, ({ id }) => id);
    return new Map([...by_id].map(([id, all]) => [id, told(all).join(', ')]));
  }

  // Takes over what the sandbox has sent since the last time.
  async hear() {
    for (const [part, operation] of [['simplepay', 'ipn'], ['stripe', 'webhook']]) {
      const path = `log?operation=${operation}&after=${this.#seen[part]}`;
      const { log } = await this.world.control(part, path);
      for (const { n, body, verdict } of log) {
        this.#seen[part] = n;
        if (verdict === 'OK') this.acknowledged[part].push(body);
        else ++this.refused;
      }
    }
  }

  // Every notification that was acknowledged is there, byte for byte.
  async lost_notifications() {
    const text = this.world.platform.database.text_of('body');
    const rows = await this.rows(`SELECT ${text} AS body FROM notifications`);
    const kept = new Set(rows.map(({ body }) => body));
    return Object.entries(this.acknowledged).flatMap(([part, bodies]) =>
      bodies
        .filter((body) => !kept.has(body))
        .map((body) => `${part}: acknowledged, and not on record: ${title(body)}`),
    );
  }

  // Every start that was answered is there, and so is what the provider said of it.
  async lost_starts(answers) {
    const transactions = await this.transactions();
    return [...answers].flatMap(([id, ticket]) => {
      const row = transactions.get(id);
      if (!row) return [`TR${id} was answered 200 and is not on record`];
      if (row.ticket_id !== ticket) return [`TR${id} is about ${row.ticket_id}, not ${ticket}`];
      if (row.provider_id === '') return [`TR${id} was answered 200 without the provider's id`];
      return [];
    });
  }

  // What the providers hold of us: {id, captured, amount, currency, provider_id, refunds}.
  async held() {
    return [...(await this.#held_by_simplepay()), ...(await this.#held_by_stripe())];
  }

  async #held_by_simplepay() {
    return (await this.world.payments('simplepay')).map((payment) => ({
      id: Number(payment.order_ref.slice(2)),
      captured: payment.status === 'FINISHED',
      amount: minor(payment.total),
      currency: payment.currency,
      provider_id: String(payment.transaction_id),
      refunds: payment.refunds.map((one) => ({ refund: String(one.id), amount: minor(one.total) })),
    }));
  }

  async #held_by_stripe() {
    const { payments, refunds } = await this.world.control('stripe', 'payments');
    const given = Map.groupBy(refunds, (one) => one.payment_intent);
    return payments.map((intent) => ({
      id: Number(intent.metadata.transaction_id),
      captured: intent.status === 'succeeded',
      amount: intent.amount,
      currency: intent.currency.toUpperCase(),
      provider_id: intent.id,
      refunds: (given.get(intent.id) ?? []).map(({ id, amount }) => ({ refund: id, amount })),
    }));
  }

  // Nothing was begun at a provider that is not on record with the same amount, and nothing twice.
  async unrecorded(held) {
    const transactions = await this.transactions();
    const begun = new Set();
    return held.flatMap(({ id, amount, currency, provider_id }) => {
      const row = transactions.get(id);
      if (begun.has(id)) return [`TR${id} was begun twice`];
      begun.add(id);
      if (!row) return [`TR${id} was begun, and is not on record`];
      const agreed = `${row.amount_minor} ${row.currency}`;
      if (agreed !== `${amount} ${currency}`) {
        return [`TR${id} was begun with ${amount} ${currency}, not ${agreed}`];
      }
      const other = row.provider_id !== '' && row.provider_id !== provider_id;
      return other ? [`TR${id} is ${provider_id}, on record is ${row.provider_id}`] : [];
    });
  }

  // Of each ticket (all have one fee) at most one payment is kept, but where the visitor was
  // misled; one that went back wholly makes room for another. `flagged`: then the others must be in
  // review as well.
  async paid_twice(held, misled, flagged) {
    const transactions = await this.transactions();
    const is_kept = (one) => one.captured && given_back(one) < one.amount;
    const kept = Map.groupBy(held.filter(is_kept), ({ id }) => transactions.get(id)?.ticket_id);
    const several = [...kept].filter(([, payments]) => payments.length > 1);
    const wrong = several.flatMap(([ticket, payments]) => {
      const ids = payments.map(({ id }) => id);
      if (!misled.has(ticket)) return [`ticket ${ticket} was paid with TR ${ids.join(', ')}`];
      const silent = ids.filter((id) => transactions.get(id).status !== 'review');
      return flagged && silent.length > 1 ? [`TR ${silent.join(', ')} paid ticket ${ticket}`] : [];
    });
    return { several: several.length, wrong };
  }

  // What is captured is paid, less what went back, or a person is to look, because the fee had been
  // paid. What has no word from its provider was never heard of there.
  async unsettled(held) {
    const at_provider = new Map(held.map((one) => [one.id, one]));
    const transactions = await this.transactions();
    const stories = await this.stories();
    return [...transactions.values()].flatMap(({ id, status, processor }) => {
      const payment = at_provider.get(id);
      const never_heard = processor === 'SIMPLE' && !payment;
      const wordless = ['created', 'unknown'].includes(status) && !never_heard;
      const expected = standings(payment);
      const is_strange = expected.length > 0 ? !expected.includes(status) : is_of_money(status);
      const story = stories.get(id) ?? '';
      const unexplained = status === 'review' && !story.includes('duplicate');
      if (!wordless && !is_strange && !unexplained) return [];
      return [`TR${id} (${processor}) is ${status}, not ${expected}: ${story}`];
    });
  }

  async still_live() {
    const transactions = await this.transactions();
    return [...transactions.values()]
      .filter(({ live }) => live)
      .map(({ id, status }) => `TR${id} is still ${status}`);
  }
}
