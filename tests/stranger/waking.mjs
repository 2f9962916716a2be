// A disk that is full, whom the alarm wakes, and what shows them the cause.
import { writeFileSync } from 'node:fs';
import { Staff } from './console.mjs';
import { filled } from './document.mjs';
import { ills, ready } from './going_live.mjs';
import { check, seconds_until, tell, type } from './machine.mjs';
import { payments_url, platform } from './shop.mjs';
import { ask, Dashboard, firing, Pager } from './watching.mjs';

const filler = '/var/lib/ozora-payments/filler';
const watch = 'Prometheus, Alertmanager and Grafana';
const pager_port = 9099;
const is_of_disk = (name) => ['PaymentsCommitsFail', 'PaymentsNotReady'].includes(name);

export async function begin_watching(world) {
  const { document, documents } = world;
  const block = document.block(watch, 'promtool check config');
  const commands = filled(block, [
    [`${document.line(watch, 'apt-get install prometheus')}\n`, ''],  // typed before it booted
    ['promtool check', 'sudo bash fill_in\npromtool check'],
  ]);
  // "In it is to be replaced": the paging service's address, and files with secrets.
  writeFileSync(`${documents}/fill_in`, `
    sed -i 's#https://paging.example/alerts#http://127.0.0.1:${pager_port}/alerts#' \\
      /etc/prometheus/alertmanager.yml
    echo token >/etc/prometheus/paging_token
    echo password >/etc/prometheus/smtp_password
    chown prometheus: /etc/prometheus/paging_token /etc/prometheus/smtp_password\n`);
  await type(commands, { cwd: documents });
  world.pager = await Pager.open(pager_port);
  world.closing.push(() => world.pager.close());
  world.dashboard = new Dashboard(`${documents}/deploy/grafana/ozora-payments.json`);
  const scraped = async () => (await ask('payments_ready == 1').catch(() => [])).length === 1;
  await seconds_until('Prometheus to have looked', scraped);
  const panels = await world.dashboard.answers();
  check('no alarm goes off', (await firing()).length === 0, String(await firing()));
  tell(`Prometheus watches: the ${panels} panels of the dashboard are answered, no alarm goes off`);
  world.staff = await Staff.sign_in(payments_url, `${platform}/user.jwk`);
  world.closing.push(() => world.staff.close());
}

export async function live_through_a_full_disk(world) {
  const { pager } = world;
  await type(`dd if=/dev/zero of=${filler} bs=64k`, { codes: [1] });
  const began = Date.now();
  const since = () => Math.round((Date.now() - began) / 1000);
  tell('the disk of the books is full');
  // What fits into the write-ahead log as it is may still be kept.
  await seconds_until('a visitor to be refused', async () =>
    (await world.shop.try_to_buy()) === 503);
  tell(`${since()} s later a visitor was told 503`);
  await seconds_until('an alarm', async () => (await firing()).some(is_of_disk), 180);
  tell(`${since()} s after it was full ${(await firing()).join(' and ')} went off`);
  const wakes = ({ status, name }) => status === 'firing' && is_of_disk(name);
  const woken = () => pager.calls.find(wakes);
  await seconds_until('somebody to be woken', woken);
  const { name, runbook } = woken();
  const [, anchor] = runbook.split('#');
  check(`there is a section ${anchor}`, world.document.has_section(anchor));
  tell(`${since()} s after it was full somebody was woken by ${name}, told to read ${runbook}`);

  await see_the_cause(world);
  await type(`rm ${filler}`);
  const wait = await ready();
  tell(`the disk has room: the service is ready by itself after ${wait} s`);
  await world.shop.sell();
  const ended = await seconds_until('the alarm to end', async () =>
    !(await firing()).some(is_of_disk), 600);
  tell(`two more tickets are paid; ${ended} s later the alarm has ended`);
}

async function see_the_cause({ dashboard, staff, payments }) {
  const now = async (title) => (await dashboard.values(title)).map(({ value }) => Number(value[1]));
  const failed = Math.max(...await now('Commits that failed'), 0);
  const ready_now = Math.min(...await now('Replicas ready'));
  check('the dashboard shows that commits fail', failed > 0 || ready_now === 0);
  check('it shows the alarm', (await now('Alarms now')).length > 0);
  const is_bad = (text) => /disk/i.test(text);
  const on_page = (await staff.ills()).find(is_bad);
  check('the console names the disk', on_page);
  const { output } = await payments('doctor', { codes: [1] });
  const by_doctor = ills(output).find(is_bad);
  check('doctor names the disk', by_doctor, output);
  tell(`the dashboard: ${ready_now} replicas ready, ${failed.toFixed(1)} commits failed in 1 min`);
  tell(`the console: "${on_page}"`);
  tell(`doctor: "${by_doctor}"`);
}
