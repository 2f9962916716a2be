// What a person must look at, over HTTP.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assert_ok, assert_problem } from './client.mjs';
import { open_world, scope, search } from './world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

const review = (path, token = world.user_token(search)) =>
  world.call('listReviews', { token, path });

describe('listReviews', () => {
  it('is empty in a new installation', async () => {
    const all = { ...search, ...scope };
    for (const token of [world.user_token(all), world.service_token(all)]) {
      assert.deepEqual(assert_ok(await review(undefined, token)), {
        reviews: [], total: 0, next: null,
      });
    }
  });

  it('needs the privilege', async () => {
    assert_problem(await review(undefined, null), 401, 'unauthorized');
    assert_problem(await review(undefined, world.user_token({})), 403, 'forbidden');
    assert_problem(await review(undefined, world.service_token({})), 403, 'forbidden');
  });

  it('takes limit and after, and names what is wrong with them', async () => {
    assert_ok(await review('/payments/review?limit=1&after=0-0-0'));
    assert_problem(await review('/payments/review?limit=0'), 400, 'invalid-request');
    assert_problem(await review('/payments/review?after=yesterday'), 400, 'invalid-request');
  });

  it('is counted in the metrics, by kind', async () => {
    const { text } = await world.call('metrics');
    assert.match(text, /^payments_reviews\{kind="mismatch"\} 0$/m);
    assert.match(text, /^payments_reviews\{kind="dead_letter"\} 0$/m);
  });
});
