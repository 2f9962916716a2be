// How the service reaches its database: with TLS, with a password, through PgBouncer; and what it
// says when it cannot.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { payments_program, Program } from '../fixtures/harness.mjs';
import { PostgresDatabase } from '../fixtures/database.mjs';
import { start_pgbouncer } from '../fixtures/pgbouncer.mjs';
import { make_certificates, Postgres } from '../fixtures/postgres.mjs';
import { simple_eur, simple_huf, stripe_eur, stripe_huf, World } from '../faults/world.mjs';
import { open_cluster } from './cluster.mjs';

const ends_within_ms = 15_000;

let directory, tls, server;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ozora-connecting-'));
  tls = await make_certificates(join(directory, 'right'));
  server = await Postgres.start({ tls });
});
after(async () => {
  await server?.close();
  await rm(directory, { recursive: true, force: true });
});

// An empty database of this name, its user of the same name, and that user's password, which is not
// in the address.
async function fresh(name) {
  const url = new URL(await server.create_database(name));
  const { password } = url;
  url.password = '';
  const address = ({ ca = tls.ca, host = '127.0.0.1', path = url.pathname } = {}) => {
    const changed = new URL(url);
    Object.assign(changed, { hostname: host, pathname: path });
    changed.search = new URLSearchParams({ sslmode: 'verify-full', sslrootcert: ca });
    return changed.href;
  };
  const database = (at, settings) =>
    new PostgresDatabase(at, { direct: server.url(name), settings });
  return { name, password, address, database };
}

async function pay_with(name, database, codes = [simple_eur, stripe_eur]) {
  const world = await World.open({ open: open_cluster, count: 2, database });
  try {
    for (const code of codes) await world.pay(await world.started(code));
    const { code, output } = await world.verify_ledger();
    assert.equal(code, 0, output);
    return await server.rows(`SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity
      USING (pid) WHERE usename = '${name}'`);
  } finally {
    await world.close();
  }
}

// What the service says when it is started so and ends.
async function last_words(address, password) {
  const env = { PAYMENTS_DATABASE: address, PAYMENTS_DATABASE_PASSWORD: password };
  const program = new Program(payments_program, ['migrate'], { env });
  const late = setTimeout(() => program.child.kill('SIGKILL'), ends_within_ms);
  const { code } = await program.ended;
  clearTimeout(late);
  assert.ok(code > 0, `it ended with ${code}: ${program.output}`);
  assert.ok(!program.output.includes(password), 'it tells the password');
  return program.output;
}

test('a server whose certificate is by the right authority is spoken to, with TLS', async () => {
  const { name, password, address, database } = await fresh('with_tls');
  const settings = { PAYMENTS_DATABASE_PASSWORD: password };
  assert.deepEqual(await pay_with(name, database(address(), settings)), [{ ssl: true }]);
});

test('the password may be in a file, and the server found by name', async () => {
  const { name, password, address, database } = await fresh('with_file');
  const path = join(directory, 'password');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  const settings = { PAYMENTS_DATABASE_PASSWORD_FILE: path };
  await pay_with(name, database(address({ host: 'localhost' }), settings));
});

test('a server whose certificate is by another authority is not', async () => {
  const { password, address } = await fresh('wrong_authority');
  const { ca } = await make_certificates(join(directory, 'wrong'));
  assert.match(await last_words(address({ ca }), password), /certificate verify failed/);
});

test('a server of another name than its certificate\'s is not', async () => {
  const names = 'DNS:db.example.com';
  const other = await make_certificates(join(directory, 'other'), { names });
  const elsewhere = await Postgres.start({ tls: other });
  try {
    const at = new URL(await elsewhere.create_database('wrong_name'));
    const { password } = at;
    at.password = '';
    at.search = new URLSearchParams({ sslmode: 'verify-full', sslrootcert: other.ca });
    assert.match(await last_words(at.href, password), /does not match host name/);
  } finally {
    await elsewhere.close();
  }
});

test('a wrong password is said, and not shown', async () => {
  const { address } = await fresh('wrong_password');
  const said = await last_words(address(), 'not-the-password');
  assert.match(said, /password authentication failed/);
});

test('a database that is not there is said', async () => {
  const { password, address } = await fresh('not_there');
  const said = await last_words(address({ path: '/elsewhere' }), password);
  assert.match(said, /"elsewhere" does not exist/);
});

test('through PgBouncer in transaction mode a ticket is paid with each processor', async () => {
  const { name, password, database } = await fresh('with_pooler');
  const pooler = await start_pgbouncer(server, { user: name, password });
  try {
    const settings = { PAYMENTS_DATABASE_PREPARED: 'off' };
    const codes = [simple_eur, simple_huf, stripe_eur, stripe_huf];
    await pay_with(name, database(pooler.url(name), settings), codes);
  } finally {
    await pooler.stop();
  }
});
