// The back office: signing in, finding a payment, understanding it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { simple_eur, stripe_huf } from '../faults/world.mjs';
import { day_in_budapest } from '../fixtures/harness.mjs';
import { save_screenshot } from './harness.mjs';
import { assert_usable, Office, people } from './office.mjs';

let office, paid, pending, abroad;
before(async () => {
  office = await Office.open();
  paid = await office.paid({ email: 'kovacs@example.hu' });
  pending = await office.begun({ code: stripe_huf });
  abroad = await office.paid({ flag: 'INT' });
});
after(() => office?.close());

const rows = (page) => page.locator('.list tbody tr');
const find = async (page, text) => {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
};
const title = (page, id) => page.getByRole('heading', { level: 1, name: `TR${id}` });

// ------------------------------------------------------------------------------- signing in

test('who opens a payment signs in first, and is then at that payment', () =>
  office.browser.visit({ width: 1280, height: 800 }, async (visitor, page) => {
    visitor.expect_refusal(401);
    await page.goto(office.at(`/payments/${paid}`));
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await assert_usable(page, 'the sign-in page');
    await save_screenshot(page, 'console-sign-in');
    await page.getByRole('link', { name: 'Sign in with your account' }).click();
    await page.getByRole('heading', { name: 'Sign in with a token' }).waitFor();
    await assert_usable(page, 'the page that takes a token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Please paste a token.').waitFor();
    await page.locator('#token').fill('not a token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This token does not open the back office').waitFor();
    await assert_usable(page, 'the sign-in page with a mistake');
    await office.give_token(page, people.hu);
    await title(page, paid).waitFor();
    assert.equal(page.url(), office.at(`/payments/${paid}`));
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    assert.ok(!kept.includes('eyJ'), 'the browser keeps the token');
  }));

test('who signs out is signed out, and stays it', () =>
  office.visit({}, async (page) => {
    await page.locator('.person-menu summary').click();
    await assert_usable(page, 'the menu of the person');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await assert_usable(page, 'the page after signing out');
    await page.reload();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await page.locator('#token').waitFor();
  }));

test('a session that ends leaves the page and what was typed, and goes on after signing in', () =>
  office.visit({ path: `/payments/${paid}` }, async (page) => {
    await page.locator('.story').waitFor();
    await page.keyboard.press('r');
    await page.locator('#refund-amount').fill('12');
    await page.context().clearCookies();
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    await assert_usable(page, 'the sheet over the page');
    await office.sign_in_elsewhere(page, people.hu);
    await page.getByText('Your session has ended').waitFor({ state: 'detached' });
    assert.equal(await page.locator('#refund-amount').inputValue(), '12');
  }));

test('nobody goes on with the page that another person has left', () =>
  office.visit({ path: `/payments/${paid}` }, async (page) => {
    await page.locator('.story').waitFor();
    await page.keyboard.press('r');
    await page.locator('dialog.refund').waitFor();
    await page.context().clearCookies();
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    await office.sign_in_elsewhere(page, people.reader);
    await page.locator('.person-name', { hasText: 'Réka R.' }).waitFor();
    await title(page, paid).waitFor();
    assert.equal(await page.locator('dialog').count(), 0);
  }));

test('who signs out in one tab is out in all of them', () =>
  office.visit({ path: `/payments/${paid}` }, async (page) => {
    await page.locator('.story').waitFor();
    const other = await page.context().newPage();
    await other.goto(office.at('/payments'));
    await other.locator('.person-menu summary').click();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  }));

test('a page that another person has signed in over shows nothing of the first', () =>
  office.visit({ as: people.reader, path: `/payments/${abroad}` }, async (page, visitor) => {
    visitor.expect_refusal(404);
    await title(page, abroad).waitFor();
    await page.locator('.story').waitFor();
    const other = await page.context().newPage();
    await office.sign_in(other, people.hu);
    await page.getByText('There is no such payment').waitFor();
    assert.equal(await page.locator('.story').count(), 0);
  }));

test('signing in leads into the console, wherever a link says', () =>
  office.browser.visit({}, async (visitor, page) => {
    visitor.expect_refusal(401);
    for (const to of [
      'https://evil.example/', '//evil.example/console/', '/payments/find', 'javascript:alert(1)',
      '/console/../payments/find',
    ]) {
      await page.goto(office.at(`/sign-in?to=${encodeURIComponent(to)}`));
      await office.give_token(page, people.hu);
      await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
      assert.equal(page.url(), office.at('/'), to);
    }
  }));

test('a sign-in that failed says why, and begins none by itself', () =>
  office.browser.visit({}, async (visitor, page) => {
    visitor.expect_refusal(401);
    const said = {
      late: 'It took too long', declined: 'broken off', refused: 'does not open the back office',
      provider: 'does not answer', '<b>': 'does not open the back office',
    };
    for (const [why, words] of Object.entries(said)) {
      await page.goto(office.at(`/signed-out?failed=${encodeURIComponent(why)}`));
      await page.getByRole('alert').getByText(words).waitFor();
      await assert_usable(page, `a sign-in that failed: ${why}`);
    }
  }));

