// What the last release has promised: released/ is its contract, as scripts/release has kept it.
// Until the next major version nothing of it may be missed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { payments_program, Program, root } from '../../scripts/platform.mjs';
import { breaking_changes as breaks_callers } from './api.mjs';
import { breaking_changes as breaks_scripts, read_program } from './program.mjs';

const { parse } = createRequire(join(root, 'tests/api/package.json'))('yaml');
const file = (path) => readFileSync(join(root, path), 'utf8');
const released = {
  api: parse(file('tests/contract/released/openapi.yaml')),
  program: JSON.parse(file('tests/contract/released/program.json')),
};
const api = parse(file('openapi.yaml'));
const major = (version) => Number(version.split('.')[0]);
const may_break = major(api.info.version) > major(released.api.info.version);

// After a release with a new major version nothing may break any more.
function assert_kept(broken, t) {
  if (may_break) for (const one of broken) t.diagnostic(`breaks with the major version: ${one}`);
  else assert.deepEqual(broken, []);
}

describe(`what ${released.api.info.version} has promised is kept`, () => {
  it('to callers and receivers of events', (t) =>
    assert_kept(breaks_callers(released.api, api), t));
  it('to scripts, dashboards and configurations', (t) =>
    assert_kept(breaks_scripts(released.program, read_program()), t));
});

describe('the version', () => {
  it('is told alike everywhere', async () => {
    const { version } = api.info;
    const run = new Program(payments_program, ['version'], { env: {} });
    await run.ended;
    assert.ok(run.output.startsWith(`ozora-payments ${version} `), run.output);
    assert.equal(JSON.parse(file('clients/js/package.json')).version, version);
    const lock = JSON.parse(file('clients/js/package-lock.json'));
    assert.deepEqual([lock.version, lock.packages[''].version], [version, version]);
    assert.match(file('clients/js/README.md'), new RegExp(`payments_client-${version}\\.tgz`));
  });
  it('of the last release is the newest in CHANGELOG.md', () => {
    const [, newest] = /^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$/m.exec(file('CHANGELOG.md'));
    assert.equal(newest, released.api.info.version);
  });
});
