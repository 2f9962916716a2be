// Visitors who buy without a pause, whatever becomes of the service meanwhile: through both
// processors, some of them the same ticket at once, some clicking twice.
import { randomUUID } from 'node:crypto';
import { pause } from '../fixtures/harness.mjs';
import { send, slug } from '../api/client.mjs';
import { simple_eur, simple_huf, stripe_eur, stripe_huf } from '../faults/world.mjs';

const codes = [simple_eur, simple_huf, stripe_eur, stripe_huf];
const billing = { email: 'visitor@example.com', name: 'Éva Kovács', country: 'HU' };
const most_attempts = 4;
const remembered = 40;
const declined_card = '4000000000000002';
const clicks = ['pay', 'pay', 'pay', 'pay', 'pay', 'decline', 'cancel', 'close'];

export class Visitors {
  answers = new Map();        // transaction id → ticket id, of every start answered 200
  codes = new Map();          // transaction id → payment code, likewise
  bought = [];                // {id, ticket, currency} of what was paid last
  paid_twice = new Set();     // tickets whose visitor was led to pay a second time, by forgery
  counts = { starts: 0, answered: 0, repeated: 0, returns: 0 };
  replies = {};               // to starts: how many of each kind
  failures = [];              // what no visitor may ever see
  #shared = [];               // tickets that several want
  #leaving = false;
  #all = [];

  constructor(world, line, chance, how_many) {
    Object.assign(this, { world, line });
    for (let i = 0; i < how_many; ++i) this.#all.push(this.#keep_buying(chance.split()));
  }

  async leave() {
    this.#leaving = true;
    await Promise.all(this.#all);
  }

  async #keep_buying(chance) {
    await pause(chance.between(0, 60));
    while (!this.#leaving) {
      try {
        await this.#buy(chance);
      } catch (error) {
        this.failures.push(error);
        return;
      }
    }
  }

  // The fee of what went back wholly can be paid again.
  offer({ id, ticket }) {
    this.bought = this.bought.filter((one) => one.id !== id);
    this.#shared = [ticket, ...this.#shared].slice(0, 3);
  }

  async #choose_ticket(chance) {
    if (this.#shared.length > 0 && chance.happens(0.3)) return chance.pick(this.#shared);
    const ticket = await this.world.ticket();
    if (chance.happens(0.3)) this.#shared = [ticket, ...this.#shared].slice(0, 3);
    return ticket;
  }

  async #buy(chance) {
    const ticket = await this.#choose_ticket(chance);
    for (let attempt = 0; attempt < most_attempts && !this.#leaving; ++attempt) {
      const code = chance.pick(codes);
      const times = chance.happens(0.15) ? 2 : 1;
      const tries = Array.from({ length: times }, () => this.#start(ticket, code, chance));
      const started = (await Promise.all(tries)).filter((reply) => reply?.status === 200);
      for (const { json } of started) await this.#pay(ticket, code, json, chance);
      if (started.length > 0 && chance.happens(0.7)) return;
      await pause(chance.between(20, 80));
    }
  }

  // Under a key, a start without an answer is asked again.
  async #start(ticket, code, chance) {
    const body = { ticket_id: ticket, code, metas: billing };
    const with_key = chance.happens(0.4);
    const headers = with_key ? { 'Idempotency-Key': randomUUID() } : {};
    ++this.counts.starts;
    const how = { chance, again: () => ++this.counts.repeated, gives_up: () => this.#leaving };
    const options = { body, headers };
    const reply = with_key
      ? await this.line.persist('start', 'startPayment', options, how)
      : await this.line.call('start', 'startPayment', options);
    if (reply) this.#note(reply, ticket);
    if (reply?.status !== 200) return reply;
    ++this.counts.answered;
    this.answers.set(reply.json.transaction_id, ticket);
    this.codes.set(reply.json.transaction_id, code);
    if (with_key && chance.happens(0.3)) await this.#repeat(reply, body, headers);
    return reply;
  }

  #note(reply, ticket) {
    const what = `${reply.status} ${slug(reply) ?? ''}`.trim();
    this.replies[what] = (this.replies[what] ?? 0) + 1;
    if (reply.status === 500) this.failures.push(new Error(`a start was answered ${reply.text}`));
    if (slug(reply) === 'already-paid') {
      this.#shared = this.#shared.filter((one) => one !== ticket);
    }
  }

  // The first answer again, from whichever process.
  async #repeat(first, body, headers) {
    ++this.counts.repeated;
    const again = await this.line.call('start', 'startPayment', { body, headers });
    if (again?.status === 200 && again.text !== first.text) {
      throw new Error(`one key, two answers: ${first.text} and ${again.text}`);
    }
  }

  async #pay(ticket, code, { transaction_id: id, client_secret }, chance) {
    await pause(chance.between(2, 30));
    if (client_secret) return this.#pay_by_card(ticket, code, id, client_secret, chance);
    if (chance.happens(0.03)) return this.#be_misled(ticket, code, id, chance);
    const click = chance.pick(clicks);
    await this.#act(id, click, chance);
    if (click === 'pay') this.#remember(ticket, code, id);
  }

  #remember(ticket, code, id) {
    const currency = code.includes('-HUF-') ? 'HUF' : 'EUR';
    this.bought = [{ id, ticket, currency }, ...this.bought].slice(0, remembered);
  }

  async #control(part, path, body) {
    const url = `${this.world.platform.sandbox[part]}/control/${path}`;
    const headers = { 'Content-Type': 'application/json' };
    return send(url, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #act(id, action, chance) {
    const order_ref = `TR${id}`;
    const { json } = await this.#control('simplepay', 'act', { order_ref, action });
    if (!json?.redirect_url || chance.happens(0.2)) return;
    const query = new URL(json.redirect_url).searchParams;
    const body = { r: query.get('r'), s: query.get('s') };
    ++this.counts.returns;
    await this.line.call('return', 'simplePayBackref', { body });
    if (chance.happens(0.1)) await this.line.call('return', 'simplePayBackref', { body });
  }

  async #pay_by_card(ticket, code, id, client_secret, chance) {
    const [payment_intent] = client_secret.split('_secret_');
    if (chance.happens(0.1)) return;  // thinks better of it
    if (chance.happens(0.15)) {
      await this.#control('stripe', 'pay', { payment_intent, card: declined_card });
    }
    await this.#control('stripe', 'pay', { payment_intent });
    this.#remember(ticket, code, id);
  }

  // Someone with the account's key claims that the payment was cancelled; the visitor starts anew
  // and pays both. The first capture counts, the second must come to a person.
  async #be_misled(ticket, code, id, chance) {
    this.paid_twice.add(ticket);
    const order_ref = `TR${id}`;
    const { json } = await this.#control('simplepay', 'act', { order_ref, action: 'look' });
    const { merchant, transaction_id } = json;
    const lie = { merchant, order_ref, transaction_id, status: 'CANCELLED' };
    await this.#control('simplepay', 'forge', lie);
    await pause(40);
    const next = await this.#start(ticket, code, chance);
    await this.#act(id, 'pay', chance);
    this.#remember(ticket, code, id);
    if (next?.status === 200) await this.#act(next.json.transaction_id, 'pay', chance);
  }
}
