// What went back to visitors: the service's record held against the providers' books and against
// what staff wished. Each check gives sentences about what is wrong.
import { minor } from './books.mjs';

const total = (refunds) => refunds.reduce((sum, { amount }) => sum + amount, 0);

export class Refunds {
  constructor(books) {
    Object.assign(this, { books });
  }

  // {id, name, reason, amount, refused, made}: `made` is the provider's id of it, or null.
  requests() {
    const of_kind = (kind, what) =>
      `(SELECT ${what} FROM facts f WHERE f.transaction_id = r.transaction_id` +
      ` AND f.refund = r.refund AND f.kind = '${kind}')`;
    const sql =
      'SELECT transaction_id AS id, refund AS name, detail AS reason, amount_minor AS amount,' +
      ` ${of_kind('refund_refused', 'count(*)')} AS refused,` +
      ` ${of_kind('refunded', 'min(subject)')} AS made` +
      " FROM facts r WHERE kind = 'refund_requested'";
    return this.books.rows(sql);
  }

  // {id, refund, amount} of what is known to have gone back.
  #made() {
    const sql =
      'SELECT DISTINCT transaction_id AS id, subject AS refund, amount_minor AS amount' +
      " FROM facts WHERE kind = 'refunded'";
    return this.books.rows(sql);
  }

  // Every refund that was answered is there, with the provider's id of it.
  async lost(given) {
    const requests = new Map((await this.requests()).map((row) => [row.name, row]));
    return given.flatMap((reply) => {
      const { refund_id: name, transaction_id: id, provider_refund_id, amount } = reply;
      const row = requests.get(name);
      if (!row) return [`${name} was answered 200 and is not on record`];
      const told = `${id} ${provider_refund_id} ${minor(amount)}`;
      const kept = `${row.id} ${row.made} ${row.amount}`;
      return told === kept ? [] : [`${name} was answered '${told}', on record is '${kept}'`];
    });
  }

  // Nothing was given back that is not reserved on record, nor more than was captured.
  async unreserved(held) {
    const kinds = ({ id, amount }) => `${amount} of TR${id}`;
    const requests = await this.requests();
    const reserved = Map.groupBy(requests.filter((one) => !one.refused), kinds);
    const given = held.flatMap(({ id, refunds }) => refunds.map((one) => ({ id, ...one })));
    const unknown = [...Map.groupBy(given, kinds)].flatMap(([kind, { length }]) => {
      const asked = reserved.get(kind)?.length ?? 0;
      return length > asked ? [`${kind} went back ${length} times, asked for were ${asked}`] : [];
    });
    const too_much = held
      .filter(({ amount, captured, refunds }) => total(refunds) > (captured ? amount : 0))
      .map(({ id, refunds, amount }) => `of TR${id} ${total(refunds)} of ${amount} went back`);
    return [...unknown, ...too_much];
  }

  // No wish was carried out more often than it was uttered, and nothing else was.
  async unwished(wishes_so_far) {
    // In this order: wishes are uttered while the record is read.
    const requests = (await this.requests()).filter(({ refused }) => !refused);
    const name_of = (reason, id) => `'${reason}' of TR${id}`;
    const uttered = new Map(
      wishes_so_far().map(({ by, reason, id, most }) => [name_of(`by ${by}: ${reason}`, id), most]),
    );
    const made = Map.groupBy(requests, ({ reason, id }) => name_of(reason, id));
    return [...made].flatMap(([wish, rows]) => {
      const most = uttered.get(wish) ?? 0;
      if (rows.length <= most) return [];
      return [`${wish}, ${most} times, became ${rows.map(({ name }) => name)}`];
    });
  }

  // At rest: what the providers gave back is what is on record, one by one and in the sum.
  async different(held) {
    const transactions = await this.books.transactions();
    const made = Map.groupBy(await this.#made(), ({ id }) => id);
    return held.flatMap(({ id, refunds }) => {
      const listed = (rows) => rows.map((one) => `${one.refund}: ${one.amount}`).sort().join(', ');
      const [there, here] = [listed(refunds), listed(made.get(id) ?? [])];
      const sum = transactions.get(id)?.refunded_minor ?? 0;
      if (there === here && sum === total(refunds)) return [];
      return [`of TR${id} went back '${there}', on record is '${here}', in sum ${sum}`];
    });
  }

  // Those of which nobody knows what became of them.
  async open() {
    return (await this.requests()).filter(({ refused, made }) => !refused && made === null);
  }
}
