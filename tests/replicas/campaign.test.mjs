// Three replicas, of which one is killed again and again while visitors buy and staff gives money
// back: each test is a promise that must have held after every death. REPLICA_ROUNDS and
// REPLICA_SEED choose how often, and what chance does.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Campaign } from '../crash/campaign.mjs';
import { open_cluster } from './cluster.mjs';
import { MortalReplicas } from './mortal_replicas.mjs';

const rounds = Number(process.env.REPLICA_ROUNDS ?? 3);
const seed = Number(process.env.REPLICA_SEED ?? randomInt(2 ** 31));

let campaign, summary;
before(async () => {
  const tell = (line) => console.log(line);
  const service_of = (world) => new MortalReplicas(world);
  const options = { open: open_cluster, count: 3 };
  campaign = await Campaign.open({ service_of, options, rounds, seed, tell });
  await campaign.run();
  summary = await campaign.summary();
  tell(JSON.stringify(summary));
});
after(() => campaign?.close());

const promise = (name, sentence) =>
  test(sentence, () => assert.deepEqual(campaign.found(name), [], `seed ${seed}`));

promise('lives', 'a replica ends only when it is killed, and with 0 when it is told to stop');
promise('notifications', 'every notification that any replica acknowledged is on record');
promise('starts', 'every start that any replica answered is on record, with its provider\'s id');
promise('intent', 'what was begun at a provider is on record, once, with its amount');
promise('twice', 'nobody is captured twice over all replicas, but by a forgery that is in review');
promise('refunds', 'every refund that any replica answered is on record, with its provider\'s id');
promise('given', 'nothing goes back that was not reserved before, nor more than was captured');
promise('wishes', 'no refund is made twice for one wish');
promise('rest', 'what a dead replica had begun is finished by the others');
promise('end', 'after its deadline nothing is open any more, no refund either');
promise('ledger', 'the books that all replicas wrote read again without a difference');

test('the deaths met replicas at work', () => {
  assert.ok(summary.kills >= rounds);
  for (const what of ['starts_answered', 'ipns_acknowledged', 'webhooks_acknowledged']) {
    assert.ok(summary[what] >= 2 * rounds, `${what} is ${summary[what]}`);
  }
});
