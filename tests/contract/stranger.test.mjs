// tests/stranger/run types what docs/operations.md says, and takes ten minutes: so here, at every
// change, that each command it takes from there is in there, and that it can fill the settings in.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../scripts/platform.mjs';
import { Document } from '../stranger/document.mjs';
import { settings_from } from '../stranger/going_live.mjs';
import { backup_in } from '../stranger/restoring.mjs';

const stranger = join(root, 'tests/stranger');
const handbook = new Document(join(root, 'docs/operations.md'));
const source_of = (name) => readFileSync(join(stranger, name), 'utf8');

// What a file takes from the handbook: [block, line or within, heading, words...]. A heading may be
// a constant of the file.
function taken_by(name) {
  const source = source_of(name);
  const constants = new Map([...source.matchAll(/^const (\w+) = '([^']*)';/gm)]
    .map(([, constant, text]) => [constant, text]));
  const argument = String.raw`(?:'[^']*'|\w+)`;
  const calls = new RegExp(
    String.raw`document\.(block|line|within)\((${argument}(?:, ${argument})*)\)`, 'g',
  );
  return [...source.matchAll(calls)].map(([, how, list]) => {
    const words = list.split(/, (?=['\w])/).map((one) =>
      one.startsWith("'") ? one.slice(1, -1) : constants.get(one));
    return [how, ...words];
  });
}

const files = readdirSync(stranger).filter((name) => name.endsWith('.mjs'));

describe('the stranger', () => {
  it('finds in the handbook every command that they take from it', () => {
    const taken = files.filter((name) => name !== 'document.mjs').flatMap(taken_by);
    const calls = files.map((name) => source_of(name).split(/\bdocument\.(?:block|line|within)\(/))
      .reduce((sum, parts) => sum + parts.length - 1, 0);
    assert.equal(taken.length, calls, 'calls that are written in a way that is not read here');
    assert.ok(calls > 8);
    for (const [how, heading, ...words] of taken)
      assert.notEqual(handbook[how](heading, ...words).trim(), '', `${heading}: ${words}`);
  });

  it('finds what is typed before the machine boots', () => {
    const typed = [...source_of('arrive').matchAll(/^typed '([^']+)' '([^']+)'$/gm)];
    assert.equal(typed.length, 2);
    for (const [, heading, word] of typed)
      assert.match(handbook.line(heading, word), /^sudo apt-get install /);
  });

  it('has a value for every example among the settings', () => {
    const filled = settings_from(handbook.block('5. Settings', 'PAYMENTS_PUBLIC_URL'));
    assert.doesNotMatch(filled, /example|\.\.\./);
  });

  it('knows the name of a backup in the example of restoring', () => {
    assert.match(backup_in(handbook), /^payments-.*\.db$/);
  });
});
