// What others generate from the contract works: a client made by openapi-typescript is compiled
// under the strictest settings and calls the real binary.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { after, before, it } from 'node:test';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tmpdir } from 'node:os';
import { open_world, scope, search, simple_eur } from '../world.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, '../node_modules');
const run = (tool, ...options) =>
  execFileSync(process.execPath, [join(modules, tool), ...options], {
    encoding: 'utf8',
  });

let world, directory, client;
before(async () => {
  world = await open_world();
  directory = await mkdtemp(join(tmpdir(), 'ozora-client-'));
  await mkdir(join(directory, 'src'));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  await symlink(modules, join(directory, 'node_modules'));
  await cp(join(here, 'generated_client.ts'), join(directory, 'src/client.ts'));
  run(
    'openapi-typescript/bin/cli.js', join(here, '../../../openapi.yaml'),
    '--output', join(directory, 'src/schema.d.ts'),
  );
});
after(async () => {
  await world?.close();
  if (directory) await rm(directory, { recursive: true, force: true });
});

it('a generated client compiles strictly', () => {
  const strict = [
    '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--noUnusedLocals',
    '--noImplicitReturns', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2023,dom',
    '--moduleResolution', 'nodenext', '--skipLibCheck',
  ];
  try {
    run('typescript/bin/tsc', ...strict, '--outDir', directory, join(directory, 'src/client.ts'));
  } catch (error) {
    assert.fail(error.stdout);
  }
});

it('it starts a payment, looks it up, and reads errors and reviews', async () => {
  client = await import(join(directory, 'client.js'));
  const ticket = world.tickets.add();
  const { page, transaction } = await client.pay_and_look_up(
    world.url, ticket, simple_eur, world.service_token(search),
  );
  assert.ok(page.startsWith(world.sandbox.simplepay));
  assert.deepEqual([transaction.ticket_id, transaction.status], [ticket, 'pending']);
  assert.equal(transaction.paid_at, null);
  assert.deepEqual(await client.faults_of(world.url, { code: 7 }), [
    '/ticket_id is missing', '/code must be a string',
  ]);
  assert.deepEqual(
    await client.review_subjects(world.url, world.user_token({ ...search, ...scope })), [],
  );
});
