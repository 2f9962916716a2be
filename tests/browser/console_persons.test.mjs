// The sample persons of ./run: each is in the back office with one click at the identity provider,
// as who they are.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open_identity } from '../../sandbox/identity/provider.mjs';
import { has_back_office, persons } from '../../scripts/persons.mjs';
import { free_port } from '../fixtures/harness.mjs';
import { assert_usable, Office } from './office.mjs';

let office, identity, here, abroad;
before(async () => {
  const listen = `127.0.0.1:${await free_port()}`;
  const key = Buffer.alloc(32, 'a key').toString('base64');
  const console_url = `http://${listen}`;
  identity = await open_identity({ port: await free_port(), console_url, persons, key });
  office = await Office.open(identity.settings, { listen });
  here = await office.begun({ flag: 'HU' });
  abroad = await office.begun({ flag: 'INT' });
});
after(async () => {
  await office?.close();
  await identity?.close();
});

const sees = {
  kata: () => [here],
  ines: () => [abroad],
  ferenc: () => [abroad, here],
  dora: () => [abroad, here],
  olga: () => [abroad, here],
};

async function choose(page, name) {
  await page.getByRole('button', { name }).click();
  await page.locator('.person-name', { hasText: name }).waitFor();
}

for (const { sub, name } of persons) {
  test(`${name} sees what is theirs`, () =>
    office.browser.visit({ width: 1280, height: 800 }, async (visitor, page) => {
      visitor.expect_visit(identity.url);
      await page.goto(office.at('/sign-in?to=/console/payments'));
      await assert_usable(page, 'the choice of persons');
      await choose(page, name);
      await page.locator('.row-link').first().waitFor();
      const ids = await page.locator('.row-link').allInnerTexts();
      assert.deepEqual(ids, sees[sub]().map((id) => `TR${id}`));
    }));
}

test('whoever signs out may be somebody else', () =>
  office.browser.visit({ width: 1280, height: 800 }, async (visitor, page) => {
    visitor.expect_refusal(401);
    visitor.expect_visit(identity.url);
    await page.goto(office.at('/sign-in'));
    await choose(page, 'Kata K.');
    await page.locator('.person-menu summary').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await choose(page, 'Olga R.');
  }));

test('they are on this machine only, and where nobody has settled it otherwise', () => {
  assert.ok(has_back_office('127.0.0.1:8080', {}));
  assert.ok(has_back_office('[::1]:8080', {}));
  assert.ok(!has_back_office('0.0.0.0:8080', {}));
  assert.ok(!has_back_office('192.168.1.5:8080', {}));
  for (const [name, value] of Object.entries({
    PAYMENTS_PUBLIC_URL: 'https://pay.example',
    PAYMENTS_CONSOLE_SIGN_IN: 'off',
    PAYMENTS_USER_KEYS: '/etc/keys.jwks',
  })) assert.ok(!has_back_office('127.0.0.1:8080', { [name]: value }), name);
});
