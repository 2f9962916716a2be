// The second half of ./run: everything is installed and built.
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pay_through_each, sign_in_as } from './check.mjs';
import { open_identity } from '../sandbox/identity/provider.mjs';
import { has_back_office, persons } from './persons.mjs';
import { eventually, free_port, root, start_platform } from './platform.mjs';
import { line_of, open_receiver } from './receiver.mjs';

// Settings in the caller's environment win, so that PAYMENTS_LISTEN=... ./run does what it says.
const own_settings = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => /^PAYMENTS_/.test(name) && name !== 'PAYMENTS_BIN',
  ),
);

const own_events = Object.keys(own_settings).some((name) => name.startsWith('PAYMENTS_EVENTS_'));

// The last line of the steps that ./run shows (scripts/step).
async function show_start(platform) {
  const begun = Date.now();
  const running = await platform;
  console.log(`[4/4] ${'start'.padEnd(23)} ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  return running;
}

// Where sample persons sign in to the back office; nothing where there is none. A new key each
// time: who was signed in signs in again.
async function identity_for(listen, port) {
  if (!has_back_office(listen, own_settings)) return undefined;
  const key = randomBytes(32).toString('base64');
  return open_identity({ port, console_url: `http://${listen}`, persons, key });
}

async function check() {
  const directory = await mkdtemp(join(tmpdir(), 'ozora-payments-'));
  const told = [];
  const receiver = await open_receiver({ on_event: (event) => told.push(event) });
  let platform, identity;
  try {
    const { PAYMENTS_LISTEN: _, ...settings } = own_settings;
    const listen = `127.0.0.1:${await free_port()}`;
    identity = await identity_for(listen, await free_port());
    platform = await show_start(
      start_platform({
        directory,
        listen,
        settings: { ...(!own_events && receiver.settings), ...identity?.settings, ...settings },
      }),
    );
    const paid = await pay_through_each(platform);
    for (const transaction of paid) console.log(JSON.stringify(transaction, null, 2));
    await eventually(
      () =>
        own_events || paid.every(({ id }) => told.some((one) => one.data.transaction_id === id)),
      { what: 'the events of both payments' },
    );
    for (const event of told) console.log(`told: ${line_of(event)}`);
    if (identity) {
      const { user, can } = await sign_in_as(platform, persons[0]);
      console.log(`signed in: ${user.name}, who may ${can.join(', ')}`);
    }
    console.log('check: both payments went through');
  } catch (error) {
    console.error(`check: ${error.message}`);
    if (platform) console.error(`the service wrote:\n${platform.payments.program.output}`);
    process.exitCode = 1;
  } finally {
    await platform?.stop();
    await identity?.close();
    await receiver.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const colour = (code, text) => (process.stdout.isTTY ? `\x1b[${code}m${text}\x1b[0m` : text);

function show_addresses({ url, sandbox }, identity, directory) {
  const rows = [
    ['Shop', `${sandbox.shop}/`, 'buy a ticket here'],
    ...(identity ? [['Back office', `${url}/console/sign-in`, 'choose who you are']] : []),
    ['API reference', `${url}/`, ''],
    ['SimplePay stand-in', `${sandbox.simplepay}/reports`, 'weekly reports'],
    ['Stripe stand-in', `${sandbox.stripe}/dashboard`, 'payouts'],
    ['Bank stand-in', `${sandbox.bank}/`, 'statements'],
    ['Tickets stand-in', `${sandbox.tickets}/`, ''],
  ];
  console.log(`\n  ${colour(1, 'O.Z.O.R.A. Payments is running')}\n`);
  for (const [name, address, note] of rows) {
    console.log(`    ${name.padEnd(20)}${colour(36, address)}${note && `   ${note}`}`);
  }
  console.log(`\n    Database, keys and logs are in ${directory}`);
  console.log('    What other services are told appears here; Ctrl-C stops it\n');
}

const identity_port = 8085;

async function serve() {
  const directory = join(root, 'var');
  await mkdir(directory, { recursive: true });
  const interrupted = new Promise((resolve) => {
    process.once('SIGINT', () => resolve('interrupted'));
    process.once('SIGTERM', () => resolve('interrupted'));
  });
  const receiver = await open_receiver({
    on_event: (event) => console.log(`    ${colour(32, 'told')}  ${line_of(event)}`),
  });
  const listen = own_settings.PAYMENTS_LISTEN ?? '127.0.0.1:8080';
  const identity = await identity_for(listen, identity_port);
  const platform = await show_start(
    start_platform({
      directory,
      listen,
      at: {
        shop: '127.0.0.1:8081',
        simplepay: '127.0.0.1:8082',
        stripe: '127.0.0.1:8083',
        tickets: '127.0.0.1:8084',
        bank: '127.0.0.1:8086',
      },
      settings: { ...(!own_events && receiver.settings), ...identity?.settings, ...own_settings },
      log: (name) => createWriteStream(join(directory, `${name}.log`)),
    }),
  );
  const { payments, sandbox } = platform;
  show_addresses(platform, identity, directory);
  const reason = await Promise.race([
    interrupted,
    payments.program.ended.then(() => payments.program),
    sandbox.program.ended.then(() => sandbox.program),
  ]);
  await platform.stop();
  await identity?.close();
  await receiver.close();
  if (reason === 'interrupted') {
    console.log('\n  Stopped.');
  } else {
    console.error(`${reason.name} ended by itself:\n${reason.output.slice(-4000)}`);
    process.exitCode = 1;
  }
}

try {
  await (process.argv[2] === '--check' ? check() : serve());
} catch (error) {
  console.error(`run: ${error.message}`);
  process.exitCode = 1;
}
