// As much of a browser as signing in needs: cookies by host, redirects one by one, and forms.
import assert from 'node:assert/strict';

export class Browser {
  #cookies = new Map(); // host to name to value

  // The cookies of a host: browsers do not tell ports apart.
  cookies(url) {
    const { hostname } = new URL(url);
    if (!this.#cookies.has(hostname)) this.#cookies.set(hostname, new Map());
    return this.#cookies.get(hostname);
  }

  async send(url, { method = 'GET', headers = {}, body } = {}) {
    const jar = this.cookies(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await fetch(url, {
      method,
      body,
      redirect: 'manual',
      headers: { ...(cookie && { Cookie: cookie }), ...headers },
    });
    for (const line of reply.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const [name, ...value] = pair.split('=');
      const ends = ['Max-Age=0', 'expires=Thu, 01 Jan 1970'];
      const gone = attributes.some((each) => ends.some((end) => each.startsWith(end)));
      if (gone) jar.delete(name);
      else jar.set(name, value.join('='));
    }
    const location = reply.headers.get('location');
    return {
      url,
      status: reply.status,
      headers: reply.headers,
      text: await reply.text(),
      location: location && new URL(location, url).href,
    };
  }

  // Follows redirects until one leads to where `stops` says, or to a page.
  async go(url, stops = () => false) {
    let at = await this.send(url);
    while (at.location && !stops(at.location)) at = await this.send(at.location);
    return at;
  }

  // Fills in the page's form and sends it, with all that it hides.
  submit(page, fields = {}) {
    const action = /<form[^>]*action="([^"]*)"/.exec(page.text)?.[1];
    assert.ok(action, `no form at ${page.url}: ${page.text}`);
    const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const body = new URLSearchParams({
      ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])),
      ...fields,
    });
    const address = new URL(action.replaceAll('&amp;', '&'), page.url).href;
    return this.send(address, { method: 'POST', body });
  }

  // From a page of the provider on: who it is, the consent, and back to where `stops` says.
  async sign_in_as(name, page, stops) {
    const signed = await this.submit(page, { login: name, password: 'any' });
    let at = await this.go(signed.location, stops);
    if (stops(at.location ?? '')) return at;
    const consented = await this.submit(at);
    at = await this.go(consented.location, stops);
    assert.ok(stops(at.location ?? ''), `${at.url}: ${at.text}`);
    return at;
  }
}
