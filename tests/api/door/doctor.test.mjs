// Whether the installation is well, as an operator asks on the command line.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { payments_program, Program } from '../../../scripts/platform.mjs';
import { open_world } from '../world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

async function doctor(settings = {}, ...args) {
  const tickets = { PAYMENTS_TICKETS_URL: world.sandbox.tickets };
  const env = { ...world.platform.settings, ...tickets, ...settings };
  const program = new Program(payments_program, ['doctor', ...args], { env });
  const { code } = await program.ended;
  return { code, output: program.output };
}
const found = ({ output }, name) => JSON.parse(output).find((finding) => finding.name === name);

describe('doctor', () => {
  it('says of each thing whether it is well, and what to do where it is not', async () => {
    const { code, output } = await doctor({ PAYMENTS_PUBLIC_URL: world.url });
    assert.equal(code, 0, output);
    assert.match(output, /^good {4}database: it is reachable, writable and migrated$/m);
    assert.match(output, /^good {4}tickets: 127\.0\.0\.1 answers$/m);
    assert.match(output, /^good {4}public_url: http:\S+ answers as ours$/m);
    assert.match(output, /^good {4}mode: test: no real money$/m);
  });

  it('names what does not answer', async () => {
    const reply = await doctor({ PAYMENTS_TICKETS_URL: 'http://127.0.0.1:1' }, '--json');
    assert.equal(reply.code, 1, reply.output);
    const { state, advice } = found(reply, 'tickets');
    assert.equal(state, 'bad');
    assert.ok(advice);
    assert.equal(found(reply, 'database').state, 'good');
  });

  it('is of use while the database is down', async () => {
    const nowhere = world.platform.settings.PAYMENTS_DATABASE.startsWith('sqlite:')
      ? 'sqlite:/nowhere/payments.db'
      : 'postgresql://127.0.0.1:1/payments';
    const reply = await doctor({ PAYMENTS_DATABASE: nowhere }, '--json');
    assert.equal(reply.code, 1, reply.output);
    assert.equal(JSON.parse(reply.output)[0].name, 'database');
    assert.equal(found(reply, 'database').state, 'bad');
    assert.equal(found(reply, 'simplepay').state, 'good');
  });
});
