// What a visitor does in the shop, in the words of the page.
import assert from 'node:assert/strict';

const fee = (currency, mode, amount) => ({ code: `NORMAL-TOTAL-FEE-${currency}-${mode}`, amount });

let last_id = 7000;

// A ticket of its own for each test, as the tickets service would know it.
export async function make_ticket({ platform }, { free = false } = {}) {
  const id = ++last_id;
  const paid_options = ['SIMPLE', 'STRIPE-INTENTS'].flatMap((mode) => [
    fee('EUR', mode, 220.5),
    fee('HUF', mode, 89900),
  ]);
  const ticket = {
    status: 'registered',
    flag: 'HU',
    year: 2027,
    event: 'OZORA',
    email: `visitor${id}@example.com`,
    name: 'Éva Kovács',
    language: 'en',
    template: {
      id: 7,
      title: 'Festival ticket 2027',
      year: 2027,
      event: 'OZORA',
      payment_options: free ? [fee('EUR', 'SIMPLE', 0)] : paid_options,
    },
    metas: [],
  };
  const reply = await fetch(`${platform.sandbox.tickets}/tickets/${id}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(ticket),
  });
  assert.equal(reply.status, 200, await reply.text());
  return id;
}

export async function open_ticket(page, { shop }, id) {
  await page.goto(`${shop}/#/tickets/${id}`);
  await page.locator('form').waitFor();
}

export async function choose(page, { currency, mode }) {
  await page.locator(`input[name="currency"][value="${currency}"]`).check();
  await page.locator(`input[name="mode"][value="${mode}"]`).check();
}

export async function fill_billing(page) {
  await page.locator('#email').fill('visitor@example.com');
  await page.locator('#name').fill('Éva Kovács');
  await page.locator('#country').selectOption('HU');
  await page.locator('#zip').fill('9021');
  await page.locator('#city').fill('Győr');
  await page.locator('#address').fill('Fő utca 1.');
  await page.locator('#phone').fill('+36 30 123 4567');
}

export const press_pay = (page) => page.locator('.pay-bar button[type="submit"]').click();

// From the ticket to SimplePay's payment page.
export async function go_to_simplepay(page, world, currency) {
  const id = await make_ticket(world);
  await open_ticket(page, world, id);
  await choose(page, { currency, mode: 'SIMPLE' });
  await fill_billing(page);
  await page.locator('#declaration').check();
  await press_pay(page);
  await page.locator('[data-action="pay"]').waitFor();
}

export async function pay_by_card(page, world, currency, card) {
  const id = await make_ticket(world);
  await open_ticket(page, world, id);
  await choose(page, { currency, mode: 'STRIPE-INTENTS' });
  await fill_billing(page);
  await page.locator(`[data-card="${card}"]`).click();
  await press_pay(page);
}

export const leave_by = (page, action) => page.locator(`[data-action="${action}"]`).click();

export const challenge_frame = (page) => page.frameLocator('dialog iframe');

// The text of the notice on the result page, once it is there.
export async function read_notice(page) {
  await page.locator('.verdict').waitFor();
  return page.locator('.verdict').innerText();
}

export const wait_until_paid = (page) => page.locator('[data-status="paid"]').waitFor();
