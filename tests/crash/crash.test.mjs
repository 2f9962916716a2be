// The service dies again and again while visitors buy. Each test is a promise that must have held
// after every death; CRASH_ROUNDS and CRASH_SEED choose how often, and what chance does.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Campaign } from './campaign.mjs';

const rounds = Number(process.env.CRASH_ROUNDS ?? 20);
const seed = Number(process.env.CRASH_SEED ?? randomInt(2 ** 31));

let campaign;
before(async () => {
  const tell = (line) => console.log(line);
  campaign = await Campaign.open({ rounds, seed, tell });
  await campaign.run();
  tell(JSON.stringify(campaign.summary()));
});
after(() => campaign?.close());

const promise = (name, sentence) =>
  test(sentence, () => assert.deepEqual(campaign.found(name), [], `seed ${seed}`));

promise('lives', 'the service ends only when it is killed, and with 0 when it is told to stop');
promise('notifications', 'every notification that was acknowledged is on record, byte for byte');
promise('starts', 'every start that was answered is on record, with the id of its provider');
promise('intent', 'what was begun at a provider is on record, once, with its amount');
promise('twice', 'nobody is captured twice; where a forgery brings that about, it is in review');
promise('rest', 'what was captured is paid or in review, and nothing that was heard of is unknown');
promise('end', 'after its deadline nothing is open any more');
promise('ledger', 'the books read again without a difference');

test('the deaths met the service at work', () => {
  const seen = campaign.summary();
  assert.ok(seen.kills > rounds);
  for (const what of ['calls_cut', 'attempts_cut_short', 'kills_during_starts']) {
    assert.ok(seen[what] > 0, `${what} is 0`);
  }
  for (const what of ['starts_answered', 'ipns_acknowledged', 'webhooks_acknowledged']) {
    assert.ok(seen[what] >= 2 * rounds, `${what} is ${seen[what]}`);
  }
});
