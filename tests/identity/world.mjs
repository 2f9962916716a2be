// A platform whose staff sign in at a real identity provider.
import { free_port } from '../fixtures/harness.mjs';
import { console_key, open_world } from '../api/world.mjs';
import { Browser } from './browser.mjs';
import { client_id, client_secret, open_provider } from './provider.mjs';

export const usual = {
  payments_search: 'true',
  tickets_search_flags: 'HU',
  tickets_search_years: '*',
  tickets_search_events: '*',
};

export async function open_identity_world(settings = {}) {
  const [port, own_port] = [await free_port(), await free_port()];
  const listen = `127.0.0.1:${own_port}`;
  const provider_settings = { port, console_url: `http://${listen}`, privileges: () => usual };
  const provider = await open_provider(provider_settings);
  const world = await open_world({
    listen,
    settings: {
      PAYMENTS_CONSOLE_SIGN_IN: 'oidc',
      PAYMENTS_CONSOLE_KEY: console_key,
      PAYMENTS_CONSOLE_ISSUER: provider.url,
      PAYMENTS_CONSOLE_CLIENT_ID: client_id,
      PAYMENTS_CONSOLE_CLIENT_SECRET: client_secret,
      PAYMENTS_USER_KEYS: provider.keys_url,
      PAYMENTS_USER_ISSUER: provider.url,
      PAYMENTS_USER_AUDIENCE: 'payments',
      ...settings,
    },
  }).catch(async (error) => {
    await provider.close();
    throw error;
  });
  const close = async () => {
    await world.close();
    await provider.close();
  };
  return { ...world, restart: world.platform.restart, provider, close };
}

export const is_at = (url) => (location) => location.startsWith(url);

// From /console/sign-in to the answer that sets the session; gives the browser and that answer.
export async function sign_in(world, name = 'kata', to = '/console/') {
  const browser = new Browser();
  const first = await browser.go(`${world.url}/console/sign-in?to=${encodeURIComponent(to)}`);
  const at_the_end = is_at(`${world.url}/console/signed-in`);
  const sent_back = await browser.sign_in_as(name, first, at_the_end);
  const done = await browser.send(sent_back.location);
  return { browser, done, answer: sent_back.location };
}

export const session_id = (browser, world) => browser.cookies(world.url).get('__Host-ozora');

// The headers with which a page of the console calls.
export const page = (browser, world, mark = '1') => {
  const id = session_id(browser, world);
  return {
    'Sec-Fetch-Site': 'same-origin',
    'X-Console': mark,
    ...(id && { Cookie: `__Host-ozora=${id}` }),
  };
};
