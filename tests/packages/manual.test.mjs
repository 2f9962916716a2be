// The manual pages: that each command, option and setting has its place, and that `man` can read
// them. Held against --help and `settings`, which are made by others.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { run, said, the_packages } from './packaged.mjs';

let program, pages;
before(async () => {
  const { service } = await the_packages();
  program = join(service.unpacked, 'usr/bin/ozora-payments');
  pages = new Map();
  for (const section of [1, 5]) {
    const folder = join(service.unpacked, `usr/share/man/man${section}`);
    for (const name of await readdir(folder)) pages.set(name, join(folder, name));
  }
});

const source = async (name) => gunzipSync(await readFile(pages.get(`${name}.gz`))).toString();
// As somebody reads it.
const text_of = async (name) => {
  const { stdout, stderr } = await run(
    'man', ['--warnings', '--encoding=UTF-8', '--local-file', pages.get(`${name}.gz`)],
    { env: { ...process.env, MANWIDTH: '200', LC_ALL: 'C.UTF-8', MAN_KEEP_FORMATTING: '' } },
  );
  assert.equal(stderr, '', name);
  return stdout.replace(/.\x08/g, '');
};

const help = (...command) => said(program, [...command, '--help']);
// The lines under a heading of --help, by their first words.
const listed = (text, heading) => {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) return [];
  const end = lines.findIndex((line, i) => i > start && !/^\s/.test(line));
  return lines.slice(start + 1, end < 0 ? undefined : end)
    .filter((line) => /^ {2}\S/.test(line)).map((line) => line.trim().split(/[\s,]+/)[0]);
};
const commands_of = async (...command) => listed(await help(...command), 'Subcommands:');

describe('the manual', () => {
  it('has a page for each command, and no other', async () => {
    const commands = await commands_of();
    assert.ok(commands.includes('serve') && commands.length > 20);
    const wanted = commands.map((command) => `ozora-payments-${command}.1.gz`);
    assert.deepEqual(
      [...pages.keys()].sort(),
      [...wanted, 'ozora-payments.1.gz', 'ozora-payments.5.gz'].sort(),
    );
    const overview = await text_of('ozora-payments.1');
    for (const command of commands)
      assert.ok(overview.includes(`ozora-payments-${command}(1)`), command);
  });

  it('names every option of every command, and what it does', async () => {
    let seen = 0;
    const compare = async (command, page) => {
      const of_command = await help(...command);
      const options = [...of_command.split('\nSettings are')[0].matchAll(/^ +(--[\w-]+)/gm)];
      for (const [, option] of options) {
        assert.ok(page.includes(`  ${option}`), `${command.join(' ')} ${option}`);
        ++seen;
      }
      for (const inner of await commands_of(...command)) {
        assert.ok(page.includes(`   ${[...command, inner].join(' ')}\n`), inner);
        await compare([...command, inner], page);
      }
    };
    for (const command of await commands_of())
      await compare([command], await text_of(`ozora-payments-${command}.1`));
    assert.ok(seen > 60, `only ${seen} options`);
  });

  it('names every setting, its form and its default', async () => {
    const page = (await text_of('ozora-payments.5')).replace(/\s+/g, ' ');
    const settings = (await said(program, ['settings'])).split('\n\n').slice(1);
    assert.ok(settings.length > 80);
    for (const setting of settings) {
      const [head, sentence, form] = setting.trim().split('\n').map((line) => line.trim());
      const plain = head.replace(/ \(secret; or (\S+)\)/, ' or $1');
      assert.ok(page.includes(`${plain} ${sentence} ${form}`), `${plain} ${sentence} ${form}`);
    }
  });

  it('is found by whatis', async () => {
    for (const [name, path] of pages)
      assert.match(await said('lexgrog', ['--man', path]), / - \S/, name);
    assert.match(await source('ozora-payments-refund.1'), /^\.TH ozora\\-payments\\-refund 1 /m);
  });
});
