// Every command in the documents is one that the program has, with the options that are shown.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { root } from '../../scripts/platform.mjs';
import { read_program, settings_in } from './program.mjs';

const listed = execFileSync('git', [
  'ls-files', '--cached', '--others', '--exclude-standard', '*.md', 'deploy/*.service',
], { cwd: root, encoding: 'utf8' });
// Of other versions, and of what belongs to the tests.
const elsewhere = /^(CHANGELOG\.md|clients\/|tests\/|web\/)/;
const files = listed.trim().split('\n').filter((name) => !elsewhere.test(name));

// What is shown as code, a command in each line.
function shown_in(name, text) {
  if (name.endsWith('.service')) return text.split('\n');
  const lines = [];
  const words = text.replaceAll(/^```\w*\n([^]*?)^```$/gm, (_, block) => {
    lines.push(...block.replaceAll(/\\\n\s*/g, '').split('\n'));
    return '';
  });
  lines.push(...words.split('\n').filter((line) => line.startsWith('    ')));
  for (const [, code] of words.matchAll(/`([^`]+)`/g)) lines.push(code.replaceAll(/\s+/g, ' '));
  return lines;
}

// "echo x | ozora-payments visitor erase --why X | less" → the words of the program's own.
function words_of(line) {
  const [, said] = /(?:^|[ (]|\/bin\/)(?<!-g |stop )ozora-payments (?!ozora-payments )([a-z-].*)$/
    .exec(line) ?? [];
  if (said === undefined) return [];
  const [command] = said.replaceAll(/(["']).*?\1/g, 'TEXT').split(/ #|[|;&<>)]| {2}/);
  return command.trim().split(/\s+/);
}

// What is wrong with it: the first words name a command, and it has these options.
function mistakes(words, { commands, flags }) {
  let path = '';
  const rest = [...words];
  while (rest.length > 0 && [path, rest[0]].join(' ').trim() in commands)
    path = [path, rest.shift()].join(' ').trim();
  if (path === '') return [`there is no command ${words[0]}`];
  const below = Object.keys(commands).some((name) => name.startsWith(`${path} `));
  if (below && /^[a-z]/.test(rest[0] ?? '')) return [`${path} has no command ${rest[0]}`];
  const options = rest.flatMap((word) => /^\[?(--[\w-]+)/.exec(word)?.[1] ?? []);
  const known = (name) => name === '--help' || name in commands[path] || flags.has(name);
  return options.filter((name) => !known(name)).map((name) => `${path} has no ${name}`);
}

describe('the documents', () => {
  let program;
  before(() => {
    const { commands, settings } = read_program();
    const flags = Object.keys(settings).flatMap((name) => {
      const flag = `--${name.replace('PAYMENTS_', '').toLowerCase().replaceAll('_', '-')}`;
      return [flag, `${flag}-file`];
    });
    program = { commands, flags: new Set(flags) };
  });

  it('show no command and no option that the program does not have', () => {
    const wrong = [];
    let count = 0;
    for (const name of files) {
      const text = readFileSync(join(root, name), 'utf8');
      for (const line of shown_in(name, text)) {
        const words = words_of(line);
        if (words.length === 0) continue;
        ++count;
        wrong.push(...mistakes(words, program).map((what) => `${name}: ${what}: ${line.trim()}`));
      }
    }
    assert.ok(count > 80, `only ${count} were found`);
    assert.deepEqual(wrong, []);
  });

  it('would be found to be wrong', () => {
    const wrong = (line) => mistakes(words_of(line), program);
    assert.deepEqual(wrong('sudo -u x ozora-payments visitor forget --ticket 4'),
      ['visitor has no command forget']);
    assert.deepEqual(wrong('ozora-payments backup --into FOLDER | tail'), ['backup has no --into']);
    assert.deepEqual(wrong('ozora-payments heal'), ['there is no command heal']);
    assert.deepEqual(wrong('ozora-payments export [--formats F]'), ['export has no --formats']);
    assert.deepEqual(wrong('echo a | ozora-payments visitor erase --why "a --b" --by Kata'), []);
  });

  it('name no setting that there is not', () => {
    const table = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    const known = settings_in(table);
    // PAYMENTS_ROUTE_… stands for many; PAYMENTS_TEST_… is the tests'.
    const is_known = (name) => name in known || name.replace(/_FILE$/, '') in known ||
      (name.endsWith('_') && Object.keys(known).some((one) => one.startsWith(name))) ||
      name.startsWith('PAYMENTS_TEST_');
    const wrong = files.flatMap((name) =>
      [...readFileSync(join(root, name), 'utf8').matchAll(/\bPAYMENTS_[A-Z_]+/g)]
        .filter(([setting]) => !is_known(setting)).map(([setting]) => `${name}: ${setting}`));
    assert.deepEqual(wrong, []);
  });
});
