// A platform that signs staff in by itself and hands them over to the back office
// (docs/console.md): its page sends the browser on with a code, which the payment service exchanges
// for a user token.
// Needs nothing but Node 18.
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { make_token } from '../../scripts/tokens.mjs';

const code_lasts_ms = 60_000;

// The claims of a token that one of these keys (a JWKS) has signed with ES256; else nothing.
function claims_of(token, { keys }) {
  const [head, body, signature] = token.split('.');
  const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
  const jwk = keys.find((key) => key.kty === 'EC' && (kid === undefined || key.kid === kid));
  if (alg !== 'ES256' || !jwk) return undefined;
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
  const is_good = verify(
    'sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature ?? '', 'base64url'),
  );
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  return is_good && claims.exp * 1000 > Date.now() ? claims : undefined;
}

// `user_key` (a private JWK) signs user tokens; `service_keys` are those of the payment service;
// `console_url` is where it is; `claims_for(name)` are what a person's token says besides `sub`.
// Gives `page_url` and `exchange_url`, `code_for(name)`, `exchanged` (how many codes were), and
// `behave({silent})`.
export async function open_staff_platform({
  port, user_key, service_keys, console_url, claims_for,
}) {
  const codes = new Map(); // to who it is of and until when it is good
  const behaviour = { silent: false };
  let exchanged = 0;

  const code_for = (name) => {
    const code = randomBytes(32).toString('base64url');
    codes.set(code, { name, until: Date.now() + code_lasts_ms, signed_in_at: Date.now() });
    return code;
  };

  function exchange(authorization, body) {
    const caller = claims_of((authorization ?? '').replace(/^Bearer /, ''), service_keys);
    if (!caller?.service) return [401, { message: 'a service token is needed' }];
    const { code } = JSON.parse(body);
    const of = codes.get(code);
    codes.delete(code);
    if (!of || Date.now() > of.until) return [404, { message: 'no such code' }];
    ++exchanged;
    const seconds = (ms) => Math.floor(ms / 1000);
    const token = make_token(user_key, {
      sub: of.name, exp: seconds(Date.now()) + 3600, auth_time: seconds(of.signed_in_at),
      ...claims_for(of.name),
    });
    return [200, { token }];
  }

  // Whoever comes says who they are, and is sent on.
  function sign_in(query) {
    const name = query.get('name');
    if (!name) return [200, '<form><input name="name"><input name="to" type="hidden"></form>'];
    const to = new URLSearchParams({ code: code_for(name), to: query.get('to') ?? '' });
    return [303, '', { Location: `${console_url}/console/handoff?${to}` }];
  }

  const server = createServer(async (request, reply) => {
    let body = '';
    for await (const part of request) body += part;
    const { pathname, searchParams } = new URL(request.url, 'http://platform');
    if (pathname === '/exchange' && behaviour.silent) return request.socket.destroy();
    const [status, answer, headers = {}] = pathname === '/exchange'
      ? exchange(request.headers.authorization, body)
      : pathname === '/sign-in' ? sign_in(searchParams) : [404, {}];
    const type = typeof answer === 'string' ? 'text/html' : 'application/json';
    reply.writeHead(status, { 'Content-Type': type, ...headers });
    reply.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://localhost:${server.address().port}`;
  return {
    page_url: `${url}/sign-in`,
    exchange_url: `${url}/exchange`,
    code_for,
    exchanged: () => exchanged,
    behave: (changes) => Object.assign(behaviour, changes),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
