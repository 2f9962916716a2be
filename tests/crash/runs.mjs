// Staff who give back several payments at once: planned, started, released by a second person and
// steered through the pages, whatever becomes of the service meanwhile.
import { randomUUID } from 'node:crypto';
import { eventually, pause } from '../fixtures/harness.mjs';
import { slug } from '../api/client.mjs';
import { Person } from './sessions.mjs';

const gives = [
  { all: true }, { percent: 50 }, { percent: 30 }, { amount: 20, currency: 'EUR' },
  { amount: 8000, currency: 'HUF' },
];
const most_payments = 5;
const quiet_within_ms = 60_000;
const unlikely = new Set([400, 401, 403, 404, 500]);
const may_refund = { payments_refund_bulk: 'true' };

// The runs on record, item by item: {run, id, state, made}, `made` so many refunds.
const items_sql =
  'SELECT i.run_id AS run, i.transaction_id AS id, i.state AS state,' +
  ' (SELECT count(DISTINCT f.refund) FROM facts f JOIN facts m ON m.transaction_id =' +
  " f.transaction_id AND m.refund = f.refund AND m.kind = 'refunded'" +
  " WHERE f.transaction_id = i.transaction_id AND f.kind = 'refund_requested'" +
  " AND f.subject = 'run-' || i.run_id || '-TR' || i.transaction_id) AS made" +
  ' FROM refund_items i ORDER BY i.run_id, i.transaction_id';

export class Runs {
  wishes = [];    // as those of Staff
  counts = { planned: 0, started: 0, steered: 0 };
  replies = {};   // how many of each kind
  failures = [];  // what nobody may ever see
  #leaving = false;
  #all;

  constructor(world, line, visitors, books, chance) {
    Object.assign(this, { line, visitors, books });
    this.starter = new Person(world, line, 'bela', may_refund);
    this.releaser = new Person(world, line, 'cili', may_refund);
    this.#all = this.#keep_running(chance);
  }

  async leave() {
    this.#leaving = true;
    await this.#all;
  }

