// The day on which the disk is lost: visitors buy, a backup is made in the middle, the sale goes
// on, the service is killed and its database is gone. The backup is restored, the providers are
// asked, and the sale goes on. What each step made of the payments is told in a table.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, pause } from '../fixtures/harness.mjs';
import { on_postgres } from '../fixtures/database.mjs';
import { Books } from '../crash/books.mjs';
import { Chance } from '../crash/chance.mjs';
import { Line } from '../crash/line.mjs';
import { Visitors } from '../crash/visitors.mjs';
import { World } from '../faults/world.mjs';
import { dump_and_restore } from './postgres_tools.mjs';

const visitors_at_once = 8;
const retries_after_s = 301;
const quiet_within_ms = 60_000;
const settles_at_simplepay_ms = 300;  // its fraud check takes 30

const timed = async (act) => {
  const began = performance.now();
  const result = await act();
  return { result, took_ms: Math.round(performance.now() - began) };
};

// How SQLite's file is saved and put back.
export function file_and_command(world) {
  const { directory, database } = world.platform;
  const copy = join(directory, 'saved.db');
  const command = async (...args) => {
    const { code, output } = await world.command(...args);
    if (code !== 0) throw new Error(`${args[0]} ended with ${code}:\n${output}`);
    return output;
  };
  return {
    name: 'SQLite, by `backup` and `restore`',
    async save() {
      await rm(copy, { force: true });
      await command('backup', '--to', copy);
    },
    async lose() {
      for (const end of ['', '-wal', '-shm']) await rm(`${database.path}${end}`, { force: true });
    },
    put_back: () => command('restore', '--from', copy),
    left_behind: async () =>
      (await readdir(directory)).filter((name) => /\.(part|restoring|before)/.test(name)),
  };
}

export class Rehearsal {
  found = {};
  times = {};

  constructor({ seed, load_ms }) {
    Object.assign(this, { seed, load_ms });
  }

  async run() {
    const sandbox_args = ['--seed', String(this.seed)];
    this.world = await World.open({ sandbox_args });
    this.chance = new Chance(this.seed);
    this.books = new Books(this.world);
    this.began = new Date();
    this.tools = on_postgres ? dump_and_restore(this.world) : file_and_command(this.world);
    await this.#first_sale();
    await this.#lose_everything();
    await this.#restore();
    await this.#ask_the_providers();
    await this.#name_their_owners();
    await this.#second_sale();
  }

