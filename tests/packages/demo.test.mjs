// `ozora-payments demo` as the packages install it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { eventually, Program } from '../../scripts/platform.mjs';
import { Browser } from '../identity/browser.mjs';
import { said, the_packages } from './packaged.mjs';

let program;
before(async () => {
  program = join((await the_packages()).both, 'usr/bin/ozora-payments');
});

// The addresses of a running demo, by name, and the folder it keeps.
async function open_demo() {
  const env = { PATH: process.env.PATH, PAYMENTS_LISTEN: 'not for the demo' };
  const demo = new Program(program, ['demo'], { env });
  await demo.line((line) => line.includes('Ctrl-C'), 'its addresses');
  const at = (name) => demo.output.match(new RegExp(`^ +${name} +(\\S+)`, 'm'))[1];
  const folder = demo.output.match(/are in (\S+) until it stops/)[1];
  return { demo, at, folder };
}

const children_of = async (pid) =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number);

describe('ozora-payments demo', () => {
  it('--check pays one ticket through each processor and tells others of both', async () => {
    const lines = (await said(program, ['demo', '--check'])).trim().split('\n');
    const paid = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    assert.deepEqual(paid.map(({ status }) => status), ['paid', 'paid']);
    assert.deepEqual(paid.map(({ processor }) => processor), ['SIMPLE', 'STRIPE-INTENTS']);
    assert.equal(lines.filter((line) => line.startsWith('told: payment.paid')).length, 2);
    assert.equal(lines.at(-1), 'check: both payments went through');
  });

  it('shows the shop and the back office, whoever one chooses to be, until Ctrl-C', async () => {
    const { demo, at, folder } = await open_demo();
    try {
      const shop = await fetch(at('Shop'));
      assert.equal(shop.status, 200);
      assert.match(await shop.text(), /<script type="module"/);
      assert.equal((await fetch(at('API reference'))).status, 200);

      const back_office = at('Back office');
      const url = new URL(back_office).origin;
      const browser = new Browser();
      let { location } = await browser.send(back_office);
      const page = await browser.send(location);
      assert.match(page.text, /Kata K\..*Inês S\..*Ferenc P\..*Olga R\./s);
      const [, choice] = page.text.match(/href="([^"]*person=olga[^"]*)"/);
      ({ location } = await browser.send(new URL(choice.replaceAll('&amp;', '&'), location)));
      ({ location } = await browser.send(location));
      assert.equal(new URL(location, url).pathname, '/console/confirm');
    } finally {
      assert.deepEqual(await demo.stop('SIGINT'), { code: 0, signal: null });
    }
    assert.ok(!existsSync(folder), `${folder} is still there`);
    await assert.rejects(fetch(at('API reference')));
  });

  it('takes the service with it when it is killed, and ends with it', async () => {
    const { demo } = await open_demo();
    const [service] = await children_of(demo.pid);
    await demo.stop('SIGKILL');
    await eventually(() => !existsSync(`/proc/${service}`), { what: 'the service to end' });

    const second = await open_demo();
    const [its_service] = await children_of(second.demo.pid);
    process.kill(its_service, 'SIGKILL');
    const { code } = await second.demo.ended;
    assert.equal(code, 1);
    assert.match(second.demo.output, /the service ended by itself/);
  });
});
