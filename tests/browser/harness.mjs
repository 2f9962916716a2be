// A browser in front of the real service and sandbox.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root, start_platform } from '../../scripts/platform.mjs';
import { at_the_end } from '../together/at_the_end.mjs';

const chromium_program = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';
const chromium_arguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const step_deadline_ms = 20_000;

// One browser for all files of a process, started when it is first asked for.
let started;
function shared_browser() {
  started ??= chromium.launch({ executablePath: chromium_program, args: chromium_arguments });
  return started;
}
at_the_end(async () => (await started)?.close());

// What visits have left, for the next that wants the same: a new page is a new process, and to
// start that and to read the scripts again takes longer than most visits.
const left = new Map();

async function page_for(wanted) {
  const kept = left.get(wanted)?.pop();
  if (kept) return kept;
  const context = await (await shared_browser()).newContext(JSON.parse(wanted));
  return context.newPage();
}

// Leaves nothing behind that the next visitor could find but what the browser has read: no cookie,
// nothing stored, no history, no other tab, nobody who listens or answers in a server's place. The
// page stays at an address without scripts, for at another host it would be a new process.
async function leave(wanted, { page, origins, stop_listening }) {
  const context = page.context();
  for (const other of context.pages()) if (other !== page) await other.close();
  stop_listening();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await context.unrouteAll({ behavior: 'ignoreErrors' });
  await context.clearPermissions();
  const devtools = await context.newCDPSession(page);
  for (const origin of origins) {
    await page.goto(`${origin}/healthz`);
    await page.evaluate(() => sessionStorage.clear());
    await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  }
  await context.clearCookies();
  await devtools.send('Page.resetNavigationHistory');
  await devtools.detach();
  const { width, height } = JSON.parse(wanted).viewport;
  await page.setViewportSize({ width, height });
  left.set(wanted, [...(left.get(wanted) ?? []), page]);
}

// One page and everything it complained about or asked of a stranger.
class Visitor {
  complaints = [];
  strangers = [];
  origins = new Set(); // of the pages that were visited
  #expected = [];
  #known = [];

  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(step_deadline_ms);
    const on_console = (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    };
    const on_error = (error) => this.complaints.push(String(error));
    const on_request = (request) => {
      const { protocol, hostname, origin } = new URL(request.url());
      const is_known = hostname === '127.0.0.1' || this.#known.includes(origin);
      const ours = ['data:', 'blob:'].includes(protocol) || is_known;
      if (!ours) this.strangers.push(request.url());
      if (is_known && request.isNavigationRequest()) this.origins.add(origin);
    };
    const context = page.context();
    page.on('console', on_console).on('pageerror', on_error);
    context.on('request', on_request);
    // Only what is ours: Playwright itself listens to its pages, too.
    this.stop_listening = () => {
      page.off('console', on_console).off('pageerror', on_error);
      context.off('request', on_request);
    };
  }

  // The browser itself reports every refused or lost request; a test that provokes one says so.
  expect_refusal(status) {
    this.expect_complaint(`the server responded with a status of ${status}`);
  }

  // No stranger, but where this visit leads.
  expect_visit(origin) {
    this.#known.push(origin);
  }

  expect_complaint(part) {
    this.#expected.push(part);
  }

  unexpected_complaints() {
    return this.complaints.filter((text) => !this.#expected.some((part) => text.includes(part)));
  }
}

export class World {
  static async open(settings = {}) {
    const directory = await mkdtemp(join(tmpdir(), 'ozora-browser-'));
    const platform = await start_platform({ directory, ...settings });
    const close = async () => {
      await platform.stop();
      await rm(directory, { recursive: true, force: true });
    };
    return new World(platform, close);
  }

  // A browser in front of a platform that runs already; `close` ends that.
  constructor(platform, close) {
    Object.assign(this, { platform, close });
    this.shop = platform.sandbox.shop;
  }

  // Lets `story` use a browser as somebody who comes for the first time, then holds it to the
  // promises every page keeps. One that is `fresh` has never read a page of ours, and none is read
  // in it afterwards: where it matters what is fetched, or when the page's clock is changed.
  async visit(options, story) {
    const { language = 'en-GB', dark = false, width = 1000, height = 760, fresh } = options;
    const wanted = JSON.stringify({
      locale: language,
      colorScheme: dark ? 'dark' : 'light',
      viewport: { width, height },
      reducedMotion: 'reduce',
      ...(fresh && { fresh }),
    });
    const page = await page_for(wanted);
    const visitor = new Visitor(page);
    try {
      await story(visitor, page);
      const found = { console: visitor.unexpected_complaints(), strangers: visitor.strangers };
      if (found.console.length || found.strangers.length) {
        throw new Error(`the page complained or called out: ${JSON.stringify(found, null, 2)}`);
      }
    } catch (error) {
      const written = this.platform.payments.program.output.slice(-1500);
      error.message += `\nthe service wrote last:\n${written}`;
      await page.context().close();
      throw error;
    }
    const end = () => page.context().close();
    if (fresh) await end();
    else await leave(wanted, visitor).catch(end); // where the service is away by now
  }
}

// Kept for the README; only rewritten on demand, so that a test run leaves the tree clean.
export async function save_screenshot(page, name) {
  if (process.env.SAVE_SCREENSHOTS !== '1') return;
  const directory = join(root, 'docs/screenshots');
  await mkdir(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`) });
}

const axe_file = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const axe_source = await readFile(axe_file, 'utf8');

// Once for each document. What the devtools evaluate stays compiled for the next document; by
// page.evaluate() each would read axe's half a megabyte anew, and run it slowly at first.
async function bring_axe(page) {
  if (await page.evaluate(() => 'axe' in window)) return;
  const devtools = await page.context().newCDPSession(page);
  const { exceptionDetails } = await devtools.send('Runtime.evaluate', { expression: axe_source });
  assert.equal(exceptionDetails, undefined);
  await devtools.detach();
}

// What axe finds wrong with the page for people who cannot see, point or tell colours apart.
export async function accessibility_faults(page) {
  await bring_axe(page);
  const { violations } = await page.evaluate(() =>
    window.axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      rules: { 'heading-order': { enabled: true } },
      resultTypes: ['violations'],
      selectors: false,
    }),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

export const sideways_overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