  #open_sale() {
    const { world, chance } = this;
    return new Visitors(world, new Line(world), chance.split(), visitors_at_once);
  }

  // The books go on being written while they are saved, and for as long again.
  async #first_sale() {
    this.before = this.#open_sale();
    await pause(this.load_ms);
    // A copy may be so quick that nobody is answered meanwhile: then it is made again.
    for (let tries = 0; tries < 20 && !this.found.starts_meanwhile; ++tries) {
      const { answered } = this.before.counts;
      const { took_ms } = await timed(() => this.tools.save());
      this.times.save_ms = took_ms;
      this.found.starts_meanwhile = this.before.counts.answered - answered;
    }
    await pause(this.load_ms);
  }

  async #lose_everything() {
    await this.books.hear();
    this.lost = await this.books.transactions();
    await this.world.platform.payments.program.stop('SIGKILL');
    await this.tools.lose();
    await this.before.leave();
    await pause(settles_at_simplepay_ms);
    this.held = await this.books.held();
    await this.books.hear();
  }

  async #restore() {
    const { took_ms } = await timed(() => this.tools.put_back());
    this.times.restore_ms = took_ms;
    this.left_behind = await this.tools.left_behind();
    this.restored = await this.books.transactions();
    const started = await timed(() => this.world.platform.restart());
    this.times.ready_ms = started.took_ms;
  }

  async #ask_the_providers() {
    const { result, took_ms } = await timed(() =>
      this.world.command('reconcile', '--since', this.began.toISOString()));
    this.times.reconcile_ms = took_ms;
    this.reconciled = result;
    const named = result.output.matchAll(/^TR(\d+) is not on record/gm);
    this.named = [...named].map(([, id]) => Number(id)).sort((a, b) => a - b);
  }

  // Whose payments those are, the visitors know here; else it is the tickets service, Stripe's
  // description or SimplePay's page.
  async #name_their_owners() {
    const file = join(this.world.platform.directory, 'owners.csv');
    const lines = this.named.map((id) =>
      [`TR${id}`, this.before.answers.get(id), this.before.codes.get(id)].join());
    await writeFile(file, `${lines.join('\n')}\n`);
    this.adopted = await this.world.command(
      'reconcile', '--since', this.began.toISOString(), '--owners', file);
  }

  // The providers send again what nobody took, and other visitors buy.
  async #second_sale() {
    const { world, books } = this;
    this.after = this.#open_sale();
    await pause(this.load_ms);
    await this.after.leave();
    await world.control('simplepay', 'clock', { advance_s: retries_after_s });
    const settled = async () => {
      this.found.unsettled = await books.unsettled(await books.held());
      return this.found.unsettled.length === 0;
    };
    await eventually(settled, { within_ms: quiet_within_ms, every_ms: 250 }).catch(() => {});
    this.transactions = await books.transactions();
    // Of what was begun after the backup, only what has taken money is put on record again.
    const counts = ({ id, captured }) => captured || this.transactions.has(id);
    this.found.unrecorded = await books.unrecorded((await books.held()).filter(counts));
    this.ledger = await world.verify_ledger();
  }

  get last_given() {
    return Math.max(...this.lost.keys(), ...this.held.map(({ id }) => id));
  }

  // Payments that the providers had taken when the books were lost.
  get captured() {
    return this.held.filter(({ captured }) => captured).map(({ id }) => id);
  }
  get captured_before_backup() {
    return this.captured.filter((id) => this.restored.has(id));
  }
  get captured_after_backup() {
    return this.captured.filter((id) => !this.restored.has(id)).sort((a, b) => a - b);
  }
  // What was given since has numbers that nobody had.
  get given_twice() {
    return this.new_numbers.filter((id) => id <= this.last_given);
  }
  get given_since() {
    return this.new_numbers.length;
  }
  get new_numbers() {
    const known = (id) => this.restored.has(id) || this.named.includes(id);
    return [...this.transactions.keys()].filter((id) => !known(id));
  }

  table() {
    const { times, found } = this;
    const has_money = (transactions) => (id) =>
      /paid|refunded|review/.test(transactions.get(id)?.status);
    const back = this.captured_before_backup.filter(has_money(this.transactions)).length;
    const paid_by_then = this.captured_before_backup.filter(has_money(this.restored)).length;
    const known = this.captured_after_backup.filter((id) => this.named.includes(id)).length;
    const adopted = this.captured_after_backup.filter(has_money(this.transactions)).length;
    const rows = [
      [`rehearsal on ${this.tools.name}, seed ${this.seed}`, ''],
      ['backup made beside the sale', `${times.save_ms} ms, ${found.starts_meanwhile} starts`],
      ['transactions when the disk was lost', this.lost.size],
      ['of them in the backup', this.restored.size],
      ['payments taken by the providers', this.captured.length],
      ['opened before the backup', this.captured_before_backup.length],
      ['of them paid in the backup', paid_by_then],
      ['paid after restore and reconcile', back],
      ['opened after the backup', this.captured_after_backup.length],
      ['of them named by reconcile', known],
      ['of them on record once their owners were said', adopted],
      ['lost', this.captured.length - back - adopted],
      ['transactions of the sale afterwards', this.given_since],
      ['of them under a number given before', this.given_twice.length],
      ['restore, until the service is ready', `${times.restore_ms} + ${times.ready_ms} ms`],
      ['reconcile', `${times.reconcile_ms} ms`],
    ];
    return rows.map(([what, value]) => `${what.padEnd(48)}${value}`).join('\n');
  }

  async close() {
    await this.before?.leave();
    await this.after?.leave();
    await this.world?.close();
  }
}
