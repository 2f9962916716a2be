// Readers of the program's output that go away before it is done.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { payments_program } from '../../fixtures/harness.mjs';
import { assert_ok } from '../client.mjs';
import { free_fee, open_world } from '../world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

// `command | head -n lines`, as a shell runs it; gives what was written to standard error, and how
// both ended.
function piped(command, lines) {
  const env = { ...world.platform.settings, PATH: process.env.PATH };
  const script = `"${payments_program}" ${command} | head -n ${lines}; echo "\${PIPESTATUS[@]}"`;
  const child = spawn('bash', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => (written[name] += text));
  return new Promise((resolve) =>
    child.once('close', () => {
      const ends = written.stdout.trim().split('\n').at(-1).split(' ').map(Number);
      resolve({ ends, complaint: written.stderr });
    }));
}

describe('a command whose reader goes away', () => {
  for (const command of ['settings --markdown', 'events list', 'review', 'verify-ledger'])
    it(`ends quietly: ${command} | head`, async () => {
      for (let i = 0; i < 5; i++) {
        const body = { ticket_id: world.tickets.add(), code: free_fee };
        assert_ok(await world.call('startPayment', { body }));
      }
      const { ends, complaint } = await piped(command, 1);
      assert.equal(complaint, '');
      assert.equal(ends[1], 0);
      assert.ok([0, 141].includes(ends[0]), `it ended with ${ends[0]}`);
    });

  it('goes on when it changes something: events skip', async () => {
    const { ends, complaint } = await piped('events skip --waiting 2>&1', 0);
    assert.equal(complaint, '');
    assert.deepEqual(ends, [0, 0]);
  });
});
