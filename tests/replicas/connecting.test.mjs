// How the service reaches its database: with TLS, with a password, through PgBouncer; and what it
// says when it cannot.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { payments_program, Program } from '../support/harness.mjs';
import { PostgresDatabase } from '../support/database.mjs';
import { start_pgbouncer } from '../support/pgbouncer.mjs';
import { make_certificates, Postgres } from '../support/postgres.mjs';
import { simple_eur, simple_huf, stripe_eur, stripe_huf, World } from '../faults/world.mjs';
import { open_cluster } from './cluster.mjs';

const name = 'payments';
const ends_within_ms = 15_000;

let directory, tls, server, url, password;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ozora-connecting-'));
  tls = await make_certificates(join(directory, 'right'));
  server = await Postgres.start({ tls });
  url = new URL(await server.create_database(name));
  password = url.password;
  url.password = '';
});
after(async () => {
  await server?.close();
  await rm(directory, { recursive: true, force: true });
});

function address({ ca = tls.ca, host = '127.0.0.1', mode = 'verify-full' } = {}) {
  const changed = new URL(url);
  changed.hostname = host;
  changed.search = new URLSearchParams({ sslmode: mode, sslrootcert: ca });
  return changed.href;
}

const with_tls = (at, settings) => {
  const direct = server.url(name);
  return new PostgresDatabase(at, { direct, settings });
};

async function pay_with(database, codes = [simple_eur, stripe_eur]) {
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
async function last_words(world_settings) {
  const program = new Program(payments_program, ['migrate'], { env: world_settings });
  const late = setTimeout(() => program.child.kill('SIGKILL'), ends_within_ms);
  const { code } = await program.ended;
  clearTimeout(late);
  assert.ok(code > 0, `it ended with ${code}: ${program.output}`);
  assert.ok(!program.output.includes(password), 'it tells the password');
  return program.output;
}

test('a server whose certificate is by the right authority is spoken to, with TLS', async () => {
  const settings = { PAYMENTS_DATABASE_PASSWORD: password };
  assert.deepEqual(await pay_with(with_tls(address(), settings)), [{ ssl: true }]);
});

test('the password may be in a file', async () => {
  const path = join(directory, 'password');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  const settings = { PAYMENTS_DATABASE_PASSWORD_FILE: path };
  await pay_with(with_tls(address({ host: 'localhost' }), settings));
});

test('a server whose certificate is by another authority is not', async () => {
  const { ca } = await make_certificates(join(directory, 'wrong'));
  const said = await last_words({
    PAYMENTS_DATABASE: address({ ca }),
    PAYMENTS_DATABASE_PASSWORD: password,
  });
  assert.match(said, /certificate verify failed/);
});

test('a server of another name than its certificate\'s is not', async () => {
  const names = 'DNS:db.example.com';
  const other = await make_certificates(join(directory, 'other'), { names });
  const elsewhere = await Postgres.start({ tls: other });
  try {
    const at = new URL(await elsewhere.create_database(name));
    at.search = new URLSearchParams({ sslmode: 'verify-full', sslrootcert: other.ca });
    const said = await last_words({ PAYMENTS_DATABASE: at.href });
    assert.match(said, /does not match host name/);
  } finally {
    await elsewhere.close();
  }
});

test('a wrong password is said, and not shown', async () => {
  const said = await last_words({
    PAYMENTS_DATABASE: address(),
    PAYMENTS_DATABASE_PASSWORD: 'not-the-password',
  });
  assert.match(said, /password authentication failed/);
  assert.ok(!said.includes('not-the-password'));
});

test('a database that is not there is said', async () => {
  const at = new URL(address());
  at.pathname = '/elsewhere';
  const said = await last_words({
    PAYMENTS_DATABASE: at.href,
    PAYMENTS_DATABASE_PASSWORD: password,
  });
  assert.match(said, /"elsewhere" does not exist/);
});

test('through PgBouncer in transaction mode a ticket is paid with each processor', async () => {
  const pooler = await start_pgbouncer(server, { user: name, password });
  try {
    const settings = { PAYMENTS_DATABASE_PREPARED: 'off' };
    const database = with_tls(pooler.url(name), settings);
    await pay_with(database, [simple_eur, simple_huf, stripe_eur, stripe_huf]);
  } finally {
    await pooler.stop();
  }
});
