// The API reference page of the service.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { save_screenshot, sideways_overflow, World } from './harness.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

// Redoc draws the whole contract at once: seconds on a quiet machine, many where other suites run.
// So each width is drawn once, for all that is asked of it.
const drawn_within = { timeout: 90_000 };

const read_contract = async () => (await fetch(`${world.platform.url}/openapi.json`)).json();

// The text of every element inside that `selector` finds, read at once: a locator for each would
// read the many thousand elements of this page anew each time.
async function texts_of(within, selector) {
  const texts = await within.evaluate(
    (place, what) => [...place.querySelectorAll(what)].map((one) => one.textContent.trim()),
    selector,
  );
  return new Set(texts);
}

async function header_carries_what_this_build_is(page) {
  const { info } = await read_contract();
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
}

async function every_operation_is_there(page) {
  const { paths, webhooks } = await read_contract();
  const shown = await texts_of(page.locator('.api-content'), '*');
  for (const path of Object.keys(paths)) assert.ok(shown.has(path), path);
  const headings = await texts_of(page.locator('.api-content'), 'h1, h2, h3, h4, h5, h6');
  for (const { post } of Object.values(webhooks))
    assert.ok([...headings].some((text) => text.includes(post.summary)), post.summary);
}

async function searching_finds_an_operation(page) {
  await page.getByPlaceholder('Search...').fill('backref');
  await page
    .locator('[role="search"] [data-role="search:results"]')
    .getByText(/backref/i)
    .first()
    .waitFor();
}

test('the reference on a large screen', (t) =>
  world.visit({ width: 1280, height: 800 }, async (_, page) => {
    await page.goto(`${world.platform.url}/`);
    await page.locator('.menu-content').waitFor(drawn_within);
    await t.test('the header carries title, version, commit and build time', () =>
      header_carries_what_this_build_is(page));
    await t.test('every operation of the contract is on the page', () =>
      every_operation_is_there(page));
    await t.test('searching the reference finds an operation', () =>
      searching_finds_an_operation(page));
  }));

test('the reference fits a phone', () =>
  world.visit({ width: 390, height: 844 }, async (_, page) => {
    await page.goto(`${world.platform.url}/`);
    await page.locator('.api-content').waitFor(drawn_within);
    assert.ok((await sideways_overflow(page)) <= 0);
  }));
