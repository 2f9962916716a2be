// The back office's pages and the contract speak of the same members.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { after, before, it } from 'node:test';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tmpdir } from 'node:os';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const modules = join(here, '../node_modules');
const run = (tool, ...options) =>
  execFileSync(process.execPath, [join(modules, tool), ...options], {
    encoding: 'utf8',
  });

let directory;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ozora-console-types-'));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  await symlink(modules, join(directory, 'node_modules'));
  await cp(join(here, 'console_types.ts'), join(directory, 'check.ts'));
  for (const name of ['person_types.ts', 'run_types.ts', 'settlement_types.ts']) {
    await cp(join(root, 'web/console/src/net', name), join(directory, name));
  }
  run(
    'openapi-typescript/bin/cli.js', join(root, 'openapi.yaml'),
    '--output', join(directory, 'schema.d.ts'),
  );
});
after(async () => { if (directory) await rm(directory, { recursive: true, force: true }); });

// What the compiler says of the pages' types; '' when it has nothing to say.
async function verdict(types) {
  await writeFile(join(directory, 'types.ts'), types);
  const options = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext'];
  try {
    return run('typescript/bin/tsc', ...options, join(directory, 'check.ts'));
  } catch (error) {
    return error.stdout;
  }
}

const types = () => readFile(join(root, 'web/console/src/net/types.ts'), 'utf8');

it('what the pages read is in the answers, and what they send is what is taken', async () =>
  assert.equal(await verdict(await types()), ''));

it('a member that the contract does not have does not compile', async () => {
  const wrong = (await types()).replace('refundable: number', 'refundables: number');
  assert.match(await verdict(wrong), /refundables/);
});
