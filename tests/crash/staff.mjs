// Staff who give back what visitors paid, wholly or in part, whatever becomes of the service
// meanwhile. Each wish carries a reason of its own, by which the books tell what became of it.
import { randomUUID } from 'node:crypto';
import { pause } from '../fixtures/harness.mjs';
import { slug } from '../api/client.mjs';
import { Person } from './sessions.mjs';

const parts = { EUR: [50, 20], HUF: [20_000, 8000] };
const unlikely = new Set([400, 401, 403, 404, 500]);

export class Staff {
  wishes = [];     // {by, id, reason, most}: for a payment; so many refunds may come of it
  given = [];      // what was answered 200
  counts = { asked: 0, answered: 0, repeated: 0 };
  replies = {};    // how many of each kind
  failures = [];   // what nobody may ever see
  #leaving = false;
  #all = [];

  constructor(world, line, visitors, chance, how_many) {
    Object.assign(this, { line, visitors });
    this.person = new Person(world, line, 'kata', { payments_refund: 'true' });
    for (let i = 0; i < how_many; ++i) this.#all.push(this.#keep_giving(chance.split()));
  }

  async leave() {
    this.#leaving = true;
    await Promise.all(this.#all);
  }

  async #keep_giving(chance) {
    while (!this.#leaving) {
      await pause(chance.between(20, 200));
      if (this.visitors.bought.length === 0) continue;
      try {
        await this.#give_back(chance.pick(this.visitors.bought), chance);
      } catch (error) {
        this.failures.push(error);
        return;
      }
    }
  }

  // Some click twice at once: under a key that is one wish, without one it is two.
  async #give_back(payment, chance) {
    const reason = `wish ${this.wishes.length + 1}`;
    const key = chance.happens(0.6) ? randomUUID() : undefined;
    const clicks = chance.happens(0.15) ? 2 : 1;
    const body = { transaction_id: payment.id, reason };
    if (chance.happens(0.6)) body.amount = chance.pick(parts[payment.currency]);
    this.wishes.push({ by: 'kata', id: payment.id, reason, most: key ? 1 : clicks });
    const tries = Array.from({ length: clicks }, () => this.#ask(body, key, chance));
    const replies = await Promise.all(tries);
    if (key && chance.happens(0.2)) replies.push(await this.#ask(body, key, chance));
    const made = replies.filter((reply) => reply?.status === 200);
    const texts = new Set(made.map(({ text }) => text));
    if (key && texts.size > 1) throw new Error(`one key, two answers: ${[...texts]}`);
    if (made.some(({ json }) => json.status === 'refunded')) this.visitors.offer(payment);
  }

  // Half of them sit at the pages of the back office, who are signed in there.
  async #options(body, key, chance) {
    const named = key ? { 'Idempotency-Key': key } : {};
    const headers = chance.happens(0.5) ? await this.person.headers() : undefined;
    if (headers) return { body, headers: { ...headers, ...named } };
    return { body, token: this.person.token(), headers: named };
  }

  // Under a key, a call without an answer is repeated, and one whose outcome was open at times.
  async #ask(body, key, chance) {
    const options = await this.#options(body, key, chance);
    const again = () => ++this.counts.repeated;
    const how = { chance, again, gives_up: () => this.#leaving };
    ++this.counts.asked;
    if (!key) return this.#note(await this.line.call('refund', 'refundPayment', options));
    const reply = this.#note(await this.line.persist('refund', 'refundPayment', options, how));
    if (!(reply?.status >= 500) || chance.happens(0.5)) return reply;
    again();
    return this.#note(await this.line.persist('refund', 'refundPayment', options, how));
  }

  #note(reply) {
    if (!reply) return reply;
    const what = `${reply.status} ${slug(reply) ?? ''}`.trim();
    this.replies[what] = (this.replies[what] ?? 0) + 1;
    if (unlikely.has(reply.status)) throw new Error(`a refund was answered ${reply.text}`);
    if (reply.status === 200) {
      ++this.counts.answered;
      this.given.push(reply.json);
    }
    return reply;
  }
}
