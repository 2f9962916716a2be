// A real PostgreSQL 15 from Debian's packages: on 127.0.0.1 and a free port, its data in a
// temporary directory, with fsync on as in earnest. Ends by its process id.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, free_port, Program } from '../../scripts/platform.mjs';

const run_file = promisify(execFile);
const programs = process.env.POSTGRESQL_PROGRAMS ?? '/usr/lib/postgresql/15/bin';
const stop_signals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' };
const largest_answer_bytes = 256 * 1024 * 1024;

// Servers of PostgreSQL and PgBouncer refuse to run as root: then they are run by Debian's user.
export function server_user() {
  if (process.getuid() !== 0) return {};
  const id = (kind) => Number(execFileSync('id', [kind, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

// A directory that such a server may write to.
export async function server_directory(name) {
  const place = await mkdtemp(join(tmpdir(), `ozora-${name}-`));
  const { uid, gid } = server_user();
  if (uid !== undefined) await chown(place, uid, gid);
  return place;
}

// Runs SQL by psql and gives what it wrote.
function psql(url, sql) {
  return new Promise((resolve, reject) => {
    const options = ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', '-'];
    const given = { env: { PATH: process.env.PATH }, maxBuffer: largest_answer_bytes };
    const child = execFile(join(programs, 'psql'), options, given, (error, stdout, stderr) => {
      if (error) reject(new Error(`${stderr.trim() || error.message}\n${sql.slice(0, 500)}`));
      else resolve(stdout);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(sql);
  });
}

export const execute = async (url, sql) => void (await psql(url, sql));

// The rows of a SELECT as objects.
export async function rows_of(url, sql) {
  const as_json = `SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (${sql}) r;`;
  return JSON.parse(await psql(url, as_json));
}

// A session that has run `sql` and keeps what that holds until `release` is called.
export async function hold(url, sql) {
  const session = spawn(join(programs, 'psql'), ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', url]);
  let is_over = false;
  const ended = new Promise((resolve) => session.once('close', resolve));
  ended.then(() => (is_over = true));
  let written = '';
  for (const stream of [session.stdout, session.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (written += text));
  }
  session.stdin.on('error', () => {});
  session.stdin.write(`BEGIN; ${sql}; SELECT 'it is held';\n`);
  const release = () => {
    session.stdin.end();
    return ended;
  };
  try {
    await eventually(() => is_over || written.includes('it is held'), { every_ms: 5, what: sql });
    if (is_over) throw new Error(`the session ended: ${sql}`);
  } catch (error) {
    await release();
    throw new Error(`${error.message}\n${written}`);
  }
  return release;
}

const as_setting = ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`;

// A certificate authority of our own, and what it signs for a server: ca, certificate and key.
export async function make_certificates(directory, { names = 'IP:127.0.0.1,DNS:localhost' } = {}) {
  await mkdir(directory, { recursive: true });
  const at = (name) => join(directory, name);
  const openssl = (...args) => run_file('openssl', args);
  const new_key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  await openssl('req', '-x509', ...new_key, '-keyout', at('ca.key'), '-out', at('ca.crt'),
    '-days', '30', '-subj', '/CN=tests of ozora-payments');
  await openssl('req', ...new_key, '-keyout', at('server.key'), '-out', at('server.csr'),
    '-subj', '/CN=localhost');
  await writeFile(at('names'), `subjectAltName=${names}\n`);
  await openssl('x509', '-req', '-in', at('server.csr'), '-CA', at('ca.crt'),
    '-CAkey', at('ca.key'), '-CAcreateserial', '-out', at('server.crt'), '-days', '30',
    '-extfile', at('names'));
  return { ca: at('ca.crt'), certificate: at('server.crt'), key: at('server.key') };
}

const children_of = async (pid) => {
  const lists = await readdir(`/proc/${pid}/task`).catch(() => []);
  const read = (task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
  const texts = await Promise.all(lists.map(read));
  return texts.join(' ').split(' ').filter(Boolean).map(Number);
};

const trusting = 'local all all trust\nhost all,replication all 127.0.0.1/32 trust\n';
const demanding =
  'local all,replication all trust\nhostssl all,replication all 127.0.0.1/32 scram-sha-256\n';

export class Postgres {
  // `configuration` is text of postgresql.conf, over which `settings` win; `tls` is what make_certificates gave, and then a
  // password is asked for; `data` is where the data goes when not in the server's own directory.
  static async start({ configuration = '', settings = {}, tls, data } = {}) {
    const place = await server_directory('postgresql');
    const server = new Postgres({ place, data: data ?? join(place, 'data'), tls, configuration });
    try {
      server.password = randomBytes(12).toString('hex');
      const secret = join(place, 'password');
      await server.#write(secret, server.password);
      await server.#program('initdb', '-D', server.data, '-U', 'postgres', '-E', 'UTF8',
        '--locale', 'C', '--no-sync', '--auth', 'scram-sha-256', '--pwfile', secret);
      await server.#prepare(settings);
      await server.run();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  constructor(members) {
    Object.assign(this, { user: server_user() }, members);
  }

  async #write(path, text) {
    await writeFile(path, text, { mode: 0o600 });
    if (this.user.uid !== undefined) await chown(path, this.user.uid, this.user.gid);
  }

  #program(name, ...args) {
    const given = { ...this.user, cwd: this.place, env: { PATH: process.env.PATH } };
    return run_file(join(programs, name), args, given);
  }

  // The configuration that every server here has, and then `settings`.
  async #prepare(settings) {
    this.port = await free_port();
    await this.#write(join(this.data, 'pg_hba.conf'), this.tls ? demanding : trusting);
    await this.#take_certificates();
    this.settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: this.place,
      fsync: 'on',
      synchronous_commit: 'on',
      max_connections: 300,
      shared_buffers: '64MB',
      log_line_prefix: '%m [%p] %d ',
      synchronous_standby_names: '',
      ...(this.tls && { ssl: 'on' }),
      ...settings,
    };
    await this.#write_settings();
  }

  async #take_certificates() {
    if (!this.tls) return;
    for (const [from, to] of [['certificate', 'server.crt'], ['key', 'server.key']]) {
      await this.#write(join(this.data, to), await readFile(this.tls[from]));
    }
  }

  #write_settings() {
    const given = Object.entries(this.settings).filter(([, value]) => value !== undefined);
    const text = `${this.configuration}\n${given.map(as_setting).join('')}`;
    return this.#write(join(this.data, 'postgresql.conf'), text);
  }

  // How a client finds `database`; `and` are further parameters of the URL.
  url(database = 'postgres', { user = 'postgres', password = this.password, and = {} } = {}) {
    const who = this.tls ? `${user}:${password}` : user;
    const more = Object.keys(and).length > 0 ? `?${new URLSearchParams(and)}` : '';
    return `postgresql://${who}@127.0.0.1:${this.port}/${database}${more}`;
  }

  execute(sql, database) {
    return execute(this.url(database), sql);
  }

  rows(sql, database) {
    return rows_of(this.url(database), sql);
  }

  // A database, and an ordinary user of the same name who owns it; gives that user's URL.
  async create_database(name) {
    const password = randomBytes(12).toString('hex');
    await this.execute(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
    await this.execute(`CREATE DATABASE ${name} OWNER ${name}`);
    return this.url(name, { user: name, password });
  }

  // ------------------------------------------------------------------------------ its life

  async run() {
    const given = { ...this.user, cwd: this.place, env: { PATH: process.env.PATH } };
    this.program = new Program(join(programs, 'postgres'), ['-D', this.data], given);
    await eventually(
      async () => {
        this.program.fail_if_ended('starting');
        return this.execute('SELECT').then(() => true, () => false);
      },
      { within_ms: 60_000, every_ms: 30, what: 'PostgreSQL to answer' },
    );
  }

  stop(mode = 'fast') {
    return this.program.stop(stop_signals[mode]);
  }

  async restart(mode) {
    await this.stop(mode);
    await this.run();
  }

  // To the server itself, which would begin anew else, and then to all that it runs.
  async #signal_all(signal) {
    const { pid } = this.program;
    const children = await children_of(pid);
    for (const one of [pid, ...children]) {
      try {
        process.kill(one, signal);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
  }

  // As when the machine goes: nothing is written or said any more.
  async kill() {
    await this.#signal_all('SIGKILL');
    await this.program.ended;
  }

  // As when the network loses every packet: connections stay, and nothing comes back.
  freeze() {
    return this.#signal_all('SIGSTOP');
  }

  thaw() {
    return this.#signal_all('SIGCONT');
  }

  // Changes settings while the server runs; undefined leaves what the configuration says.
  async set(settings) {
    Object.assign(this.settings, settings);
    await this.#write_settings();
    this.program.child.kill('SIGHUP');
  }

  async close() {
    if (this.program && !this.program.end) {
      await this.thaw();
      await this.stop('immediate');
    }
    await rm(this.place, { recursive: true, force: true });
  }

  // ----------------------------------------------------------------------------- a standby

  // A second server that streams from this one; from then on a commit waits until both have it.
  // `names` are synchronous_standby_names, without which the configuration has them. Promoted, the
  // second has nobody to wait for.
  async make_synchronous_standby({ names } = {}) {
    const place = await server_directory('standby');
    const { password, configuration } = this;
    const standby = new Postgres({ place, data: join(place, 'data'), password, configuration });
    try {
      await standby.#program('pg_basebackup', '-R', '-X', 'stream', '-c', 'fast', '--no-sync',
        '-D', standby.data, '-d', `${this.url()}?application_name=standby1`);
      await standby.#prepare({});
      await standby.run();
      await this.set({ synchronous_standby_names: names });
      await eventually(
        async () => {
          const [standing] = await this.rows('SELECT sync_state FROM pg_stat_replication');
          return ['sync', 'quorum'].includes(standing?.sync_state);
        },
        { within_ms: 30_000, what: 'the standby to be synchronous' },
      );
    } catch (error) {
      await standby.close();
      throw error;
    }
    return standby;
  }

  promote() {
    return this.execute('SELECT pg_promote(true, 60)');
  }
}
