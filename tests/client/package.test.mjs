// The package as others get it: made of this contract, for modules and for `require`, with its
// types, in Node and in a browser.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { World } from '../browser/harness.mjs';
import { installed, sources } from './installed.mjs';
import { client_world } from './world.mjs';

const run = promisify(execFile);
const here = (name) => new URL(name, import.meta.url);

let folder, place;
before(async () => {
  folder = await installed();
  place = await client_world();
});

describe('the package', () => {
  it('is made of this contract', async () => {
    await run(process.execPath, [join(sources, 'generate.mjs'), '--check']);
  });

  it('holds what it is made of and nothing else, under the license of the project', async () => {
    const at = join(folder, 'node_modules/payments_client');
    assert.deepEqual((await readdir(at)).sort(), ['README.md', 'dist', 'examples', 'package.json']);
    const { license, dependencies } = JSON.parse(await readFile(join(at, 'package.json')));
    const contract = await readFile(here('../../openapi.yaml'), 'utf8');
    assert.ok(contract.includes(`identifier: ${license}\n`));
    assert.deepEqual(Object.keys(dependencies), ['standardwebhooks']);
  });

  it('compiles strictly with its callers, as a module and for require', async () => {
    const files = ['consumer.mts', 'consumer.cts'];
    for (const name of files) await cp(here('consumer.ts'), join(folder, name));
    const strict = [
      '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--noUnusedLocals',
      '--noImplicitReturns', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2023,dom',
      '--noEmit', '--types', '',
    ];
    const tsc = join(sources, 'node_modules/typescript-7/bin/tsc');
    try {
      execFileSync(process.execPath, [tsc, ...strict, ...files],
        { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      assert.fail(error.stdout);
    }
  });
});

describe('the README', () => {
  it('names every operation that takes a key, and every write that needs none', async () => {
    const dist = join(folder, 'node_modules/payments_client/dist/esm');
    const { operations } = await import(join(dist, 'generated/operations.js'));
    const readme = await readFile(join(sources, 'README.md'), 'utf8');
    const named_in = (row) =>
      [...readme.match(row)[0].matchAll(/`([a-z]+[A-Z]\w+)`/g)].map(([, id]) => id).sort();
    const keyed = Object.keys(operations).filter((id) => operations[id].repeat === 'keyed');
    assert.deepEqual(named_in(/^\| that take an .*$/m), keyed.sort());
    for (const id of named_in(/^\| that only read.*$/m)) {
      assert.deepEqual([operations[id].method, operations[id].repeat], ['POST', 'safe']);
    }
  });

  it('begins with what starts a payment', async () => {
    const readme = await readFile(join(sources, 'README.md'), 'utf8');
    const [, code] = /```js\n([^]*?)```/.exec(readme);
    const ticket_id = place.world.tickets.add();
    globalThis.my_token = (kinds) => place.token({ kinds });
    const here_and_now = code
      .replaceAll('http://127.0.0.1:8080', place.url)
      .replaceAll('ticket_id: 42', `ticket_id: ${ticket_id}`);
    await writeFile(join(folder, 'quick_start.mjs'), here_and_now);
    await import(join(folder, 'quick_start.mjs'));
    const { transactions } = await place.client().listTicketTransactions({ ticket_id });
    assert.deepEqual(transactions.map(({ status }) => status), ['pending']);
  });
});

// Pays a free ticket, and looks whether the parts are there.
const story = `
  const payments = new PaymentsClient({ url: process.argv[2] });
  const start = { ticket_id: Number(process.argv[3]), code: 'FREE-FEE-EUR-SIMPLE' };
  payments.startPayment(start).then((started) => {
    const { idempotency_key } = details_of(started);
    console.log(JSON.stringify({ started, idempotency_key, verify: typeof verifyEvent }));
  });
`;
const names = ['{ details_of, PaymentsClient }', '{ verifyEvent }'];
const programs = {
  'module.mjs': `import ${names[0]} from 'payments_client';
    import ${names[1]} from 'payments_client/webhooks';${story}`,
  'common.cjs': `const ${names[0]} = require('payments_client');
    const ${names[1]} = require('payments_client/webhooks');${story}`,
};

describe('in Node', () => {
  // The tests' own, and the machine's: of Debian 12 that is 18.
  const nodes = [process.execPath, '/usr/bin/node'].filter((path) => existsSync(path));

  it('it is imported and required, by the oldest Node that there is', async () => {
    for (const [name, text] of Object.entries(programs)) {
      await writeFile(join(folder, name), text);
      for (const node of nodes) {
        const ticket = place.world.tickets.add();
        const program = [join(folder, name), place.url, String(ticket)];
        const { stdout } = await run(node, program);
        const { started, idempotency_key, verify } = JSON.parse(stdout);
        assert.equal(started.required_additional_action, false, `${node} ${name}`);
        assert.match(idempotency_key, /^[0-9a-f]{32}$/);
        assert.equal(verify, 'function');
      }
    }
  });
});

describe('in a browser', () => {
  it('a plain script starts a payment, without anything but the client itself', async () => {
    const browser = new World(place.platform, () => {});
    const ticket_id = place.world.tickets.add();
    await browser.visit({ fresh: true }, async (visitor, page) => {
      const loaded = [];
      page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
      visitor.expect_refusal(422);
      await page.goto(`${place.shop}/?${new URLSearchParams({ at: place.url, ticket_id })}`);
      const told = await page.waitForFunction(() => window.told);
      const { started, again, fault } = await told.jsonValue();
      assert.ok(started.redirect_url.startsWith(place.sandbox.simplepay));
      assert.deepEqual([again.answer, again.is_replayed], [started, true]);
      assert.deepEqual(fault, { name: 'ProblemError', type: '/problems/code-not-offered' });
      assert.ok(loaded.includes('/payments_client/client.js'));
      assert.deepEqual(loaded.filter((path) => /webhook|node/.test(path)), []);
    });
  });
});
