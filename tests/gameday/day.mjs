// What happens on the worst day, and what was seen of it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, pause } from '../fixtures/harness.mjs';
import { PostgresDatabase } from '../fixtures/database.mjs';
import { start_prometheus } from '../alarms/prometheus.mjs';
import { Books } from '../crash/books.mjs';
import { Chance } from '../crash/chance.mjs';
import { console_settings } from '../crash/sessions.mjs';
import { World } from '../faults/world.mjs';
import { open_cluster } from '../replicas/cluster.mjs';
import { Crowd } from './crowd.mjs';
import { Databases } from './databases.mjs';
import { Onlooker } from './onlooker.mjs';

// Parts of the day.
const plan = {
  simplepay_silent: { from: 0.15, until: 0.35 },
  deploy: { from: 0.42 },
  failover: { from: 0.55 },
  archive: { from: 0.62 },
  disk_full: { from: 0.7, until: 0.75 },
  everything_lost: { from: 0.85 },
};
const usual_delay_ms = 100;  // of a call at a provider
const silent_operations = ['start', 'query', 'cancel', 'refund'];
const nobody_looks_ms = 1000;  // before the standby takes over, and before the archive is restored
const retries_after_s = 301;
const quiet_within_ms = 180_000;
const ready_within_ms = 60_000;
const full_day_min = 10;

export class Day {
  events = [];   // {name, from_ms, until_ms}, as it came
  pictures = []; // {name, at_ms, file}: the console's health page
  broken = [];   // promises, in words
  promises = []; // {what, found}

  constructor({ visitors, minutes, seed, to, tell }) {
    Object.assign(this, { visitors, minutes, seed, to, tell, total_ms: minutes * 60_000 });
  }

  async run() {
    await this.#open();
    this.began_at = Date.now();
    const coming = this.crowd.come({ visitors: this.visitors, total_ms: this.total_ms });
    const hearing = this.#hear_until(coming);
    await this.#live_through_it();
    await coming;
    await hearing;
    this.tell(`${this.#clock()} the last visitor has gone`);
    this.ended_ms = this.now_ms;
    await this.#come_to_rest();
    this.alarms = await this.#alarms();
  }

  get now_ms() {
    return Date.now() - this.began_at;
  }