// ------------------------------------------------------------------------------- finding

test('the list is newest first, says what is what, and shows what arrives meanwhile', () =>
  office.visit({}, async (page) => {
    await rows(page).first().waitFor();
    const first = await rows(page).first().innerText();
    assert.match(first, new RegExp(`TR${pending}`));
    assert.match(first, /88\s000\sHUF/);
    assert.match(first, /Stripe/);
    assert.match(first, /pending/);
    await save_screenshot(page, 'console-payments');
    await assert_usable(page, 'the list');
    const newer = await office.begun();
    await page.locator(`a[data-id="TR${newer}"]`).waitFor();
  }));

test('somebody of HU sees nothing of INT, whichever way they look', () =>
  office.visit({}, async (page, visitor) => {
    await rows(page).first().waitFor();
    const { transaction_id: at_simplepay } = await office.payments.simplepay_payment(abroad);
    for (const text of [`TR${abroad}`, String(at_simplepay)]) {
      await find(page, text);
      await page.getByText(`Nothing was found for “${text}”`).waitFor();
    }
    await assert_usable(page, 'a list of nothing');
    visitor.expect_refusal(404);
    await page.goto(office.at(`/payments/${abroad}`));
    await page.getByText('There is no such payment').waitFor();
    await assert_usable(page, 'a payment that is not there');
  }));

test('a payment is found by each of its ids and its e-mail address, without a mouse', async () => {
  const { transaction_id } = await office.payments.simplepay_payment(paid);
  const { ticket_id } = await office.payments.transaction(paid);
  const texts = [`TR${paid}`, String(transaction_id), String(ticket_id), 'visitor@example.com'];
  await office.visit({}, async (page) => {
    for (const text of texts.slice(0, 3)) {
      await find(page, text);
      await title(page, paid).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('p');
      await rows(page).first().waitFor();
    }
    await find(page, texts[3]);
    await page.getByRole('button', { name: /visitor@example.com/ }).waitFor();
    await page.locator(`a[data-id="TR${paid}"]`).waitFor();
    assert.ok(!page.url().includes('example'), page.url());
  });
});

test('filters are in the address, and each can be dropped', () =>
  office.visit({}, async (page) => {
    await rows(page).first().waitFor();
    await page.locator('.choice summary').click();
    await page.getByRole('checkbox', { name: 'paid', exact: true }).check();
    await assert_usable(page, 'the choice of status');
    await page.keyboard.press('Escape');
    await page.locator(`a[data-id="TR${pending}"]`).waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).search, '?status=paid');
    await page.reload();
    await page.locator(`a[data-id="TR${paid}"]`).waitFor();
    assert.equal(await page.locator(`a[data-id="TR${pending}"]`).count(), 0);
    await page.getByLabel('Amount, at least').fill('5000');
    await page.getByText('No payment is like this').waitFor();
    assert.equal(new URL(page.url()).search, '?status=paid&currency=EUR&least=5000');
    await page.getByRole('button', { name: 'Drop the filter Amount' }).click();
    await page.locator(`a[data-id="TR${paid}"]`).waitFor();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.locator(`a[data-id="TR${pending}"]`).waitFor();
  }));

test('a day is a day in the time zone of the deployment', () =>
  office.visit({ timezoneId: 'Pacific/Auckland' }, async (page) => {
    await rows(page).first().waitFor();
    await page.getByText('When (Budapest)').waitFor();
    const today = day_in_budapest();
    await page.goto(office.at(`/payments?from=${today}&to=${today}`));
    await page.locator(`a[data-id="TR${paid}"]`).waitFor();
    await page.goto(office.at(`/payments?to=2026-01-01`));
    await page.getByText('No payment is like this').waitFor();
  }));

test('older payments come when they are asked for, and none twice', async () => {
  const own = await Promise.all(Array.from({ length: 55 }, () => office.begun({ flag: 'INT' })));
  await office.visit({ as: people.reader }, async (page) => {
    await rows(page).first().waitFor();
    assert.equal(await rows(page).count(), 50);
    await page.getByRole('button', { name: 'Older' }).click();
    await page.locator(`a[data-id="TR${paid}"]`).waitFor();
    const ids = await page.locator('.row-link').allInnerTexts();
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(own.every((id) => ids.includes(`TR${id}`)));
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.id), ids[0]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: ids[0] }).waitFor();
  });
});

test('a fee may be written as the list shows it', () =>
  office.visit({}, async (page) => {
    await rows(page).first().waitFor();
    const fee = page.getByLabel('Fee', { exact: true });
    await fee.fill('Normal total fee');
    await fee.press('Enter');
    await page.getByRole('button', { name: 'Clear all' }).waitFor();
    await page.locator(`a[data-id="TR${paid}"]`).waitFor();
    await fee.fill('Camping');
    await fee.press('Enter');
    await page.getByText('No payment is like this').waitFor();
  }));

// ------------------------------------------------------------------------------- a payment

