// Rounds of load and death: visitors buy, staff gives money back, the providers notify, the service
// is killed (SIGKILL) at a random moment and started again on the same database. After every round
// what was promised is looked for; at the end everything must come to rest.
import { eventually, in_the_future, pause } from '../fixtures/harness.mjs';
import { World } from '../faults/world.mjs';
import { Books } from './books.mjs';
import { Chance } from './chance.mjs';
import { disturbances, refund_disturbances, usual } from './disturbances.mjs';
import { Line } from './line.mjs';
import { Refunds } from './refunds.mjs';
import { Runs } from './runs.mjs';
import { OneService } from './service.mjs';
import { console_settings } from './sessions.mjs';
import { Staff } from './staff.mjs';
import { Visitors } from './visitors.mjs';

const visitors_at_once = 8;
const staff_at_once = 2;
const usual_delay_ms = 50;              // of every call at a provider
const rounds_between_books = 10;        // in long campaigns: the providers' books grow long
const short_campaign = 40;
const retries_after_s = 301;            // SimplePay's and Stripe's schedules both have been used
const quiet_within_ms = 60_000;
const long_after_min = 45;              // every deadline is over then

export class Campaign {
  findings = [];
  kills = [];
  restarts_ms = [];
  cut_short = new Set();          // attempts that a kill left without any word of their provider
  refunds_cut_short = new Set();  // refunds that were open when the service was killed
  runs_cut_short = 0;             // deaths while a run had more to do
  #round = 0;

  // `service_of` gives what is killed and started in a world (service.mjs), whose `options` these
  // are.
  static async open({ service_of = (world) => new OneService(world), options = {}, ...more }) {
    const sandbox_args = ['--seed', String(more.seed)];
    const settings = { ...console_settings, PAYMENTS_REFUND_RUN_PACE: '1200', ...options.settings };
    const world = await World.open({ sandbox_args, ...options, settings });
    return new Campaign(world, { service: service_of(world), ...more });
  }

  constructor(world, { service, rounds, seed, visitors = visitors_at_once, tell = () => {} }) {
    Object.assign(this, { world, service, rounds, seed, tell });
    this.chance = new Chance(seed);
    this.books = new Books(world);
    this.line = new Line(world);
    this.visitors = new Visitors(world, this.line, this.chance.split(), visitors);
    this.refunds = new Refunds(this.books);
    this.staff = new Staff(world, this.line, this.visitors, this.chance.split(), staff_at_once);
    this.runs = new Runs(world, this.line, this.visitors, this.books, this.chance.split());
  }

  async run() {
    while (this.#round < this.rounds) await this.#one_round();
    await this.#come_to_rest();
    await this.#a_long_time_later();
  }

  close() {
    return this.world.close();
  }

  #find(promise, wrong) {
    for (const what of wrong) this.findings.push({ promise, what, round: this.#round });
  }

  found(promise) {
    return this.findings
      .filter((one) => one.promise === promise)
      .map(({ what, round }) => `round ${round}: ${what}`);
  }

  // ------------------------------------------------------------------------------- a round

  async #one_round() {
    ++this.#round;
    await this.#disturb();
    const after_ms = this.chance.between(100, 1100);
    await pause(after_ms);
    const in_flight = await this.#kill();
    const dies_again = this.chance.happens(0.1) || this.#round === this.rounds;
    if (dies_again) await this.#kill_while_it_starts();
    const ready_ms = await this.#timed(() => this.service.start());
    await this.#undisturb();
    const transactions = await this.books.transactions();
    for (const { id, status } of transactions.values()) {
      if (status === 'created') this.cut_short.add(id);
    }
    await this.#check();
    this.#progress(after_ms, in_flight, ready_ms);
  }

  // Ordered first, met first; behind them every call takes its usual time.
  async #disturb() {
    const many = this.chance.between(0, 3);
    for (let i = 0; i < many; ++i) {
      const [part, operation, fault, more] = this.chance.pick(disturbances);
      await this.world.order_fault(part, operation, fault, more);
    }
    for (const [part, operations] of usual) {
      if (this.chance.happens(0.5)) {
        const [fault, more] = this.chance.pick(refund_disturbances);
        await this.world.order_fault(part, 'refund', fault, more);
      }
      for (const operation of operations) {
        const always = { times: -1, delay_ms: usual_delay_ms };
        const fault = this.chance.pick(['late', 'late-before']);
        await this.world.order_fault(part, operation, fault, always);
      }
    }
  }