  #clock() {
    return `${(this.now_ms / 1000).toFixed(1).padStart(6)} s`;
  }

  async #open() {
    this.databases = await Databases.open();
    this.world = await World.open({
      open: open_cluster,
      count: 2,
      database: new PostgresDatabase(this.databases.url),
      settings: {
        ...console_settings,
        PAYMENTS_DATABASE_TIMEOUT_MS: '3000',
        PAYMENTS_SIMPLEPAY_TIMEOUT_MS: '4000',
        PAYMENTS_STRIPE_TIMEOUT_MS: '4000',
      },
      sandbox_args: ['--seed', String(this.seed)],
    });
    const { platform } = this.world;
    this.books = new Books(this.world);
    this.crowd = new Crowd(this.world, new Chance(this.seed));
    this.prometheus = await start_prometheus(
      platform.replicas.map(({ url }) => new URL(url).host),
      { pace: this.minutes / full_day_min },
    );
    await mkdir(this.to, { recursive: true });
    this.onlooker = await Onlooker.open(platform, this.to);
    await this.#usual();
    await platform.ready();
  }

  async #usual() {
    const always = { times: -1, delay_ms: usual_delay_ms };
    await this.world.clear_faults('simplepay');
    for (const [part, operation] of [['simplepay', 'start'], ['stripe', 'create']])
      await this.world.order_fault(part, operation, 'late', always);
  }

  async #hear_until(end) {
    let over = false;
    end.finally(() => (over = true)).catch(() => {});
    while (!over) {
      await pause(2000);
      await this.books.hear();
    }
  }

  // ------------------------------------------------------------------------- what happens

  async #until(part) {
    await pause(Math.max(0, part * this.total_ms - this.now_ms));
  }

  async #event(name, act) {
    await this.#until(plan[name].from);
    const event = { name, from_ms: this.now_ms };
    this.events.push(event);
    this.tell(`${this.#clock()} ${name}`);
    await act();
    event.until_ms = this.now_ms;
    this.tell(`${this.#clock()} ${name} is over`);
  }

  async #look(name) {
    this.pictures.push({ name, at_ms: this.now_ms, file: await this.onlooker.look(name) });
  }

  async #live_through_it() {
    await this.#event('simplepay_silent', () => this.#silence());
    await this.#event('deploy', () => this.#deploy());
    await this.#event('failover', () => this.#fail_over());
    await this.#event('archive', () => this.databases.begin_archive());
    await this.#event('disk_full', () => this.#fill_the_disk());
    await this.#event('everything_lost', () => this.#lose_everything());
  }

  async #silence() {
    const { world } = this;
    await world.clear_faults('simplepay');
    for (const operation of silent_operations)
      await world.order_fault('simplepay', operation, 'no-answer', { times: -1 });
    const { until } = plan.simplepay_silent;
    await this.#until(until - 0.02);
    await this.#look('SimplePay is silent');
    await this.#until(until);
    await this.#usual();
  }

  async #deploy() {
    for (const replica of this.world.platform.replicas) {
      const { code } = await replica.stop();
      if (code !== 0) this.broken.push(`a replica that was told to stop ended with ${code}`);
      await replica.start();
      await pause(500);
    }
  }

  async #fail_over() {
    await this.databases.lose_primary();
    await pause(nobody_looks_ms);
    await this.databases.take_over();
    await this.world.platform.ready(ready_within_ms);
  }

  async #fill_the_disk() {
    const free = await this.databases.fill_disk();
    if (!free) return void this.tell('no disk can be mounted here: this one is left out');
    await this.#until(plan.disk_full.until);
    await this.#look('the disk is full');
    await free();
    await this.databases.run_again();
    await this.world.platform.ready(ready_within_ms);
  }

  async #lose_everything() {
    await this.databases.lose_everything();
    await pause(nobody_looks_ms);
    await this.#look('the database is lost');
    await this.databases.restore();
    await this.world.platform.ready(ready_within_ms);
  }

  // ------------------------------------------------------------------- what became of it

  async #come_to_rest() {
    const { world, books, crowd } = this;
    await world.clear_faults('stripe');
    await world.clear_faults('simplepay');
    await world.control('simplepay', 'clock', { advance_s: retries_after_s });
    let unsettled = [];
    const settled = async () => {
      unsettled = await books.unsettled(await books.held());
      return unsettled.length === 0;
    };
    const patience = { within_ms: quiet_within_ms, every_ms: 1000 };
    await eventually(settled, patience).catch(() => {});
    this.rested_ms = this.now_ms - this.ended_ms;
    await books.hear();
    this.held = await books.held();
    const ledger = await world.verify_ledger();
    const replicas = world.platform.replicas.filter(({ lives }) => !lives);
    this.ledger = ledger.output.trim().split('\n').at(-1);
    this.#promise('notifications that were acknowledged and are not on record',
      await books.lost_notifications());
    this.#promise('starts that were answered and are not on record',
      await books.lost_starts(crowd.answers));
    this.#promise('payments at a provider that are not on record, or differ',
      await books.unrecorded(this.held));
    this.#promise('payments that did not come to what their provider says', unsettled);
    this.#promise('tickets that were paid twice',
      (await books.paid_twice(this.held, new Set(), true)).wrong);
    const is_sound = /: 0 differences/.test(ledger.output);
    this.#promise('differences in the books', is_sound ? [] : [ledger.output]);
    this.#promise('answers that nobody may ever see (500)', crowd.failures);
    this.#promise('replicas that ended by themselves', replicas.map(({ url }) => url));
    this.transactions = await books.transactions();
  }

  #promise(what, found) {
    this.promises.push({ what, found: found.length });
    for (const one of found.slice(0, 5)) this.broken.push(`${what}: ${one}`);
  }

  // {name, about, from_ms, until_ms}: from firing to firing no more.
  async #alarms() {
    const { result } = await this.prometheus.api('query_range', {
      query: 'ALERTS{alertstate="firing"}', step: '1s',
      start: this.began_at / 1000, end: Date.now() / 1000,
    });
    const alarms = result.flatMap(({ metric, values }) => {
      const { alertname: name, severity, operation, provider, instance, kind } = metric;
      const about = [operation, provider, instance, kind].filter(Boolean).join(' ');
      return spans(values.map(([at]) => at * 1000 - this.began_at))
        .map((span) => ({ name, severity, about, ...span }));
    });
    return alarms.sort((a, b) => a.from_ms - b.from_ms);
  }

  async close() {
    await this.onlooker?.close();
    await this.prometheus?.stop();
    this.crowd?.close();
    await this.world?.close();
    await this.databases?.close();
  }
}

// Moments a second apart, as spans.
function spans(moments) {
  const all = [];
  for (const at_ms of moments) {
    const last = all.at(-1);
    if (last && at_ms - last.until_ms < 2500) last.until_ms = at_ms;
    else all.push({ from_ms: at_ms, until_ms: at_ms });
  }
  return all;
}
