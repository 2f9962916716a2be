// Several replicas of the service on one database behind nginx, and the sandbox they talk to: what
// the suites that know of one service take for a platform, and its replicas one by one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  eventually, free_port, make_keys, payments_program, payments_settings, Program, start_payments,
  start_sandbox, token_makers,
} from '../fixtures/harness.mjs';
import { send } from '../api/client.mjs';
import { fresh_database } from '../fixtures/database.mjs';
import { start_proxy } from '../fixtures/proxy.mjs';

class Replica {
  constructor(settings, url) {
    Object.assign(this, { settings, url, said: '' });
  }

  // Until it is ready. `more` are settings of this life only.
  async start(more = {}) {
    const settings = { ...this.settings, ...more };
    this.program = (await start_payments({ settings, url: this.url })).program;
  }

  // Without waiting for anything.
  launch() {
    const env = { PATH: process.env.PATH, ...this.settings };
    this.program = new Program(payments_program, ['serve'], { env });
  }

  async #end(signal) {
    const end = await this.program.stop(signal);
    this.said += this.program.output;
    return end;
  }

  stop() {
    return this.#end('SIGTERM');
  }

  kill() {
    return this.#end('SIGKILL');
  }

  get lives() {
    return this.program !== undefined && this.program.end === undefined;
  }

  // What /readyz says on a new connection: {status, body}, undefined when nobody answers.
  async readiness() {
    try {
      const { status, text } = await send(`${this.url}/readyz`);
      return { status, body: text };
    } catch {
      return undefined;
    }
  }

  async metrics() {
    return (await fetch(`${this.url}/metrics`)).text();
  }
}

class Cluster {
  constructor(members) {
    Object.assign(this, members);
  }

  // What all have written, for who expects one service here.
  get payments() {
    const { replicas } = this;
    return { program: { get output() { return replicas.map(output_of).join('\n'); } } };
  }

  each(act) {
    return Promise.all(this.replicas.map(act));
  }

  start(more) {
    return this.each((replica) => replica.start(more));
  }

  async restart(more) {
    await this.each((replica) => replica.stop());
    await this.start(more);
  }

  // Waits until each replica says so of itself.
  ready(within_ms = 30_000) {
    return this.each((replica) =>
      eventually(async () => (await replica.readiness())?.status === 200, {
        within_ms,
        what: `${replica.url} to be ready`,
      }),
    );
  }

  async close() {
    await this.proxy?.stop();
    await this.each((replica) => replica.lives && replica.stop());
    await this.sandbox?.stop();
    if (this.owns_database) await this.database?.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

const output_of = ({ program }) => program?.output.slice(-3000) ?? '';

const last_part = (address) => address.split(':').at(-1);

// Options:
//   count         how many replicas; all start at once
//   database      where they keep their books; a fresh one without
//   settings      of each replica, over those that are given by themselves
//   providers_to  the replica that hears the providers, which nginx hears without
//   url           by which it is reached when somebody else has an nginx for it
export async function open_cluster(options = {}) {
  const { count = 2, settings = {}, sandbox_args = [], providers_to, start = true } = options;
  const directory = await mkdtemp(join(tmpdir(), 'ozora-replicas-'));
  const owns_database = options.database === undefined;
  const cluster = new Cluster({ directory, owns_database, replicas: [] });
  try {
    cluster.database = options.database ?? (await fresh_database(directory));
    const keys = await make_keys(join(directory, 'keys'));
    const url = options.url ?? `http://127.0.0.1:${await free_port()}`;
    const addresses = [];
    while (addresses.length < count) addresses.push(`127.0.0.1:${await free_port()}`);
    const heard_at = providers_to === undefined ? url : `http://${addresses[providers_to]}`;
    const sandbox = await start_sandbox({ keys, payments_url: heard_at, args: sandbox_args });
    Object.assign(cluster, { keys, url, sandbox }, await token_makers(keys));
    for (const listen of addresses) {
      const own = {
        ...payments_settings({ listen, url, keys, sandbox }),
        ...cluster.database.settings,
        PAYMENTS_TRUSTED_PROXIES: '127.0.0.1',
        ...settings,
      };
      cluster.replicas.push(new Replica(own, `http://${listen}`));
    }
    cluster.settings = cluster.replicas[0].settings;
    if (start) await cluster.start();
    cluster.addresses = addresses;
    if (!options.url) cluster.proxy = await start_proxy(last_part(url), addresses);
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}
