// The service itself is away, or set up wrongly.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assert_problem } from '../api/client.mjs';
import { free_port } from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, stripe_eur, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const process_itself = 'the service itself';
const rows = new Rows(() => world, [process_itself]);

rows.row(process_itself, 'stopped while the payer pays',
  'a notification that found nobody home is repeated until the service is back',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.platform.payments.stop();
    await world.act(id, 'pay');
    const [lost] = await world.delivered('simplepay', `TR${id}`);
    assert.equal(lost.label, 'NO_CONNECTION');
    await world.platform.restart({});
    tell.heard('nothing');
    tell.status(await world.status(id));
    await world.control('simplepay', 'clock', { advance_s: 301 });
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('SimplePay repeats its notification after five minutes');
  });

rows.row(process_itself, 'it runs with a wrong secret of the account, until that is put right',
  'a notification refused for a wrong secret of ours is taken when SimplePay repeats it',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    const right = world.platform.settings.PAYMENTS_SIMPLEPAY_EUR_SECRET;
    await world.platform.restart({ PAYMENTS_SIMPLEPAY_EUR_SECRET: 'not-the-right-secret' });
    await world.act(id, 'pay');
    const [refused] = await world.delivered('simplepay', `TR${id}`);
    assert.equal(refused.label, 'NOT200');
    tell.heard(`${(await world.log('simplepay', 'ipn')).at(-1).status} invalid-signature`);
    const reply = await world.start(await world.ticket(), simple_eur);
    assert_problem(reply, 502, 'provider-refused');
    await world.platform.restart({ PAYMENTS_SIMPLEPAY_EUR_SECRET: right });
    tell.status(await world.status(id));
    await world.control('simplepay', 'clock', { advance_s: 301 });
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('SimplePay repeats its notification after five minutes');
  });

for (const [name, code, setting, path] of [
  ['SimplePay', simple_eur, 'PAYMENTS_SIMPLEPAY_URL', '/payment/v2'],
  ['Stripe', stripe_eur, 'PAYMENTS_STRIPE_URL', ''],
]) {
  rows.row(process_itself, `${name} cannot be reached at all`,
    `a start while nobody listens at ${name} is 503 and failed, and the next one can be paid`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const right = world.platform.settings[setting];
      const nobody = `http://127.0.0.1:${await free_port()}${path}`;
      await world.platform.restart({ [setting]: nobody });
      const reply = await world.start(ticket, code);
      assert_problem(reply, 503, 'provider-unavailable');
      tell.heard(reply);
      tell.status(await world.status(reply.json.transaction_id));
      assert.equal(await world.status(reply.json.transaction_id), 'failed');
      await world.platform.restart({ [setting]: right });
      await world.pay(await world.started(code, ticket));
      tell.resolves('nothing was sent, so nothing can be open; the next start works');
    });
}

rows.close();