test('a payment tells its story: who said what, when, and what it was then', () =>
  office.visit({ path: `/payments/${paid}` }, async (page) => {
    await page.locator('.story').waitFor();
    const story = await page.locator('.story tbody tr').allInnerTexts();
    const at = (words) => story.findIndex((line) => words.every((word) => line.includes(word)));
    const begun = at(['visitor', 'begun, agreed 220\u00a0EUR', 'begun']);
    const known = at(['SimplePay', 'knows the payment', 'pending']);
    const said = at(['SimplePay', 'says it is paid']);
    const taken = at(['SimplePay', 'money taken', 'answer to our question', 'paid']);
    assert.deepEqual([begun, known], [0, 1], story.join('\n'));
    assert.ok(known < said && said < taken, story.join('\n'));
    await page.getByText('left to give back 220').waitFor();
    await assert_usable(page, 'the story');
    await save_screenshot(page, 'console-payment');
  }));

test('each word that was signed leads to the message as it came', () =>
  office.visit({ path: `/payments/${paid}` }, async (page) => {
    await page.getByRole('button', { name: 'Raw message' }).first().click();
    const raw = page.locator('.raw pre');
    await raw.waitFor();
    assert.match(await raw.innerText(), new RegExp(`"orderRef": "TR${paid}"`));
    await page.getByText('Personal data are masked.').waitFor();
    await assert_usable(page, 'the messages');
    for (const tab of ['Refunds', 'Told others', 'Raw JSON']) {
      await page.getByRole('tab', { name: tab }).click();
      await assert_usable(page, tab);
    }
    const json = JSON.parse(await page.locator('.raw pre').innerText());
    assert.equal(json.transaction.id, paid);
    await page.keyboard.press('Home');
    await page.locator('.story').waitFor();
  }));

test('other tries of the ticket are a click away, and all of them on a page', async () => {
  const ticket_id = await office.payments.ticket();
  const first = await office.payments.started(simple_eur, ticket_id);
  await office.payments.back(await office.payments.act(first, 'cancel'));
  await office.payments.in_status(first, 'cancelled');
  const second = await office.payments.started(stripe_huf, ticket_id);
  await office.visit({ path: `/payments/${second}` }, async (page) => {
    await page.locator('.others').getByRole('link', { name: `TR${first}` }).click();
    await title(page, first).waitFor();
    await page.getByRole('link', { name: `Ticket ${ticket_id}` }).click();
    await page.getByRole('heading', { level: 1, name: `Ticket ${ticket_id}` }).waitFor();
    await page.getByText('Flag HU, 2027, OZORA').waitFor();
    const tries = await page.locator('.attempts tbody tr').allInnerTexts();
    assert.equal(tries.length, 2);
    assert.match(tries[0], new RegExp(`TR${second}.*HUF.*Stripe.*pending`, 's'));
    assert.match(tries[1], new RegExp(`TR${first}.*EUR.*SimplePay.*cancelled`, 's'));
    await assert_usable(page, 'the page of a ticket');
    await save_screenshot(page, 'console-ticket');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await title(page, second).waitFor();
  });
});

test('a ticket outside is one that nobody has tried to pay', async () => {
  const { ticket_id } = await office.payments.transaction(abroad);
  await office.visit({ path: `/tickets/${ticket_id}` }, async (page) => {
    await page.getByText(`Nobody has tried to pay ticket ${ticket_id}`).waitFor();
    await assert_usable(page, 'a ticket outside');
  });
});

test('the provider is asked at once, but not again within 10 s', () =>
  office.visit({ path: `/payments/${paid}` }, async (page, visitor) => {
    await page.getByRole('button', { name: 'Ask SimplePay now' }).click();
    await page.getByText('SimplePay says nothing new. Status: paid.').first().waitFor();
    visitor.expect_refusal(429);
    await page.getByRole('button', { name: 'Ask SimplePay now' }).click();
    await page.getByText(/Trying again in \d+ s/).waitFor();
    await assert_usable(page, 'a countdown');
    await page.getByText(/Trying again in/).waitFor({ state: 'detached' });
    await page.getByText('SimplePay says nothing new. Status: paid.').first().waitFor();
  }));

test('what a visitor wrote is text, whatever it looks like', async () => {
  const evil = '<img src=x onerror="document.title=1">';
  const id = await office.paid({
    metas: { email: 'evil@example.hu', name: evil, company: evil, country: 'HU', city: evil },
  });
  await office.visit({ path: `/payments/${id}` }, async (page) => {
    await page.locator('.story').waitFor();
    for (const tab of ['messages', 'raw']) {
      await page.locator(`#tab-${tab}`).click();
      const show = page.getByRole('button', { name: /^Show/ });
      if (tab === 'messages') await show.first().click();
      await page.locator('.raw pre').waitFor();
    }
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.title(), `TR${id} · O.Z.O.R.A.`);
    for (const [name, shown] of [['q', '.empty'], ['fee', '.filters .wrong']]) {
      await page.goto(office.at(`/payments?${name}=${encodeURIComponent(evil)}`));
      await page.locator(shown, { hasText: evil }).waitFor();
      assert.equal(await page.locator('img').count(), 0);
    }
  });
});
