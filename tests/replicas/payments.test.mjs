// Two and four replicas on one database: whichever of them hears a thing, it is heard once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { assert_ok, client, send, slug } from '../api/client.mjs';
import { eventually } from '../fixtures/harness.mjs';
import { simple_eur, stripe_eur, World } from '../faults/world.mjs';
import { open_cluster } from './cluster.mjs';

const times_each = 6;        // that a notification comes to each replica
const starts_at_once = 50;
const metas = { email: 'visitor@example.com', name: 'Éva Kovács', country: 'HU' };

const start_of = (ticket_id, code) => ({ body: { ticket_id, code, metas } });

// The notification of a paid payment that a provider sent, to be sent again as it was.
async function sent_about(world, part, id) {
  const [operation, path] =
    part === 'simplepay'
      ? ['ipn', '/payments/simplepay/ipn']
      : ['webhook', '/payments/stripe/webhook'];
  const [about, paid] =
    part === 'simplepay'
      ? [`"TR${id}"`, '"FINISHED"']
      : [`"transaction_id": "${id}"`, '"payment_intent.succeeded"'];
  const { headers, body } = await eventually(
    async () => (await world.log(part, operation)).find(
      (one) => one.body.includes(about) && one.body.includes(paid)),
    { what: `a notification of ${part} about TR${id}` },
  );
  return (replica) => send(`${replica.url}${path}`, { method: 'POST', headers, body });
}

const words_of = (reply) => `${reply.status} ${slug(reply) ?? ''}`.trim();

const rows = (world, sql) => world.platform.database.rows(sql);

const events_of = async (world, id) =>
  (await rows(world, `SELECT type FROM outbox WHERE transaction_id = ${id} ORDER BY id`)).map(
    ({ type }) => type,
  );

describe('where the return comes to one replica and the IPN to another', () => {
  let world, elsewhere;
  before(async () => {
    world = await World.open({ open: open_cluster, count: 2, providers_to: 0 });
    elsewhere = client(world.platform.replicas[1].url);
  });
  after(() => world?.close());

  for (const [name, code] of [['SimplePay', simple_eur], ['Stripe', stripe_eur]]) {
    it(`a payment by ${name} goes through`, async () => {
      const ticket = await world.ticket();
      const { transaction_id: id } = assert_ok(
        await elsewhere('startPayment', start_of(ticket, code)));
      if (code === simple_eur) {
        const body = await world.act(id, 'pay');
        assert_ok(await elsewhere('simplePayBackref', { body }));
      } else {
        await world.pay_by_card(id);
      }
      await world.in_status(id, 'paid');
      assert.deepEqual(await events_of(world, id), ['payment.paid']);
    });
  }

  it('the answer to a key is the same at each replica', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const call = { ...start_of(await world.ticket(), stripe_eur), headers };
    const [here, there] = world.platform.replicas.map(({ url }) => client(url));
    const first = await here('startPayment', call);
    const again = await there('startPayment', call);
    assert_ok(first);
    assert.equal(again.text, first.text);
  });

  it('an attempt whose replica died is asked about by the other', async () => {
    await world.order_fault('simplepay', 'start', 'late', { delay_ms: 5000 });
    const ticket = await world.ticket();
    const [mortal] = world.platform.replicas;
    const known = (await world.payments('simplepay')).length;
    const cut = assert.rejects(client(mortal.url)('startPayment', start_of(ticket, simple_eur)));
    await eventually(async () => (await world.payments('simplepay')).length > known);
    await mortal.kill();
    await cut;
    const sql = `SELECT id FROM transactions WHERE ticket_id = ${ticket}`;
    const [{ id }] = await rows(world, sql);
    await eventually(
      async () => {
        const own = `SELECT status FROM transactions WHERE id = ${id}`;
        return (await rows(world, own))[0].status === 'pending';
      },
      { within_ms: 30_000, what: `TR${id} to be asked about` },
    );
    await mortal.start();
  });
});

