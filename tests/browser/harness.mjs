// A browser in front of the real service and sandbox.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root, start_platform } from '../../scripts/platform.mjs';


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

// One page and everything it complained about or asked of a stranger.
class Visitor {
  complaints = [];
  strangers = [];
  #expected = [];
  #known = [];

  constructor(context, page) {
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(step_deadline_ms);
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    context.on('request', (request) => {
      const { protocol, hostname, origin } = new URL(request.url());
      const is_known = hostname === '127.0.0.1' || this.#known.includes(origin);
      const ours = ['data:', 'blob:'].includes(protocol) || is_known;
      if (!ours) this.strangers.push(request.url());
    });
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
    return World.around(platform, close);
  }

  // A browser in front of a platform that runs already; `close_platform` ends that.
  static async around(platform, close_platform) {
    const browser = await chromium.launch({
      executablePath: chromium_program,
      args: chromium_arguments,
    });
    return new World(platform, browser, close_platform);
  }

  constructor(platform, browser, close_platform) {
    Object.assign(this, { platform, browser, close_platform });
    this.shop = platform.sandbox.shop;
  }

  async close() {
    await this.browser.close();
    await this.close_platform();
  }

  // Lets `story` use a browser of its own, then holds it to the promises every page keeps.
  async visit(options, story) {
    const { language = 'en-GB', dark = false, width = 1000, height = 760 } = options;
    const context = await this.browser.newContext({
      locale: language,
      colorScheme: dark ? 'dark' : 'light',
      viewport: { width, height },
      reducedMotion: 'reduce',
    });
    try {
      const visitor = new Visitor(context, await context.newPage());
      await story(visitor, visitor.page);
      const found = { console: visitor.unexpected_complaints(), strangers: visitor.strangers };
      if (found.console.length || found.strangers.length) {
        throw new Error(`the page complained or called out: ${JSON.stringify(found, null, 2)}`);
      }
    } catch (error) {
      const written = this.platform.payments.program.output.slice(-1500);
      error.message += `\nthe service wrote last:\n${written}`;
      throw error;
    } finally {
      await context.close();
    }
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

// What axe finds wrong with the page for people who cannot see, point or tell colours apart.
export async function accessibility_faults(page) {
  // Reading axe's half a megabyte takes longer than the check: once for each document.
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe_source);
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
