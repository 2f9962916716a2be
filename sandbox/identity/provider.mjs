// The identity provider of ./run: npm's oidc-provider, whose sign-in page lists sample persons.
// Version 8, for 9 needs a newer Node than Debian 12 has; tests/identity asks 9.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const client_id = 'payments-console';
const resource = 'https://payments.example/api'; // what access tokens are for (RFC 8707)
const audience = 'payments';
const token_lasts_s = 12 * 3600; // longer than a session

// What it says at its start is for those who run it in earnest: a memory of its own, and no others.
async function quietly(make) {
  const { info, warn } = console;
  console.info = console.warn = () => {};
  try {
    return await make();
  } finally {
    Object.assign(console, { info, warn });
  }
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
button { display: block; width: 100%; text-align: left; font: inherit; cursor: pointer;
  padding: .9rem 1.1rem; border: 1px solid var(--line); border-radius: 12px;
  background: var(--card); color: inherit; }
button:hover { border-color: var(--accent); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
strong { color: var(--accent); }
button span { display: block; color: var(--soft); font-size: .9375rem; }
`;


const choice = (persons, address) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sample persons</title>
<style>${style}</style>
<main>
<h1>Who are you today?</h1>
<p>Sample persons of the sandbox’s back office. Each sees and may do something else.</p>
<form method="post" action="${address}"><ul>${persons.map(({ sub, name, work, does }) => `
<li><button name="person" value="${sub}"><strong>${name}</strong> ${work}
<span>${does}</span></button></li>`).join('')}
</ul></form>
</main>
</html>`;

// Whoever signs out at the back office has said so: nobody is asked again.
const farewell = (form) => `<!doctype html>
<title>Signing out</title>
${form.replace('</form>', '<input type="hidden" name="logout" value="yes"></form>')}
<script>document.forms[0].submit();</script>`;

// What every client of the sandbox may have: nobody is asked for a consent.
async function granted({ oidc }) {
  const { Grant } = oidc.provider;
  const known = oidc.session.grantIdFor(oidc.client.clientId);
  if (known) return Grant.find(known);
  const { accountId } = oidc.session;
  const grant = new Grant({ clientId: oidc.client.clientId, accountId });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}

function configuration(console_url, client_secret, persons) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'sandbox' };
  const person = (sub) => persons.find((one) => one.sub === sub);
  return {
    clients: [{
      client_id,
      client_secret,
      redirect_uris: [`${console_url}/console/signed-in`],
      post_logout_redirect_uris: [`${console_url}/console/signed-out`],
      grant_types: ['authorization_code'],
    }],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [key] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub', 'name'] },
    conformIdTokenClaims: false,
    findAccount: (context, sub) =>
      person(sub) && { accountId: sub, claims: () => ({ sub, name: person(sub).name }) },
    extraTokenClaims: (context, { accountId }) => {
      const { name, privs } = person(accountId);
      return { name, privs };
    },
    loadExistingGrant: granted,
    interactions: { url: (context, { uid }) => `/who/${uid}` },
    ttl: {
      AccessToken: token_lasts_s, AuthorizationCode: 60, Grant: token_lasts_s, IdToken: 3600,
      Interaction: 3600, Session: token_lasts_s,
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => { context.body = farewell(form); },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '', audience, accessTokenFormat: 'jwt', accessTokenTTL: token_lasts_s,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

async function form_of(request) {
  let text = '';
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

// Shows who somebody may be, and signs in whom they choose.
async function ask(provider, persons, request, reply) {
  await provider.interactionDetails(request, reply);
  if (request.method === 'POST') {
    const sub = (await form_of(request)).get('person');
    const login = { accountId: sub };
    if (persons.some((one) => one.sub === sub)) {
      return provider.interactionFinished(request, reply, { login });
    }
  }
  reply.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  });
  reply.end(choice(persons, request.url));
}

// `console_url` is the service's address. Gives the provider's `url`, the `settings` of a service
// whose staff sign in here, with `key` to seal their sessions, and `close`.
export async function open_identity({ port, console_url, persons, key }) {
  const client_secret = randomBytes(24).toString('base64url');
  const url = `http://localhost:${port}`;
  const provider = await quietly(async () => {
    const { Provider } = await import('oidc-provider');
    return new Provider(url, configuration(console_url, client_secret, persons));
  });
  const answer = provider.callback();
  const server = createServer((request, reply) => {
    // By its own name only: else another site could lead its visitors' browsers here.
    if (request.headers.host !== `localhost:${port}`) return reply.writeHead(421).end();
    if (!request.url.startsWith('/who/')) return answer(request, reply);
    return ask(provider, persons, request, reply).catch(() => {
      if (!reply.headersSent) reply.writeHead(400);
      reply.end('This sign-in is over. Begin again at the back office.');
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url,
    settings: {
      PAYMENTS_CONSOLE_SIGN_IN: 'oidc',
      PAYMENTS_CONSOLE_KEY: key,
      PAYMENTS_CONSOLE_ISSUER: url,
      PAYMENTS_CONSOLE_CLIENT_ID: client_id,
      PAYMENTS_CONSOLE_CLIENT_SECRET: client_secret,
      PAYMENTS_USER_KEYS: `${url}/jwks`,
      PAYMENTS_USER_ISSUER: url,
      PAYMENTS_USER_AUDIENCE: audience,
    },
    close() {
      server.closeAllConnections?.();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
