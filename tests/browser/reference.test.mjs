// The API reference page of the service.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { save_screenshot, sideways_overflow, World } from './harness.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

// Redoc draws the whole contract at once: seconds on a quiet machine, many where other suites run.
const drawn_within = { timeout: 90_000 };

const read_contract = async () => (await fetch(`${world.platform.url}/openapi.json`)).json();

test('the header carries title, version, commit and build time', () =>
  world.visit({ width: 1280, height: 800 }, async (_, page) => {
    const { info } = await read_contract();
    await page.goto(`${world.platform.url}/`);
    await page.locator('.menu-content').waitFor(drawn_within);
    assert.equal(await page.title(), 'O.Z.O.R.A. Payments API');
    const header = await page.locator('header').innerText();
    assert.match(header, /O\.Z\.O\.R\.A\. Payments API/);
    assert.match(info.version, /^\d+\.\d+\.\d+/);
    assert.match(info['x-commit'], /^([0-9a-f]{7,40}|unknown)$/);
    assert.match(header, /Payment and transaction management service\./);
    const shown = header.replace(/\s+/g, ' ');
    assert.ok(shown.includes(`Software Version: ${info.version}`), shown);
    assert.ok(shown.includes(`Git Commit ID: ${info['x-commit']}`), shown);
    assert.match(shown, /Build: \d{4}-/);
    assert.equal(
      await page.locator('#build-time time').getAttribute('datetime'),
      info['x-build-time'],
    );
    await save_screenshot(page, 'api-reference');
  }));

test('every operation of the contract is on the page', () =>
  world.visit({ width: 1280, height: 800 }, async (_, page) => {
    const { paths, webhooks } = await read_contract();
    await page.goto(`${world.platform.url}/`);
    await page.locator('.menu-content').waitFor(drawn_within);
    for (const path of Object.keys(paths)) {
      await page
        .locator('.api-content')
        .getByText(path, { exact: true })
        .first()
        .waitFor({ state: 'attached' });
    }
    for (const { post } of Object.values(webhooks)) {
      await page
        .locator('.api-content')
        .getByRole('heading', { name: post.summary })
        .first()
        .waitFor({ state: 'attached' });
    }
  }));

test('searching the reference finds an operation', () =>
  world.visit({ width: 1280, height: 800 }, async (_, page) => {
    await page.goto(`${world.platform.url}/`);
    await page.getByPlaceholder('Search...').fill('backref');
    await page
      .locator('[role="search"] [data-role="search:results"]')
      .getByText(/backref/i)
      .first()
      .waitFor();
  }));

test('the reference fits a phone', () =>
  world.visit({ width: 390, height: 844 }, async (_, page) => {
    await page.goto(`${world.platform.url}/`);
    await page.locator('.api-content').waitFor(drawn_within);
    assert.ok((await sideways_overflow(page)) <= 0);
  }));