  async #keep_running(chance) {
    while (!this.#leaving) {
      await pause(chance.between(50, 300));
      try {
        if (this.visitors.bought.length > 0) await this.#give_back(chance);
        if (chance.happens(0.3)) await this.#steer_some(chance);
      } catch (error) {
        this.failures.push(error);
        return;
      }
    }
  }

  // One call of a page; undefined when the service died under it or was not there.
  async #call(person, operation, body, key) {
    const headers = await person.headers();
    if (!headers) return undefined;
    const options = { body, headers: { ...headers, ...(key && { 'Idempotency-Key': key }) } };
    const reply = await this.line.call('run', operation, options);
    if (!reply) return reply;
    const what = `${operation} ${reply.status} ${slug(reply) ?? ''}`.trim();
    this.replies[what] = (this.replies[what] ?? 0) + 1;
    if (unlikely.has(reply.status)) throw new Error(`${operation} was answered ${reply.text}`);
    return reply;
  }

  async #give_back(chance) {
    const count = chance.between(1, most_payments);
    const ids = Array.from({ length: count }, () => chance.pick(this.visitors.bought).id);
    const choice = { transaction_ids: [...new Set(ids)], give: chance.pick(gives) };
    const plan = await this.#call(this.starter, 'planRefunds', choice);
    if (plan?.status !== 200 || plan.json.count === 0) return;
    ++this.counts.planned;
    const reason = `run ${this.counts.planned}`;
    for (const id of choice.transaction_ids) this.wishes.push({ by: 'bela', id, reason, most: 1 });
    const { digest, sums: typed_sums } = plan.json;
    const order = { ...choice, digest, name: reason, reason, typed_sums };
    const started = await this.#start(order, chance);
    if (started?.status === 200) await this.#release(started.json.run_id, chance);
  }

  // Some click twice, and whoever hears nothing tries again: it is one run.
  async #start(order, chance) {
    const key = chance.happens(0.5) ? randomUUID() : undefined;
    const clicks = Array.from({ length: chance.happens(0.15) ? 2 : 1 }, () =>
      this.#call(this.starter, 'startRefundRun', order, key));
    let replies = await Promise.all(clicks);
    for (let tries = 0; !replies.some(Boolean) && tries < 5 && !this.#leaving; ++tries) {
      await pause(chance.between(20, 120));
      replies = [await this.#call(this.starter, 'startRefundRun', order, key)];
    }
    const begun = replies.filter((reply) => reply?.status === 200);
    const runs = new Set(begun.map(({ json }) => json.run_id));
    if (runs.size > 1) throw new Error(`one plan, several runs: ${[...runs]}`);
    this.counts.started += runs.size;
    return begun[0];
  }

  async #release(run_id, chance) {
    for (let tries = 0; tries < 5 && !this.#leaving; ++tries) {
      if (await this.#steer(this.releaser, run_id, 'release')) return;
      await pause(chance.between(20, 120));
    }
  }

  async #steer(person, run_id, what) {
    const reply = await this.#call(person, 'steerRefundRun', { run_id, do: what });
    if (reply?.status === 200) ++this.counts.steered;
    return reply;
  }

  async #listed() {
    const reply = await this.#call(this.starter, 'listRefundRuns', { limit: 50 });
    return reply?.status === 200 ? reply.json.runs : [];
  }

  async #steer_some(chance) {
    for (const { run_id, state, counts } of (await this.#listed()).slice(0, 5)) {
      if (state === 'paused') await this.#steer(this.starter, run_id, 'go_on');
      else if (state === 'needs_release') await this.#steer(this.releaser, run_id, 'release');
      else if (counts.refused > 0 && chance.happens(0.5)) {
        await this.#steer(this.starter, run_id, 'again');
      } else if (state === 'running' && chance.happens(0.2)) {
        await this.#steer(this.starter, run_id, chance.pick(['pause', 'stop']));
      }
    }
  }

  // ------------------------------------------------------------------------- when all have left

  items() {
    return this.books.rows(items_sql);
  }

  // Whatever waits for a person goes on, until nothing waits any more. `is_final`: and nobody waits
  // for a provider's word either.
  async come_to_rest({ is_final }) {
    for (const person of [this.starter, this.releaser]) person.sign_in_anew();
    const open = is_final ? ['waiting', 'asked', 'unknown'] : ['waiting', 'asked'];
    const quiet = async () => {
      const waiting = (await this.items()).filter(({ state }) => open.includes(state));
      const runs = await this.books.rows(
        'SELECT id, state FROM refund_runs' +
          " WHERE id IN (SELECT run_id FROM refund_items WHERE state = 'waiting')",
      );
      for (const { id, state } of runs) {
        if (state === 'paused') await this.#steer(this.starter, id, 'go_on');
        if (state === 'needs_release') await this.#steer(this.releaser, id, 'release');
      }
      return waiting.length === 0;
    };
    await eventually(quiet, { within_ms: quiet_within_ms, every_ms: 250, what: 'the runs to end' });
  }

  // At rest: what a run says of a payment is what became of it, and it was given back once at most.
  async untrue() {
    const items = await this.items();
    const runs = await this.books.rows(
      "SELECT id, state FROM refund_runs WHERE state NOT IN ('done', 'stopped')",
    );
    const open = new Set(['waiting', 'asked', 'unknown']);
    return [
      ...runs.map(({ id, state }) => `run ${id} is ${state} in the end`),
      ...items.flatMap(({ run, id, state, made }) => {
        const is_true = !open.has(state) && Number(made) === (state === 'done' ? 1 : 0);
        return is_true ? [] : [`TR${id} of run ${run} is ${state}, and went back ${made} times`];
      }),
    ];
  }
}
