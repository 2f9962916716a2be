// The back office in a browser, in front of stand-ins that can be told to misbehave.
import assert from 'node:assert/strict';
import { send } from '../api/client.mjs';
import { World as Payments, simple_eur } from '../faults/world.mjs';
import { accessibility_faults, sideways_overflow, World } from './harness.mjs';

const far_away = () => Math.floor(Date.now() / 1000) + 100 * 3600;
const of_flags = (flags) => ({
  tickets_search_flags: flags, tickets_search_years: '2027', tickets_search_events: '*',
});

export const people = {
  hu: {
    name: 'Kata K.', privs: { payments_search: 'true', payments_refund: 'true', ...of_flags('HU') },
  },
  reader: { name: 'Réka R.', privs: { payments_search: 'true', ...of_flags('HU,INT') } },
  clerk: {
    name: 'Ági A.',
    privs: {
      payments_search: 'true', payments_refund: 'true', payments_review: 'true', ...of_flags('HU'),
    },
  },
  colleague: {
    name: 'Dóra D.',
    privs: { payments_search: 'true', payments_review: 'true', ...of_flags('HU') },
  },
  auditor: {
    name: 'Ferenc F.',
    privs: {
      payments_search: 'true', payments_audit: 'true', payments_personal: 'true',
      tickets_search_flags: '*', tickets_search_years: '*', tickets_search_events: '*',
    },
  },
  operator: {
    name: 'Olga O.',
    privs: {
      payments_search: 'true', payments_operate: 'true', payments_audit: 'true',
      payments_review: 'true',
      tickets_search_flags: '*', tickets_search_years: '*', tickets_search_events: '*',
    },
  },
  nobody: { name: 'Béla B.', privs: { payments_refund: 'true', ...of_flags('HU') } },
};

export class Office {
  static async open(settings = {}, options = {}) {
    const payments = await Payments.open({
      ...options,
      settings: {
        PAYMENTS_CONSOLE_SIGN_IN: 'token',
        PAYMENTS_CONSOLE_KEY: Buffer.alloc(32, 'a key').toString('base64'),
        ...settings,
      },
    });
    return new Office(payments, new World(payments.platform, () => payments.close()));
  }

  constructor(payments, browser) {
    Object.assign(this, { payments, browser });
    this.platform = payments.platform;
  }

  close() {
    return this.browser.close();
  }

  at(path) {
    return `${this.platform.url}/console${path}`;
  }

  token(person) {
    return this.platform.user_token(person.privs, {
      sub: person.sub ?? person.name, name: person.name, exp: far_away(), ...person.claims,
    });
  }

  // As World.visit, with somebody signed in at `path`. The pages of signing in have tests of their
  // own: here the session's cookie is fetched without them, which takes a third of the time.
  visit({ as = people.hu, path = '/payments', ...options }, story) {
    return this.browser.visit({ width: 1280, height: 800, ...options }, async (visitor, page) => {
      visitor.expect_refusal(401);
      await page.context().addCookies([await this.#session_of(as)]);
      await page.goto(this.at(path));
      await page.locator('.bar').waitFor();
      await story(page, visitor);
    });
  }

  // The cookie of a new session, as the page that takes a token would have got it.
  async #session_of(person) {
    const { origin, hostname } = new URL(this.platform.url);
    const reply = await send(`${origin}/console/sign-in/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Console': '1', Origin: origin },
      body: JSON.stringify({ token: this.token(person) }),
    });
    assert.equal(reply.status, 204, reply.text);
    const [name, value] = reply.headers['set-cookie'][0].split(';')[0].split('=');
    const kept = { httpOnly: true, secure: true, sameSite: 'Strict' };
    return { name, value, domain: hostname, path: '/', ...kept };
  }

  // Signs somebody in by the page, who is then at `path`.
  async sign_in(page, person, path = '/payments') {
    await page.goto(this.at(`/sign-in?to=${encodeURIComponent(`/console${path}`)}`));
    await this.give_token(page, person);
  }

  // On the page that asks for a token.
  async give_token(page, person) {
    await page.locator('#token').fill(this.token(person));
    await page.locator('form:has(#token) button[type=submit]').click();
    await page.locator('#token').waitFor({ state: 'detached' });
  }

  // From the sheet over a page whose session has ended, or is too old to move money.
  async sign_in_elsewhere(page, person) {
    const opened = page.context().waitForEvent('page');
    await page.locator('dialog[aria-labelledby=lost-title] a').click();
    const tab = await opened;
    await this.give_token(tab, person);
    await tab.getByRole('heading', { name: 'You are signed in' }).waitFor();
    await tab.close();
  }

  // A payment that is under way, by whom and for whose ticket `changes` say; gives its id.
  async begun({ code = simple_eur, metas, ...ticket } = {}) {
    const ticket_id = await this.payments.ticket(ticket);
    if (!metas) return this.payments.started(code, ticket_id);
    const reply = await send(`${this.platform.url}/payments/start`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ticket_id, code, metas }),
    });
    assert.equal(reply.status, 200, reply.text);
    return reply.json.transaction_id;
  }

  async paid(options) {
    const id = await this.begun(options);
    await this.payments.pay(id);
    return id;
  }

  async refunds_at_simplepay(id) {
    const { refunds } = await this.payments.simplepay_payment(id);
    return refunds.map(({ total }) => Number(total));
  }
}

// A page as everybody must be able to use it, in whatever state it is.
export async function assert_usable(page, what) {
  assert.deepEqual(await accessibility_faults(page), [], what);
  assert.ok((await sideways_overflow(page)) <= 0, `${what} runs off the side`);
}

// From a payment's page to the dialog, with everything filled in.
export async function fill_refund(page, { amount, why = 'day_cancelled' } = {}) {
  await page.keyboard.press('r');
  await page.locator('dialog.refund').waitFor();
  if (amount) await page.locator('#refund-amount').fill(String(amount));
  await page.locator('#refund-why').selectOption(why);
}

export const give_back = (page) => page.locator('dialog.refund .money-button');
