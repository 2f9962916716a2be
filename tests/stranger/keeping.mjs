// A visitor who wants to be forgotten, an upgrade, and whether all is well in the end.
import { readFileSync } from 'node:fs';
import { filled } from './document.mjs';
import { ills, ready } from './going_live.mjs';
import { check, seconds_until, tell, type } from './machine.mjs';
import { everything_is_paid } from './restoring.mjs';
import { firing } from './watching.mjs';

const who = 'visitor@example.com';
const books = '/var/lib/ozora-payments';

const places_with = async (words) =>
  (await type(`grep -rlaF '${words}' ${books}`, { codes: [0, 1] })).printed.trim();

export async function erase_visitor(world) {
  const { payments } = world;
  check('the visitor is in the books', (await places_with(who)) !== '');
  const why = '--why "letter of 12 November" --by Anna';
  const { output } = await payments(`visitor erase ${why}`, { input: `${who}\n` });
  check('the report names the backups', output.includes('backup'), output);
  check('their words are gone', (await places_with(who)) === '', await places_with(who));
  const again = await payments('visitor show', { input: `${who}\n`, codes: [0, 1] });
  await everything_is_paid(world);
  tell(`${who} is erased: no file of the books has the words, ` +
    `and the report says of backups: "${line_with(output, /backup/i)}"`);
  tell(`of them nothing but payments is shown: "${again.output.trim().split('\n')[0]}"`);
}

const line_with = (text, pattern) =>
  text.split('\n').find((line) => pattern.test(line))?.trim() ?? '';

export async function upgrade(world) {
  const { document, shop } = world;
  const version = async () => (await type('ozora-payments version')).printed.trim();
  const package_version = async () =>
    (await type("dpkg-query -W -f '${Version}' ozora-payments")).printed;
  const before = await package_version();
  const settings = readFileSync('/etc/ozora-payments/env', 'utf8');
  const command = filled(document.block('Updating', 'apt-get install'), [
    ['apt-get install', 'apt-get install -o Dpkg::Options::=--force-confold'],
  ]);
  await type(command, { cwd: '/root/later' });
  const after = await package_version();
  check('the version is the later one', after === `${before}+later`, after);
  const kept = readFileSync('/etc/ozora-payments/env', 'utf8') === settings;
  check('the settings are as they were', kept);
  await ready();
  await shop.sell();
  await everything_is_paid(world);
  tell(`upgraded from ${before} to ${after} (${await version()}), and two more tickets are paid`);
}

export async function is_well(world) {
  const { output } = await world.payments('doctor', { codes: [0, 1] });
  const bad = ills(output).filter((line) => line.startsWith('bad'));
  check('doctor finds nothing bad', bad.length === 0, output);
  const quiet = async () => (await firing()).length === 0;
  const wait = await seconds_until('every alarm to have ended', quiet, 900);
  const told = world.pager.calls.map(({ status, name }) => `${name} ${status}`).join(', ');
  tell(`${wait} s later no alarm is left; who is on call heard: ${told}`);
}
