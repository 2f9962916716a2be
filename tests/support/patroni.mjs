// Three servers of PostgreSQL under Patroni, as deploy/patroni.yml says but for addresses, passwords
// and TLS, with an etcd of their own. Patroni, etcd and python3-etcd are Debian's packages.
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, free_port, Program, root } from '../../scripts/platform.mjs';
import { execute, server_directory, server_user } from './postgres.mjs';

export const has_patroni = existsSync('/usr/bin/patroni') && existsSync('/usr/bin/etcd');

const takes_over_within_ms = 60_000;
const password = 'password-of-tests';
const given = (place) => ({
  ...server_user(),
  cwd: place,
  env: { PATH: process.env.PATH, HOME: place, LANG: 'C.UTF-8' },
});

async function start_etcd(place) {
  const [client, peer] = [await free_port(), await free_port()];
  const at = (port) => `http://127.0.0.1:${port}`;
  const program = new Program('/usr/bin/etcd', [
    '--name', 'one', '--data-dir', join(place, 'etcd'),
    '--listen-client-urls', at(client), '--advertise-client-urls', at(client),
    '--listen-peer-urls', at(peer), '--initial-advertise-peer-urls', at(peer),
    '--initial-cluster', `one=${at(peer)}`,
  ], given(place));
  const is_healthy = async () => {
    program.fail_if_ended('starting');
    const reply = await fetch(`${at(client)}/health`).catch(() => undefined);
    return (await reply?.text())?.includes('true');
  };
  await eventually(is_healthy, { what: 'etcd to be healthy' });
  return { program, address: `127.0.0.1:${client}` };
}

class Node {
  constructor(name, place, etcd) {
    Object.assign(this, { name, place, etcd });
  }

  get url() {
    return `postgresql://postgres:${password}@127.0.0.1:${this.port}/postgres`;
  }

  async #configuration() {
    [this.port, this.rest] = [await free_port(), await free_port()];
    const deployed = await readFile(join(root, 'deploy/patroni.yml'), 'utf8');
    return deployed
      .replace('name: db1', `name: ${this.name}`)
      .replaceAll('10.0.0.21:8008', `127.0.0.1:${this.rest}`)
      .replaceAll('10.0.0.21:5432', `127.0.0.1:${this.port}`)
      .replace('10.0.0.41:2379', this.etcd)
      .replace('/var/lib/postgresql/15/payments', join(this.place, 'data'))
      .replace('/var/lib/postgresql/.pgpass-patroni', join(this.place, 'pgpass'))
      .replace('/run/postgresql', this.place)
      .replaceAll('PASSWORD', password)
      .replaceAll('10.0.0.0/24', '127.0.0.1/32')
      .replaceAll('hostssl', 'host');
  }

  async start() {
    const path = join(this.place, 'patroni.yml');
    await writeFile(path, await this.#configuration());
    this.program = new Program('/usr/bin/patroni', [path], given(this.place));
  }

  async #answers(path) {
    const reply = await fetch(`http://127.0.0.1:${this.rest}/${path}`).catch(() => undefined);
    return reply?.status === 200;
  }

  // Whether it is `primary`, a `replica`, or the `synchronous` one of those.
  is(role) {
    return this.#answers(role);
  }

  // As with its machine: Patroni, the server and all that the server runs.
  async kill() {
    this.program.child.kill('SIGKILL');
    const file = await readFile(join(this.place, 'data/postmaster.pid'), 'utf8');
    const pid = Number(file.split('\n')[0]);
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    for (const one of [pid, ...children.split(' ').filter(Boolean).map(Number)]) {
      process.kill(one, 'SIGKILL');
    }
  }

  async stop() {
    if (this.program && !this.program.end) await this.program.stop();
  }
}

export class PatroniCluster {
  static async start() {
    const place = await server_directory('patroni');
    const cluster = new PatroniCluster(place);
    try {
      cluster.etcd = await start_etcd(place);
      await cluster.#add('db1');
      cluster.primary = await cluster.one_that_is('primary');
      for (const name of ['db2', 'db3']) await cluster.#add(name);
      await cluster.one_that_is('synchronous');
    } catch (error) {
      const said = cluster.nodes.map(({ program }) => program?.output.slice(-3000)).join('\n');
      await cluster.close();
      throw new Error(`${error.message}\n${said}`);
    }
    return cluster;
  }

  nodes = [];

  constructor(place) {
    Object.assign(this, { place });
  }

  async #add(name) {
    const place = join(this.place, name);
    const { uid, gid } = server_user();
    await mkdir(place);
    if (uid !== undefined) await chown(place, uid, gid);
    const node = new Node(name, place, this.etcd.address);
    this.nodes.push(node);
    await node.start();
  }

  one_that_is(role, among = this.nodes) {
    const look = async () => {
      for (const node of among) if (await node.is(role)) return node;
      return undefined;
    };
    return eventually(look, { within_ms: takes_over_within_ms, what: `a node to be ${role}` });
  }

  async create_database(name) {
    await execute(this.primary.url, `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
    await execute(this.primary.url, `CREATE DATABASE ${name} OWNER ${name}`);
    const hosts = this.nodes.map(({ port }) => `127.0.0.1:${port}`).join();
    return `postgresql://${name}:${password}@${hosts}/${name}`;
  }

  lose_primary() {
    return this.primary.kill();
  }

  // Nobody does anything: Patroni notices.
  async take_over() {
    const others = this.nodes.filter((node) => node !== this.primary);
    this.primary = await this.one_that_is('primary', others);
  }

  async close() {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await this.etcd?.program.stop();
    await rm(this.place, { recursive: true, force: true });
  }
}