for (const count of [2, 4]) {
  describe(`${count} replicas behind nginx`, () => {
    let world;
    before(async () => {
      // They all find the database empty, at once.
      world = await World.open({ open: open_cluster, count });
    });
    after(() => world?.close());

    it('made the tables once', async () => {
      const versions = await rows(world, 'SELECT version FROM schema_migrations ORDER BY version');
      assert.ok(versions.length > 0);
      assert.deepEqual(versions.map(({ version }) => version), versions.map((_, i) => i + 1));
    });

    it('share the work', async () => {
      const calls = Array.from({ length: 8 * count }, () =>
        world.call('listTicketIds', { token: world.platform.service_token({}) }));
      await Promise.all(calls);
      for (const replica of world.platform.replicas) {
        assert.match(await replica.metrics(), /_total\{operation="listTicketIds".*\} [1-9]/);
      }
    });

    for (const [part, code, wanted] of [
      ['simplepay', simple_eur, { kind: 'claimed', source: 'ipn' }],
      ['stripe', stripe_eur, { kind: 'captured', source: 'webhook' }],
    ]) {
      it(`hear a notification of ${part} once, however often it comes to each`, async () => {
        const id = await world.started(code);
        if (code === simple_eur) await world.act(id, 'pay');
        else await world.pay_by_card(id);
        const send_to = await sent_about(world, part, id);
        const { replicas } = world.platform;
        const everywhere = Array.from({ length: times_each }, () => replicas).flat();
        const replies = await Promise.all(everywhere.map(send_to));
        assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200]);
        await world.in_status(id, 'paid');
        assert.deepEqual(await events_of(world, id), ['payment.paid']);
        const facts = await rows(world, `SELECT identity FROM facts WHERE transaction_id = ${id}
          AND kind = '${wanted.kind}' AND source = '${wanted.source}'`);
        assert.equal(facts.length, 1);
        const kept = await rows(world, `SELECT processor, identity, count(*) AS many
          FROM notifications GROUP BY processor, identity HAVING count(*) > 1`);
        assert.deepEqual(kept, []);
      });

      it(`pass on one payment by ${part} that is notified twice at the same time`, async () => {
        const [operation, fault] = [part === 'stripe' ? 'webhook' : 'ipn', 'parallel-duplicate'];
        await world.order_fault(part, operation, fault, { times: -1 });
        const id = await world.started(code);
        await world.pay(id);
        await world.clear_faults(part);
        assert.deepEqual(await events_of(world, id), ['payment.paid']);
      });
    }

    for (const code of [simple_eur, stripe_eur]) {
      it(`have at most one live attempt after ${starts_at_once} starts of ${code}`, async () => {
        const ticket = await world.ticket();
        const starts = Array.from({ length: starts_at_once }, () =>
          world.call('startPayment', start_of(ticket, code)));
        const replies = await Promise.all(starts);
        const heard = new Set(replies.map(words_of));
        for (const what of heard) {
          assert.ok(['200', '409 payment-in-progress'].includes(what), what);
        }
        assert.ok(heard.has('200'));
        const attempts = await rows(world,
          `SELECT id, live, status FROM transactions WHERE ticket_id = ${ticket}`);
        const live = attempts.filter((one) => one.live);
        assert.ok(live.length <= 1, JSON.stringify(attempts));
        // A start that came upon others too often gives up, and may have ended the last of them.
        await world.pay(live[0]?.id ?? (await world.started(code, ticket)));
        assert_paid_once(await world.held(), ticket);
      });
    }

    it('keep books that read again without a difference', async () => {
      const { code, output } = await world.verify_ledger();
      assert.match(output, /: 0 differences/);
      assert.equal(code, 0);
    });
  });
}

function assert_paid_once(held, ticket) {
  const { captured, payable } = held.get(ticket);
  assert.deepEqual([captured.length, payable.length], [1, 0]);
}
