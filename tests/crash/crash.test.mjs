// The service dies again and again while visitors buy and staff gives money back. Each test is a
// promise that must have held after every death; CRASH_ROUNDS and CRASH_SEED choose how often, and
// what chance does.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Campaign } from './campaign.mjs';

const rounds = Number(process.env.CRASH_ROUNDS ?? 20);
const seed = Number(process.env.CRASH_SEED ?? randomInt(2 ** 31));

let campaign, summary;
before(async () => {
  const tell = (line) => console.log(line);
  campaign = await Campaign.open({ rounds, seed, tell });
  await campaign.run();
  summary = await campaign.summary();
  tell(JSON.stringify(summary));
});
after(() => campaign?.close());

const promise = (name, sentence) =>
  test(sentence, () => assert.deepEqual(campaign.found(name), [], `seed ${seed}`));

promise('lives', 'the service ends only when it is killed, and with 0 when it is told to stop');
promise('notifications', 'every notification that was acknowledged is on record, byte for byte');
promise('starts', 'every start that was answered is on record, with the id of its provider');
promise('intent', 'what was begun at a provider is on record, once, with its amount');
promise('twice', 'nobody is captured twice; where a forgery brings that about, it is in review');
promise('refunds', 'every refund that was answered is on record, with the id of its provider');
promise('given', 'nothing goes back that was not reserved before, nor more than was captured');
promise('wishes', 'no refund is made twice for one wish');
promise('runs', 'what a refund run says of a payment is what became of it, once at most');
promise('rest', 'what was captured is paid, given back or in review, and the books agree on it');
promise('end', 'after its deadline nothing is open any more, no refund either');
promise('ledger', 'the books read again without a difference');

test('the deaths met the service at work', () => {
  const seen = summary;
  const during = ['kills_during_starts', 'kills_during_refunds', 'runs_cut_short'];
  assert.ok(seen.kills > rounds);
  for (const what of ['calls_cut', 'attempts_cut_short', 'refunds_cut_short', ...during]) {
    assert.ok(seen[what] > 0, `${what} is 0`);
  }
  for (const what of ['starts_answered', 'ipns_acknowledged', 'webhooks_acknowledged']) {
    assert.ok(seen[what] >= 2 * rounds, `${what} is ${seen[what]}`);
  }
  assert.ok(seen.refunds_made >= rounds, `refunds_made is ${seen.refunds_made}`);
});
