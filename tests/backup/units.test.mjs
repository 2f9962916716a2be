// The units of deploy/, as systemd reads them: it passes over what it does not understand, and says
// so only when it is asked.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { payments_program, root } from '../fixtures/harness.mjs';

const deploy = join(root, 'deploy');
const is_unit = (name) => /\.(service|timer)$/.test(name);

// Verifies all units together, each as `change` makes it.
async function verify(change = (text) => text) {
  const place = await mkdtemp(join(tmpdir(), 'ozora-units-'));
  try {
    const names = (await readdir(deploy)).filter(is_unit);
    for (const name of names) {
      const text = await readFile(join(deploy, name), 'utf8');
      const here = text.replaceAll('/usr/bin/ozora-payments', payments_program);
      await writeFile(join(place, name), change(here));
    }
    const paths = names.map((name) => join(place, name));
    const { status, stdout, stderr, error } = spawnSync(
      'systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' },
    );
    if (error) throw error;
    return { names, status, said: stdout + stderr };
  } finally {
    await rm(place, { recursive: true });
  }
}

test('every unit is understood', async () => {
  const { names, status, said } = await verify();
  assert.deepEqual([status, said], [0, '']);
  assert.ok(names.includes('ozora-payments.service'));
  assert.ok(names.includes('ozora-payments-backup.timer'));
});

test('what is not understood would be found', async () => {
  const { status } = await verify((text) => text.replace(/^OnCalendar=.*/m, 'OnCalendar=at night'));
  assert.notEqual(status, 0);
  const { said } = await verify((text) => text.replace('ProtectClock', 'ProtectClocks'));
  assert.match(said, /Unknown key.*ProtectClocks/);
});
