// The tickets service and SimplePay, over connections that are kept.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT, importJWK } from 'jose';
import { Pool } from 'undici';

import { is_signed, secret_of, sign } from './simplepay.mjs';

const [, , , keys_directory, others_url] = process.argv;
const others = new Pool(others_url, { connections: 64, pipelining: 1 });

const jwk = JSON.parse(readFileSync(join(keys_directory, 'payments.jwk'), 'utf8'));
const signing_key = await importJWK(jwk, 'ES256');
const token_lifetime_s = 300;
const tokens = new Map();

// A token by which the tickets service knows us and the user we act for. The same one serves for
// most of its life.
async function token_for(privileges) {
  const whose = privileges ? JSON.stringify(privileges) : '';
  const now_s = Date.now() / 1000;
  const known = tokens.get(whose);
  if (known && known.until_s > now_s) return known.text;
  const claims = { service: 'payments', ...(privileges && { servicePrivs: privileges }) };
  const text = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', ...(jwk.kid && { kid: jwk.kid }) })
    .setIssuedAt()
    .setExpirationTime(`${token_lifetime_s}s`)
    .sign(signing_key);
  if (tokens.size > 1000) tokens.clear();
  tokens.set(whose, { text, until_s: now_s + token_lifetime_s - 60 });
  return text;
}

async function post(path, headers, body) {
  const reply = await others.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body,
    headersTimeout: 10_000,
  });
  const text = await reply.body.text();
  if (reply.statusCode !== 200) throw new Error(`${path} answered ${reply.statusCode}`);
  return { text, headers: reply.headers };
}

export async function ticket(ticket_id, privileges) {
  const authorization = `Bearer ${await token_for(privileges)}`;
  const { text } = await post('/tickets/get', { authorization }, JSON.stringify({ ticket_id }));
  const { ticket: found } = JSON.parse(text);
  if (found?.id !== ticket_id) throw new Error('the tickets service told of another ticket');
  return found;
}

// What SimplePay made of a start; throws when it is not its word.
export async function start_at_simplepay(order) {
  const secret = secret_of(order.merchant);
  const body = JSON.stringify({ salt: randomBytes(16).toString('hex'), ...order });
  const { text, headers } = await post(
    '/payment/v2/start',
    { signature: sign(body, secret) },
    body,
  );
  if (!is_signed(text, headers.signature, secret)) throw new Error('not signed by SimplePay');
  const started = JSON.parse(text);
  if (started.orderRef !== order.orderRef) throw new Error('SimplePay told of another order');
  return started;
}
