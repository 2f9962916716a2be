// Somebody of the staff who has the console's health page open, and keeps what it shows.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { eventually, root } from '../fixtures/harness.mjs';
import { send } from '../api/client.mjs';

const from_browser_tests = createRequire(join(root, 'tests/browser/harness.mjs'));
const { chromium } = from_browser_tests('playwright-core');
const program = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';
const everything = {
  payments_search: 'true', payments_operate: 'true',
  tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*',
};
const looks_for_ms = 4_000;

export class Onlooker {
  static async open(platform, to) {
    const onlooker = new Onlooker();
    const args = ['--headless', '--no-sandbox', '--disable-gpu'];
    onlooker.browser = await chromium.launch({ executablePath: program, args });
    const context = await onlooker.browser.newContext({
      viewport: { width: 1280, height: 900 }, locale: 'en-GB',
    });
    await context.addCookies([await session(platform)]);
    Object.assign(onlooker, { platform, to, page: await context.newPage() });
    return onlooker;
  }

  // Gives the name of the picture. The page says itself what it cannot find out.
  async look(name) {
    const file = `health-${name.toLowerCase().replaceAll(' ', '-')}.png`;
    await this.page.goto(`${this.platform.url}/console/health`).catch(() => {});
    const shown = () => this.page.locator('.check-line, [role=alert], .note').first().isVisible();
    await eventually(shown, { within_ms: looks_for_ms }).catch(() => {});
    await this.page.screenshot({ path: join(this.to, file), fullPage: true });
    return file;
  }

  close() {
    return this.browser.close();
  }
}

async function session({ url, user_token }) {
  const { origin, hostname } = new URL(url);
  const reply = await send(`${origin}/console/sign-in/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Console': '1', Origin: origin },
    body: JSON.stringify({ token: user_token(everything, { sub: 'anna', name: 'Anna' }) }),
  });
  if (reply.status !== 204) throw new Error(`nobody could sign in: ${reply.text}`);
  const [name, value] = reply.headers['set-cookie'][0].split(';')[0].split('=');
  const kept = { httpOnly: true, secure: true, sameSite: 'Strict' };
  return { name, value, domain: hostname, path: '/', ...kept };
}
