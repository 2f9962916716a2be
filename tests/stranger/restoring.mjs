// A backup, a disk that is lost, and the way back.
import { readdirSync, writeFileSync } from 'node:fs';
import { filled } from './document.mjs';
import { ready } from './going_live.mjs';
import { check, tell, type } from './machine.mjs';

const books = '/var/lib/ozora-payments';
const backups = '/var/backups/ozora-payments';

// Which backup the document restores in its example.
export const backup_in = (document) =>
  /payments-\d+T\d+Z\.db/.exec(document.block('Restoring', 'restore --database', '--from'))[0];

export async function make_backup(world) {
  const { document, documents } = world;
  await type(document.block('Backups', 'ozora-payments-backup.timer'), { cwd: documents });
  world.backup = readdirSync(backups).find((name) => name.endsWith('.db'));
  check('there is a backup', world.backup);
  world.in_backup = [...world.shop.paid];
  tell(`a backup is made, ${world.backup}, with ${world.in_backup.length} payments`);
}

export async function lose_and_restore(world) {
  const { document, shop, payments } = world;
  const after = await shop.sell();
  await type(`systemctl kill --signal=KILL ozora-payments; rm -rf ${books}/*`);
  tell(`after two more payments the disk of the books is lost, with ${shop.paid.length}`);

  const example = document.block('Restoring', 'systemctl stop', 'restore --database');
  const { output } = await type(filled(example, [[backup_in(document), world.backup]]));
  // The list is the service's log, on a disk that is not lost.
  check('restore says that erasures are to be repeated', output.includes('erase --again'), output);
  const asked_for = 'journalctl --no-pager -u ozora-payments | grep "data are to be erased"';
  await type(asked_for, { codes: [1] });
  const since = /--since (\S+)/.exec(output)?.[1];
  check('restore says since when', since, output);
  await type('sudo systemctl start ozora-payments');
  await ready();

  const asked = await payments(`reconcile --since ${since}`, { codes: [1] });
  const lost = [...asked.output.matchAll(/^(TR\d+) is not on record/gm)].map(([, id]) => id);
  const sold = after.map(({ reference }) => reference);
  check('what was paid since is named', String(lost.sort()) === String(sold.sort()), asked.output);
  const owner_of = ({ reference, ticket_id, code }) => `${reference},${ticket_id},${code}\n`;
  const owners = after.map(owner_of);
  writeFileSync('/tmp/owners.csv', owners.join(''), { mode: 0o644 });
  await payments(`reconcile --since ${since} --owners /tmp/owners.csv`);
  await everything_is_paid(world);
  tell(`restored and asked: ${lost.join(' and ')} were in no backup, and are on record again;` +
    ` ${shop.paid.length} of ${shop.paid.length} payments are paid`);
}

export async function everything_is_paid({ shop, document }) {
  const verify = document.within('Re-reading the books', 'ozora-payments verify-ledger');
  const { output } = await type(`sudo -u ozora-payments ${verify}`);
  check('the books read without a difference', output.includes(': 0 differences'), output);
  const { printed } = await type(
    `sudo -u ozora-payments sqlite3 ${books}/payments.db` +
      ` "SELECT 'TR' || id FROM transactions WHERE status = 'paid'"`,
  );
  const paid = new Set(printed.split('\n'));
  const missing = shop.paid.filter(({ reference }) => !paid.has(reference));
  check('every payment is paid', missing.length === 0, JSON.stringify(missing));
}
