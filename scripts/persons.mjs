// The sample persons of ./run: who they are, and a page on which one is chosen to be in the back
// office. Their tokens are made with the sandbox's own key, so they are good for nothing else.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { make_token } from './tokens.mjs';

const everywhere = { flags: '*', years: '*', events: '*' };
const only = (flag) => ({ ...everywhere, flags: flag });
const scope = ({ flags, years, events }) => ({
  tickets_search_flags: flags, tickets_search_years: years, tickets_search_events: events,
});
const box_office = [
  'payments_search', 'payments_refund', 'payments_personal', 'payments_review',
];
const yes = (...privileges) => Object.fromEntries(privileges.map((name) => [name, 'true']));

export const persons = [
  {
    sub: 'kata', name: 'Kata K.', work: 'Box office, tickets with flag HU',
    does: 'finds payments, gives money back, and settles what waits',
    privs: { ...yes(...box_office), ...scope(only('HU')) },
  },
  {
    sub: 'ines', name: 'Inês S.', work: 'Box office, tickets with flag INT',
    does: 'the same for other tickets, and nothing of HU',
    privs: { ...yes(...box_office), ...scope(only('INT')) },
  },
  {
    sub: 'ferenc', name: 'Ferenc P.', work: 'Finance',
    does: 'sees every payment, the whole worklist and the audit, and gives money back',
    privs: {
      ...yes(
        'payments_search', 'payments_refund', 'payments_review', 'payments_export',
        'payments_audit',
      ),
      ...scope(everywhere),
    },
  },
  {
    sub: 'olga', name: 'Olga R.', work: 'Operator',
    does: 'sees every payment, the events, the health and the audit; moves no money',
    privs: {
      ...yes('payments_search', 'payments_operate', 'payments_close', 'payments_audit'),
      ...scope(everywhere),
    },
  },
];

const token_lasts_s = 12 * 3600;

export async function token_of({ sub, name, privs }, keys) {
  const key = JSON.parse(await readFile(join(keys, 'user.jwk'), 'utf8'));
  const exp = Math.floor(Date.now() / 1000) + token_lasts_s;
  return make_token(key, { sub, name, privs, exp });
}

// The settings of a console for them; none where a token may not be pasted, which is anywhere but
// on this machine, or where the caller has settings of their own.
export function console_settings(listen, settings, key) {
  const host = (address) => new URL(`http://${address}`).hostname;
  const is_here = (name) => /^(127\.|\[::1\]$)/.test(name);
  const url = settings.PAYMENTS_PUBLIC_URL;
  if (!is_here(host(listen)) || (url && !is_here(new URL(url).hostname))) return {};
  if (Object.keys(settings).some((name) => name.startsWith('PAYMENTS_CONSOLE_'))) return {};
  return { PAYMENTS_CONSOLE_SIGN_IN: 'token', PAYMENTS_CONSOLE_KEY: key };
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#2c1139, #fbeee2);
  --soft: light-dark(#6b5375, #bda9c9); --line: light-dark(#ecdccb, #3d2a50);
  --card: light-dark(#fffdf9, #20122f); --accent: light-dark(#b3195f, #ff74ae); }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1.5rem;
  box-sizing: border-box; background: light-dark(#fff6ea, #140a21); color: var(--ink);
  font: 1rem/1.45 system-ui, sans-serif; }
main { width: min(100%, 34rem); }
h1 { margin: 0 0 .3rem; font-size: 1.5rem; }
p { margin: 0; color: var(--soft); }
ul { list-style: none; margin: 1.4rem 0 0; padding: 0; display: grid; gap: .6rem; }
a { display: block; padding: .9rem 1.1rem; border: 1px solid var(--line); border-radius: 12px;
  background: var(--card); color: inherit; text-decoration: none; }
a:hover { border-color: var(--accent); }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
strong { color: var(--accent); }
a span { display: block; color: var(--soft); font-size: .9375rem; }
`;

async function page(url, keys) {
  const items = await Promise.all(persons.map(async (person) => {
    const token = await token_of(person, keys);
    // Behind the `#`, so that no server hears it.
    const link = `${url}/console/sign-in?to=/console/payments#token=${token}`;
    const { name, work, does } = person;
    return `<li><a href="${link}"><strong>${name}</strong> ${work}<span>${does}</span></a></li>`;
  }));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sample persons</title>
<style>${style}</style>
<main>
<h1>Who are you today?</h1>
<p>Sample persons of the sandbox’s back office. Each sees and may do something else.</p>
<ul>${items.join('')}</ul>
</main>
</html>`;
}

// `url` is the service's address, `keys` the sandbox's folder of keys. Gives the page's address and
// `close`.
export async function open_persons({ url, keys, port = 0 }) {
  const server = createServer(async (request, reply) => {
    // By its own name only: else another site could read it under a name that leads here.
    if (request.headers.host !== `127.0.0.1:${server.address().port}`) {
      return reply.writeHead(421).end();
    }
    if (request.url !== '/') return reply.writeHead(404).end();
    reply.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    });
    reply.end(await page(url, keys));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  server.unref();
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections?.();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
