// "Going live, step by step" of docs/operations.md, at stand-ins.
import { appendFileSync, writeFileSync } from 'node:fs';
import { filled } from './document.mjs';
import { check, seconds_until, tell, type } from './machine.mjs';
import { payments_url, platform } from './shop.mjs';

const books = '/var/lib/ozora-payments';
const env_file = '/etc/ozora-payments/env';
const small_disk = 'size=96m,mode=700';

// What the stranger fills in, where the document has an example.
const values = {
  PAYMENTS_PUBLIC_URL: payments_url,
  PAYMENTS_ALLOWED_ORIGINS: 'http://127.0.0.1:8081',
  PAYMENTS_TICKETS_URL: 'http://127.0.0.1:8084',
  PAYMENTS_USER_KEYS: '/etc/ozora-payments/user.jwks',
  PAYMENTS_SERVICE_KEYS: '/etc/ozora-payments/service.jwks',
  PAYMENTS_SIMPLEPAY_HUF_MERCHANT: 'PUBLICTESTHUF',
  PAYMENTS_SIMPLEPAY_HUF_SECRET: 'FxDa5w314kLlNseq2sKuVwaqZshZT5d6',
  PAYMENTS_SIMPLEPAY_RETURN_URL: 'http://127.0.0.1:8081/return',
  PAYMENTS_STRIPE_SECRET_KEY: 'sk_test_ozora_sandbox',
  PAYMENTS_STRIPE_WEBHOOK_SECRETS: 'whsec_ozora_sandbox',
};
// Stand-ins in the place of both providers, and the sign-in of docs/console.md that needs nobody.
const more = {
  PAYMENTS_SIMPLEPAY_URL: 'http://127.0.0.1:8082/payment/v2',
  PAYMENTS_STRIPE_URL: 'http://127.0.0.1:8083',
  PAYMENTS_CONSOLE_SIGN_IN: 'token',
  PAYMENTS_CONSOLE_KEY: Buffer.alloc(32, 'console').toString('base64'),
};

export async function go_live(world) {
  const { document, shop } = world;
  // The books have a disk of their own, as small as one must be that can be filled.
  await type(`mount -t tmpfs -o ${small_disk} tmpfs ${books}; chown ozora-payments: ${books}`);
  await shop.make_keys();

  const { printed } = await type(document.block('2. Keys', 'token new-key'));
  check('the public half of our key is printed', printed.includes('"keys"'), printed);
  writeFileSync(`${platform}/payments.jwks`, printed);
  await type(`install -m 644 ${platform}/user.jwks ${platform}/service.jwks /etc/ozora-payments`);
  await shop.open();
  world.closing.push(() => shop.close());

  const example = document.block('5. Settings', 'PAYMENTS_PUBLIC_URL');
  writeFileSync(env_file, `${settings_from(example)}\n`);
  appendFileSync(env_file, Object.entries(more).map((pair) => `${pair.join('=')}\n`).join(''));
  await type(document.block('5. Settings', 'check-config', 'chgrp'));
  tell('keys and settings are as the document says, and check-config finds nothing wrong');

  await type(document.block('8. Start', 'systemctl enable'));
  const sold = await shop.sell();
  tell(`it is live: ${sold.map(({ reference }) => reference).join(' and ')} are paid`);
  world.payments = payments_of(document);
  const { output } = await world.payments('doctor', { codes: [0, 1] });
  tell(`doctor says: ${ills(output).join('; ') || 'all is well'}`);
}

// The example with the stranger's values; what it leaves open must have one.
export function settings_from(example) {
  const lines = example.split('\n').map((line) => {
    const [name, value] = line.split('=');
    if (values[name]) return `${name}=${values[name]}`;
    check(`${name} needs no value of the stranger's`, !/example|\.\.\./.test(value ?? ''), line);
    return line;
  });
  for (const name of Object.keys(values))
    check(`${name} is in the example`, example.includes(name));
  return lines.join('\n');
}

// A command with the settings of the service, as the document has it run.
function payments_of(document) {
  const shell_function = document.block('5. Settings', 'payments() {');
  const just_that = filled(shell_function, [['payments doctor', '']]).trimEnd();
  return (words, options) => type(`${just_that}\npayments ${words}`, options);
}

// Of what doctor says the lines that are not well.
export const ills = (output) =>
  output.split('\n').filter((line) => /^(bad|warn)\b/.test(line)).map((line) => line.trim());

export const ready = (within_s) =>
  seconds_until('the service to be ready', async () => {
    const reply = await fetch(`${payments_url}/readyz`).catch(() => undefined);
    return reply?.status === 200;
  }, within_s);
