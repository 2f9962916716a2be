// The sample persons of ./run: each is in the back office with two clicks, as who they are.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { console_settings, open_persons, persons } from '../../scripts/persons.mjs';
import { assert_usable, Office } from './office.mjs';

let office, choice, here, abroad;
before(async () => {
  office = await Office.open();
  const { url, keys } = office.platform;
  choice = await open_persons({ url, keys });
  here = await office.begun({ flag: 'HU' });
  abroad = await office.begun({ flag: 'INT' });
});
after(async () => {
  await choice?.close();
  await office?.close();
});

const sees = {
  kata: () => [here],
  ines: () => [abroad],
  ferenc: () => [abroad, here],
  olga: () => [abroad, here],
};

for (const { sub, name } of persons) {
  test(`${name} sees what is theirs`, () =>
    office.browser.visit({ width: 1280, height: 800 }, async (visitor, page) => {
      visitor.expect_refusal(401);
      await page.goto(choice.url);
      await assert_usable(page, 'the choice of persons');
      await page.getByRole('link', { name }).click();
      const enter = page.getByRole('button', { name: `Sign in as ${name}` });
      await enter.waitFor();
      assert.ok(!page.url().includes('token='), 'the token stays in the address');
      await enter.click();
      await page.locator('.person-name', { hasText: name }).waitFor();
      await page.locator('.row-link').first().waitFor();
      const ids = await page.locator('.row-link').allInnerTexts();
      assert.deepEqual(ids, sees[sub]().map((id) => `TR${id}`));
    }));
}

test('a site that leads its own name here reads no token', async () => {
  const status = (headers) => new Promise((resolve, reject) => {
    request(choice.url, { headers }, (reply) => resolve(reply.resume().statusCode))
      .on('error', reject)
      .end();
  });
  assert.equal(await status({}), 200);
  assert.equal(await status({ Host: 'evil.example' }), 421);
});

test('a token is taken on this machine only, and where nobody has settled it otherwise', () => {
  const given = (listen, settings = {}) =>
    Object.keys(console_settings(listen, settings, 'key')).length > 0;
  assert.ok(given('127.0.0.1:8080'));
  assert.ok(given('[::1]:8080'));
  assert.ok(!given('0.0.0.0:8080'));
  assert.ok(!given('192.168.1.5:8080'));
  assert.ok(!given('127.0.0.1:8080', { PAYMENTS_PUBLIC_URL: 'https://pay.example' }));
  assert.ok(!given('127.0.0.1:8080', { PAYMENTS_CONSOLE_SIGN_IN: 'off' }));
});
