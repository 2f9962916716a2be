// Paying by card through Stripe, on the shop's own page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { save_screenshot, World } from './harness.mjs';
import {
  challenge_frame, pay_by_card, press_pay, read_notice, wait_until_paid,
} from './visitor_steps.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

for (const [currency, amount] of [['EUR', '€220.50'], ['HUF', 'HUF 89,900']]) {
  test(`a card pays in ${currency}`, () =>
    world.visit({}, async (_, page) => {
      await pay_by_card(page, world, currency, 'pays');
      await wait_until_paid(page);
      const notice = (await read_notice(page)).replaceAll('\u00a0', ' ');
      assert.ok(notice.includes(`Your payment of ${amount} has arrived.`), notice);
      if (currency === 'EUR') await save_screenshot(page, 'shop-card-paid');
    }));
}

test('a card that asks for 3-D Secure pays once the bank is told yes', () =>
  world.visit({}, async (_, page) => {
    await pay_by_card(page, world, 'EUR', 'three_d_secure');
    await challenge_frame(page).locator('[data-action="complete"]').waitFor();
    await save_screenshot(page, 'shop-3d-secure');
    await challenge_frame(page).locator('[data-action="complete"]').click();
    await wait_until_paid(page);
  }));

test('a failed 3-D Secure charges nothing, and another card pays', () =>
  world.visit({}, async (_, page) => {
    await pay_by_card(page, world, 'EUR', 'three_d_secure');
    await challenge_frame(page).locator('[data-action="fail"]').click();
    await page.getByText(/could not confirm it was you/).waitFor();

    await page.locator('[data-card="pays"]').click();
    await press_pay(page);
    await wait_until_paid(page);
  }));

test('closing the 3-D Secure dialog charges nothing, and the next try pays', () =>
  world.visit({}, async (_, page) => {
    await pay_by_card(page, world, 'EUR', 'three_d_secure');
    await challenge_frame(page).locator('[data-action="complete"]').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByText('The check was closed.').waitFor();

    await page.locator('[data-card="pays"]').click();
    await press_pay(page);
    await wait_until_paid(page);
  }));

for (const card of ['declined', 'funds']) {
  test(`a card with "${card}" is declined without the cause, and another card pays`, () =>
    world.visit({}, async (visitor, page) => {
      visitor.expect_refusal(402);
      await pay_by_card(page, world, card === 'funds' ? 'HUF' : 'EUR', card);
      const notice = page.getByRole('alert').filter({ hasText: 'The payment did not succeed.' });
      await notice.waitFor();
      assert.doesNotMatch(await notice.innerText(), /funds|insufficient/i);

      await page.locator('[data-card="pays"]').click();
      await press_pay(page);
      await wait_until_paid(page);
    }));
}
