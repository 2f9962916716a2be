// The commands of the tree say how they are used, and do nothing else when they are called wrongly.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../scripts/platform.mjs';

const runs = readdirSync(join(root, 'tests'))
  .map((folder) => `tests/${folder}/run`)
  .filter((path) => existsSync(join(root, path)));
const commands = ['run', 'test', 'tests/postgres/on', ...runs];

// From another directory, where a command must find itself all the same. One that begins its work
// is ended with all that it started.
function call(command, ...args) {
  const child = spawn(join('..', command), args, { cwd: join(root, 'tests'), detached: true });
  const late = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), 5000);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said.err += text));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(late);
      resolve({ code, ...said });
    });
  });
}

for (const command of commands) {
  describe(command, () => {
    it('with --help says what it does, and ends', async () => {
      const { code, out, err } = await call(command, '--help');
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, /^\w.*\.$/m);
      assert.doesNotMatch(out, /^(#|set )/m);
    });
    it('refuses an option that it does not have', async () => {
      const { code, out, err } = await call(command, '--no-such-option');
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, /there is no option --no-such-option\n\n\w/);
    });
  });
}

describe('test', () => {
  it('names its suites, each once', async () => {
    const { code, out } = await call('test', '--list');
    assert.equal(code, 0);
    const names = out.trim().split('\n').map((line) => line.split(' ')[0]);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.includes('contract'), out);
  });
  it('knows a suite of several parts by one name', async () => {
    const { out } = await call('test', '--list', 'browser', 'door');
    assert.deepEqual(out.match(/^[\w-]+/gm), ['browser-1', 'browser-2', 'door']);
  });
  it('refuses a suite that there is not', async () => {
    const { code, err } = await call('test', '--list', 'brows');
    assert.equal(code, 2);
    assert.match(err, /there is no suite brows\n/);
  });
});
