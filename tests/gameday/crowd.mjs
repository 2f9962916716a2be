// Visitors who come when the sale opens, most of them at once, and what each of them feels. They
// want one ticket each, try again as a shop does that gives every start a key, take the other
// processor when theirs fails, and give up after a while.
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { pause } from '../fixtures/harness.mjs';
import { simple_eur, simple_huf, stripe_eur, stripe_huf } from '../faults/world.mjs';

const billing = { email: 'visitor@example.com', name: 'Éva Kovács', country: 'HU' };
const codes = { simple: [simple_eur, simple_huf], stripe: [stripe_eur, stripe_huf] };
const answer_within_ms = 15_000;
const patience_ms = 60_000;
const tries_with_one_processor = 3;
const longest_pause_ms = 5_000;
const at_the_opening = { visitors: 0.1, time: 0.02 };

// What part of the visitors has come after this part of the time.
function come_by(time) {
  const first = at_the_opening.visitors * Math.min(1, time / at_the_opening.time);
  return first + (1 - at_the_opening.visitors) * (1 - (1 - time) ** 1.5);
}

const reason_of = ({ json, status }) =>
  `${status} ${json?.type?.replace('/problems/', '') ?? ''}`.trim();

export class Crowd {
  calls = [];                // {at_ms, took_ms, what}, of every start that was sent
  waits = [];                // {at_ms, took_ms}: from the first click to a page to pay on
  answers = new Map();       // transaction id → ticket id, of every start answered 200
  counts = { came: 0, paid: 0, left: 0, gave_up: 0, returned: 0 };
  failures = [];             // what nobody may ever see
  #agent = new Agent({ keepAlive: true, maxSockets: 512 });
  #here = new Set();

  constructor(world, chance) {
    Object.assign(this, { world, chance });
  }

  // Until all `visitors` of `minutes` have come and gone.
  async come({ visitors, total_ms }) {
    this.began = performance.now();
    for (let i = 0; i < visitors;) {
      const wanted = Math.floor(visitors * come_by(Math.min(1, this.#since_ms() / total_ms)));
      for (; i < wanted; ++i) this.#let_in();
      await pause(20);
    }
    await Promise.all(this.#here);
  }

  #since_ms() {
    return performance.now() - this.began;
  }

  #let_in() {
    const visit = this.#visit(this.chance.split())
      .catch((error) => this.failures.push(String(error)))
      .finally(() => this.#here.delete(visit));
    this.#here.add(visit);
  }

  async #visit(chance) {
    ++this.counts.came;
    const ticket = await this.world.ticket();
    const clicked = this.#since_ms();
    const started = await this.#start(ticket, chance, clicked);
    if (!started) return void ++this.counts.gave_up;
    this.waits.push({ at_ms: clicked, took_ms: this.#since_ms() - clicked });
    this.answers.set(started.transaction_id, ticket);
    await pause(chance.between(200, 3000));
    if (chance.happens(0.1)) return void ++this.counts.left;
    await this.#pay(started);
    ++this.counts.paid;
  }

  async #start(ticket, chance, clicked) {
    let processor = chance.pick(['simple', 'stripe']);
    let order = { key: randomUUID(), code: chance.pick(codes[processor]) };
    for (let tries = 1; this.#since_ms() - clicked < patience_ms; ++tries) {
      const reply = await this.#send_start(ticket, order);
      if (reply?.status === 200) return reply.json;
      if (reply?.status === 500) this.failures.push(`a start was answered ${reply.text}`);
      if (tries % tries_with_one_processor === 0) {
        processor = processor === 'simple' ? 'stripe' : 'simple';
        order = { key: randomUUID(), code: chance.pick(codes[processor]) };
      }
      const asked_ms = 1000 * Number(reply?.headers['retry-after'] ?? 1);
      await pause(Math.min(asked_ms, longest_pause_ms) + chance.between(0, 500));
    }
    return undefined;
  }

  async #send_start(ticket, { key, code }) {
    const at_ms = this.#since_ms();
    let reply, what;
    try {
      const body = { ticket_id: ticket, code, metas: billing };
      reply = await this.#post('/payments/start', body, { 'Idempotency-Key': key });
      what = reply.status === 200 ? 'answered' : reason_of(reply);
    } catch (error) {
      what = error.code ?? error.message;
    }
    this.calls.push({ at_ms, took_ms: this.#since_ms() - at_ms, what });
    return reply;
  }

  async #pay({ transaction_id: id, client_secret }) {
    if (client_secret) {
      const [payment_intent] = client_secret.split('_secret_');
      return void (await this.world.control('stripe', 'pay', { payment_intent }));
    }
    const click = { order_ref: `TR${id}`, action: 'pay' };
    const { redirect_url } = await this.world.control('simplepay', 'act', click);
    if (!redirect_url) return;
    const query = new URL(redirect_url).searchParams;
    const body = { r: query.get('r'), s: query.get('s') };
    // The shop's page says that the payment is being checked when nobody answers it.
    await this.#post('/payments/simplepay/backref', body).catch(() => {});
    ++this.counts.returned;
  }

  #post(path, value, more = {}) {
    const body = JSON.stringify(value);
    const headers = {
      'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...more,
    };
    const options = { method: 'POST', headers, agent: this.#agent, timeout: answer_within_ms };
    return new Promise((resolve, reject) => {
      const call = request(`${this.world.platform.url}${path}`, options, (reply) => {
        let text = '';
        reply.setEncoding('utf8').on('data', (part) => (text += part));
        reply.on('error', reject);
        reply.on('end', () => {
          const is_json = /json/.test(reply.headers['content-type'] ?? '');
          const json = is_json ? JSON.parse(text) : undefined;
          resolve({ status: reply.statusCode, headers: reply.headers, text, json });
        });
      });
      call.on('timeout', () => call.destroy(new Error('no answer in 15 s')));
      call.on('error', reject);
      call.end(body);
    });
  }

  close() {
    this.#agent.destroy();
  }
}
