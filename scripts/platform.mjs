// Starts the service and the sandbox it talks to, and stops them again. ./run uses it, and so do
// the test suites that drive the real binaries. Needs nothing but Node 18.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const payments_program =
  process.env.PAYMENTS_BIN ?? join(root, 'build/release/ozora-payments');
export const sandbox_program = process.env.SANDBOX_BIN ?? join(root, 'build/release/ozora-sandbox');

// What the sandbox expects: SimplePay's published demo accounts, and the keys of its Stripe.
export const simplepay_accounts = {
  HUF: { merchant: 'PUBLICTESTHUF', secret: 'FxDa5w314kLlNseq2sKuVwaqZshZT5d6' },
  EUR: { merchant: 'PUBLICTESTEUR', secret: '9A2sDc7xh1JKW8r193RwW7X7X2ts837w' },
  USD: { merchant: 'PUBLICTESTUSD', secret: 'Aa9cDbHc1i2lLmN4z3C542zjXqZiDiCj' },
};
export const stripe_keys = {
  secret: 'sk_test_ozora_sandbox',
  webhook_secret: 'whsec_ozora_sandbox',
};

const start_deadline_ms = 30_000;
const stop_deadline_ms = 10_000;
const kept_output_bytes = 1_000_000;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Asks `probe` until it gives something that is not undefined or false.
export async function eventually(probe, { within_ms = 20_000, every_ms = 50, what = 'it' } = {}) {
  const deadline = Date.now() + within_ms;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${within_ms} ms in vain for ${what}`);
    await pause(every_ms);
  }
}

// Below the ports that the kernel gives to whoever asks for any, so that no connection or program
// started meanwhile takes it before the one it is meant for.
const ports = { first: 20_000, count: 12_000 };

// Nothing when somebody listens there.
const listen_at = (host, port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });

// Programs of tests run side by side, and may be given a port long before they listen on it. Who
// gives one away listens on it at this address until its process ends, so that no other does.
const where_it_is_taken = '127.9.9.9';

export async function free_port() {
  for (;;) {
    const port = ports.first + Math.floor(Math.random() * ports.count);
    const taken = await listen_at(where_it_is_taken, port);
    if (!taken) continue;
    taken.unref();
    const tried = await listen_at('127.0.0.1', port);
    if (tried) {
      await new Promise((resolve) => tried.close(resolve));
      return port;
    }
    taken.close();
  }
}

// A running program and what it has written. `log` gives, for a program's name, where to write
// that as well; `more` are options of spawn, as uid and cwd.
export class Program {
  constructor(path, args, { env = {}, log, ...more } = {}) {
    if (!existsSync(path))
      throw new Error(`${path} is missing: build it first (./run or ./test do)`);
    this.name = path.split('/').pop();
    this.output = '';
    this.lines = [];
    this.child = spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'], ...more });
    this.pid = this.child.pid;
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve({ error }));
      this.child.once('close', (code, signal) => resolve({ code, signal }));
    });
    this.ended.then((end) => (this.end = end));
    const file = log?.(this.name);
    this.#keep(this.child.stdout, file);
    this.#keep(this.child.stderr, file);
  }

  #keep(stream, file) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text) => {
      if (this.output.length < kept_output_bytes) this.output += text;
      file?.write(text);
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      if (this.lines.length < 100_000) this.lines.push(...lines);
    });
  }

  fail_if_ended(doing) {
    if (!this.end) return;
    const { code, signal, error } = this.end;
    throw new Error(
      `${this.name} ended while ${doing} ` +
        `(${error?.message ?? signal ?? `exit ${code}`}):\n${this.output}`,
    );
  }

  // Waits for a line of output that `matches`, and gives it.
  line(matches, what) {
    return eventually(
      () => {
        const found = this.lines.find(matches);
        if (found === undefined) this.fail_if_ended(`waiting for ${what}`);
        return found;
      },
      { within_ms: start_deadline_ms, every_ms: 20, what: `${this.name} to print ${what}` },
    );
  }

  // Ends the program by its process id and waits until it has.
  async stop(signal = 'SIGTERM') {
    if (this.end) return this.end;
    this.child.kill(signal);
    const late = setTimeout(() => this.child.kill('SIGKILL'), stop_deadline_ms);
    const end = await this.ended;
    clearTimeout(late);
    return end;
  }
}

// The environment of a child: ours without any PAYMENTS_ setting, and `settings`.
function environment(settings) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PAYMENTS_'));
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(own), ...Object.fromEntries(given) };
}

// Key pairs for users, services and the service itself; kept when they exist.
export async function make_keys(directory) {
  if (existsSync(join(directory, 'payments.jwk'))) return directory;
  await mkdir(directory, { recursive: true });
  const program = new Program(sandbox_program, ['keys', directory], { env: environment({}) });
  const { code } = await program.ended;
  if (code !== 0) throw new Error(`ozora-sandbox keys failed:\n${program.output}`);
  return directory;
}

// `at` gives the address of each part, 127.0.0.1:0 where it is silent.
export async function start_sandbox({ keys, payments_url, at = {}, args = [], log }) {
  const parts = ['simplepay', 'stripe', 'tickets', 'shop', 'bank'];
  const addresses = parts.flatMap((part) => [`--${part}`, at[part] ?? '127.0.0.1:0']);
  const program = new Program(
    sandbox_program,
    ['serve', ...addresses, '--payments-url', payments_url, '--keys', keys, ...args],
    { env: environment({}), log },
  );
  try {
    const ready = await program.line(
      (line) => line.startsWith('{') && line.includes('"simplepay"'),
      'its addresses',
    );
    return { program, ...JSON.parse(ready), stop: () => program.stop() };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

// The settings of the service that speaks to `sandbox`; docs/operations.md lists each.
export function payments_settings({ listen, url, database, keys, sandbox }) {
  const settings = {
    PAYMENTS_LISTEN: listen,
    PAYMENTS_DATABASE: database,
    PAYMENTS_PUBLIC_URL: url,
    PAYMENTS_ALLOWED_ORIGINS: sandbox.shop,
    PAYMENTS_TICKETS_URL: sandbox.tickets,
    PAYMENTS_SERVICE_SIGNING_KEY: join(keys, 'payments.jwk'),
    PAYMENTS_USER_KEYS: join(keys, 'user.jwks'),
    PAYMENTS_SERVICE_KEYS: join(keys, 'service.jwks'),
    PAYMENTS_SIMPLEPAY_URL: `${sandbox.simplepay}/payment/v2`,
    PAYMENTS_SIMPLEPAY_RETURN_URL: `${sandbox.shop}/return`,
    PAYMENTS_STRIPE_URL: sandbox.stripe,
    PAYMENTS_STRIPE_SECRET_KEY: stripe_keys.secret,
    PAYMENTS_STRIPE_WEBHOOK_SECRETS: stripe_keys.webhook_secret,
  };
  for (const [currency, { merchant, secret }] of Object.entries(simplepay_accounts)) {
    settings[`PAYMENTS_SIMPLEPAY_${currency}_MERCHANT`] = merchant;
    settings[`PAYMENTS_SIMPLEPAY_${currency}_SECRET`] = secret;
  }
  return settings;
}

// Starts the service and waits until it is ready. A setting of undefined is left out.
export async function start_payments({ settings, url, log, path = payments_program }) {
  const program = new Program(path, ['serve'], { env: environment(settings), log });
  try {
    await eventually(
      async () => {
        program.fail_if_ended('starting');
        const reply = await fetch(`${url}/readyz`).catch(() => undefined);
        if (reply) await reply.arrayBuffer();
        return reply?.status === 200;
      },
      { within_ms: start_deadline_ms, every_ms: 10, what: `${url}/readyz to say yes` },
    );
  } catch (error) {
    await program.stop();
    throw new Error(`${error.message}\n${program.output}`);
  }
  return { program, url, stop: () => program.stop() };
}

// Both, with everything they keep under `directory`. `settings` wins over what is given by itself.
// `public_url` is where visitors and providers reach the service when that is not its own address.
export async function start_platform({
  directory,
  listen,
  public_url,
  at = {},
  settings = {},
  sandbox_args = [],
  log,
}) {
  const keys = await make_keys(join(directory, 'keys'));
  const address = listen ?? `127.0.0.1:${await free_port()}`;
  const url = `http://${address}`;
  const seen_as = public_url ?? url;
  const sandbox = await start_sandbox({ keys, payments_url: seen_as, at, args: sandbox_args, log });
  const database = `sqlite:${join(directory, 'payments.db')}`;
  const all = {
    ...payments_settings({ listen: address, url: seen_as, database, keys, sandbox }),
    ...settings,
  };
  try {
    const payments = await start_payments({ settings: all, url, log });
    const stop = async () => {
      await payments.stop();
      await sandbox.stop();
    };
    return { keys, settings: all, sandbox, payments, url, stop };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}