  async #undisturb() {
    await this.world.clear_faults('simplepay');
    await this.world.clear_faults('stripe');
  }

  async #kill() {
    const in_flight = { ...this.line.in_flight };
    const { signal } = await this.service.kill(this.chance);
    if (signal !== 'SIGKILL') this.#find('lives', ['the service ended before it was killed']);
    this.kills.push(in_flight);
    for (const { name } of await this.refunds.open()) this.refunds_cut_short.add(name);
    const items = await this.runs.items();
    if (items.some(({ state }) => ['waiting', 'asked'].includes(state))) ++this.runs_cut_short;
    return in_flight;
  }

  async #kill_while_it_starts() {
    await this.service.die_while_starting(this.chance.between(1, 40));
    this.kills.push({ starting: 1 });
  }

  async #timed(start) {
    const began = performance.now();
    await start();
    const took_ms = performance.now() - began;
    this.restarts_ms.push(took_ms);
    return took_ms;
  }

  #progress(after_ms, in_flight, ready_ms) {
    const { counts } = this.visitors;
    const { simplepay, stripe } = this.books.acknowledged;
    const { start, return: back, refund } = in_flight;
    const cut = `${start} starts, ${back} returns and ${refund} refunds in flight`;
    const answered = `${counts.answered} starts and ${this.staff.counts.answered} refunds answered`;
    this.tell(
      `round ${this.#round}/${this.rounds}: killed after ${after_ms} ms, ${cut}; ` +
        `ready in ${Math.round(ready_ms)} ms; so far ${answered}, ` +
        `${simplepay.length} IPNs and ${stripe.length} webhooks acknowledged, ` +
        `${this.findings.length} findings`,
    );
  }

  // --------------------------------------------------------------------------- the promises

  async #check({ flagged = false } = {}) {
    const { books, visitors, refunds, staff, runs } = this;
    const [failure] = [...visitors.failures, ...staff.failures, ...runs.failures];
    if (failure) throw failure;
    const answers = new Map(visitors.answers);
    const given = [...staff.given];
    await books.hear();
    this.#find('notifications', await books.lost_notifications());
    this.#find('starts', await books.lost_starts(answers));
    this.#find('refunds', await refunds.lost(given));
    this.#find('wishes', await refunds.unwished(() => [...staff.wishes, ...runs.wishes]));
    const look = this.rounds <= short_campaign || this.#round % rounds_between_books === 0;
    if (!look && !flagged) return;
    const held = await books.held();
    this.#find('intent', await books.unrecorded(held));
    this.#find('given', await refunds.unreserved(held));
    await this.#check_captures(held, flagged);
  }

  // The two providers are not read at one moment: what one took after the other had given it back
  // meanwhile is told apart by a second look.
  async #check_captures(held, flagged) {
    const look_at = (books) => this.books.paid_twice(books, this.visitors.paid_twice, flagged);
    const { several, wrong } = await look_at(held);
    this.paid_twice = several;
    if (wrong.length === 0) return;
    const again = new Set((await look_at(await this.books.held())).wrong);
    this.#find('twice', wrong.filter((what) => again.has(what)));
  }

  async #unsettled() {
    const held = await this.books.held();
    return [...(await this.books.unsettled(held)), ...(await this.refunds.different(held))];
  }

  // Visitors and staff leave, the providers are well again and repeat what was not taken.
  async #come_to_rest() {
    await Promise.all([this.visitors.leave(), this.staff.leave(), this.runs.leave()]);
    await this.runs.come_to_rest({ is_final: false });
    await this.world.control('simplepay', 'clock', { advance_s: retries_after_s });
    const began = performance.now();
    let unsettled;
    const settled = async () => {
      unsettled = await this.#unsettled();
      return unsettled.length === 0;
    };
    const patience = { within_ms: quiet_within_ms, every_ms: 250 };
    await eventually(settled, patience).catch(() => this.#find('rest', unsettled));
    this.rested_ms = performance.now() - began;
    await this.#check({ flagged: true });
  }

  async #still_open() {
    const stories = await this.books.stories();
    const open = (await this.refunds.open())
      .map(({ id, name }) => `${name} is open: ${stories.get(id)}`);
    return [...(await this.books.still_live()), ...open];
  }

  // After every deadline nothing is open any more.
  async #a_long_time_later() {
    await this.service.kill_all();
    await this.world.control('simplepay', 'clock', { advance_s: long_after_min * 60 });
    await this.#timed(() => this.service.start_all(in_the_future(long_after_min)));
    let live;
    const over = async () => (live = await this.#still_open()).length === 0;
    await eventually(over, { within_ms: quiet_within_ms }).catch(() => this.#find('end', live));
    await this.runs.come_to_rest({ is_final: true });
    await this.#check({ flagged: true });
    this.#find('rest', await this.#unsettled());
    this.#find('runs', await this.runs.untrue());
    for (const { code } of await this.service.stop_all()) {
      if (code !== 0) this.#find('lives', [`told to stop, it ended with ${code}`]);
    }
    const { code: verdict, output } = await this.world.verify_ledger();
    this.ledger = output.trim().split('\n').at(-1);
    if (verdict !== 0 || !/: 0 differences/.test(output)) this.#find('ledger', [output]);
  }

  // ---------------------------------------------------------------------------- the figures

  async summary() {
    const { counts } = this.visitors;
    const transactions = [...(await this.books.transactions()).values()];
    const statuses = {};
    for (const { status } of transactions) statuses[status] = (statuses[status] ?? 0) + 1;
    const during = (kind) => this.kills.filter((one) => one[kind] > 0).length;
    const sorted = [...this.restarts_ms].sort((a, b) => a - b);
    const at = (part) => Math.round(sorted[Math.floor(part * (sorted.length - 1))]);
    const { simplepay, stripe } = this.books.acknowledged;
    return {
      seed: this.seed,
      rounds: this.rounds,
      kills: this.kills.length,
      kills_during_starts: during('start'),
      kills_during_returns: during('return'),
      kills_during_refunds: during('refund'),
      kills_during_calls_about_runs: during('run'),
      kills_while_starting: during('starting'),
      calls_cut: this.line.cut,
      attempts_cut_short: this.cut_short.size,
      starts: counts.starts,
      starts_answered: counts.answered,
      starts_repeated_under_their_key: counts.repeated,
      answers_to_starts: this.visitors.replies,
      returns: counts.returns,
      ...(await this.#refund_figures()),
      transactions: transactions.length,
      statuses,
      ipns_acknowledged: simplepay.length,
      webhooks_acknowledged: stripe.length,
      deliveries_not_accepted: this.books.refused,
      tickets_paid_twice_by_forgery: this.paid_twice,
      ready_ms: { median: at(0.5), p95: at(0.95), longest: at(1) },
      came_to_rest_ms: Math.round(this.rested_ms),
      ledger: this.ledger,
      findings: this.findings.length,
    };
  }
  async #refund_figures() {
    const { counts, replies, wishes } = this.staff;
    const requests = await this.refunds.requests();
    const items = Map.groupBy(await this.runs.items(), ({ state }) => state);
    return {
      runs: this.runs.counts,
      runs_cut_short: this.runs_cut_short,
      answers_about_runs: this.runs.replies,
      payments_in_runs: Object.fromEntries([...items].map(([state, all]) => [state, all.length])),
      refunds_wished: wishes.length,
      refunds_answered: counts.answered,
      refunds_repeated_under_their_key: counts.repeated,
      answers_to_refunds: replies,
      refunds_cut_short: this.refunds_cut_short.size,
      refunds_made: requests.filter(({ made }) => made !== null).length,
      refunds_never_made: requests.filter(({ made }) => made === null).length,
    };
  }
}
