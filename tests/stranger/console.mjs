// Somebody of the staff at the console, in a real Chromium.
import { createRequire } from 'node:module';
import { type } from './machine.mjs';

const { chromium } = createRequire('/root/browser/')('playwright-core');
const privileges = {
  payments_search: 'true', payments_operate: 'true', payments_erase: 'true',
  tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*',
};

export class Staff {
  static async sign_in(url, key) {
    const claims = {
      sub: 'anna', name: 'Anna', privs: privileges, exp: Math.floor(Date.now() / 1000) + 3600,
    };
    const mint = `ozora-payments token mint --key ${key} --claims '${JSON.stringify(claims)}'`;
    const { printed } = await type(mint);
    const staff = new Staff();
    staff.url = url;
    staff.browser = await chromium.launch({
      executablePath: '/usr/bin/chromium-headless-shell',
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
    staff.page = await staff.browser.newPage({ locale: 'en-GB' });
    staff.page.setDefaultTimeout(30_000);
    await staff.page.goto(`${url}/console/sign-in?to=${encodeURIComponent('/console/')}`);
    await staff.page.locator('textarea').fill(printed.trim());
    await staff.page.locator('button[type=submit]').click();
    await staff.page.locator('nav').first().waitFor();
    return staff;
  }

  // What the health page says that is not well, a line each.
  async ills() {
    await this.page.goto(`${this.url}/console/health`);
    await this.page.locator('.check-line').first().waitFor();
    return (await this.page.locator('.check-line').allInnerTexts())
      .map((text) => text.replace(/\s+/g, ' ').trim());
  }

  close() {
    return this.browser.close();
  }
}
