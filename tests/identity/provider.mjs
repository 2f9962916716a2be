// A real OpenID Connect provider, whoever signs in at it being whom they say they are.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

export const client_id = 'payments-console';
export const client_secret = 'a secret of the tests, 1+1=2 & more';

// What access tokens are for (RFC 8707).
export const resource = 'https://payments.example/api';

let keys_made = 0;
const signing_key = () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = `provider-${++keys_made}`;
  return { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid };
};

// `privileges(sub)` are what a user token says; `console_url` is where people come back to. Gives
// `url` (the issuer), `keys_url`, `forget` what was granted, and `behave` otherwise from now on:
//   access_token_s     how long access tokens last
//   refresh            whether there are refresh tokens
//   privileges         as above
//   privileges_in_id   whether the ID token has them too
//   default_resource   whether access tokens are JWTs although nobody asked for a resource
//   silent             whether every connection is broken off
export async function open_provider({ port, console_url, privileges }) {
  const behaviour = {
    access_token_s: 3600,
    privileges,
    refresh: true,
    default_resource: true,
    jwks: [signing_key()],
  };
  const url = `http://localhost:${port}`;
  let revoked = 0;
  const made = () => {
    const one = new Provider(url, configuration(console_url, behaviour));
    one.on('refresh_token.destroyed', () => ++revoked);
    return one;
  };
  let provider = made();
  // What it has to say goes to its own page; a test reads that.
  const server = createServer((request, reply) => {
    if (behaviour.silent) return request.socket.destroy();
    return provider.callback()(request, reply);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url,
    keys_url: `${url}/jwks`,
    behave: (changes) => Object.assign(behaviour, changes),
    // As when it was started again without its memory: what it granted is nothing any more.
    forget: () => {
      provider = made();
    },
    // How many refresh tokens were taken back.
    revoked: () => revoked,
    // Signs with a new key from now on, and goes on to publish the former ones.
    change_keys: () => {
      behaviour.jwks.unshift(signing_key());
      provider = made();
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function configuration(console_url, behaviour) {
  return {
    clients: [
      {
        client_id,
        client_secret,
        redirect_uris: [`${console_url}/console/signed-in`],
        post_logout_redirect_uris: [`${console_url}/console/signed-out`],
        grant_types: ['authorization_code', 'refresh_token'],
        backchannel_logout_uri: `${console_url}/console/backchannel-logout`,
        backchannel_logout_session_required: true,
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: behaviour.jwks },
    cookies: { keys: ['of the tests'] },
    claims: { openid: ['sub', 'name', 'privs'] },
    conformIdTokenClaims: false,
    findAccount: (context, sub) => ({
      accountId: sub,
      claims: () => ({
        sub,
        name: `${sub} of the Box Office`,
        ...(behaviour.privileges_in_id && { privs: behaviour.privileges(sub) }),
      }),
    }),
    extraTokenClaims: (context, token) => ({ privs: behaviour.privileges(token.accountId) }),
    issueRefreshToken: (context, client) =>
      behaviour.refresh && client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: () => behaviour.access_token_s,
      IdToken: 3600,
      Grant: 86_400,
      Session: 86_400,
      Interaction: 3600,
      RefreshToken: 86_400,
      AuthorizationCode: 60,
    },
    // It adds a dispatcher that refuses loopback addresses.
    fetch: (address, { dispatcher, ...rest }) => fetch(address, rest),
    features: {
      backchannelLogout: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => (behaviour.default_resource ? resource : undefined),
        useGrantedResource: () => true,
        getResourceServerInfo: (context, asked) => ({
          scope: 'payments',
          audience: asked === resource ? 'payments' : asked,
          accessTokenFormat: 'jwt',
          accessTokenTTL: behaviour.access_token_s,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}
