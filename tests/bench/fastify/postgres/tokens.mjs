// User tokens, ES256 or RS256. One that was verified is remembered until it expires, as
// ozora-payments does too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';

const keys = createLocalJWKSet(
  JSON.parse(readFileSync(join(process.argv[3], 'callers.jwks'), 'utf8')),
);
const rules = { algorithms: ['ES256', 'RS256'], requiredClaims: ['exp'], clockTolerance: 60 };
const remembered_max = 4096;
const remembered = new Map();

async function verify(text) {
  const { payload } = await jwtVerify(text, keys, rules);
  if (remembered.size >= remembered_max) remembered.delete(remembered.keys().next().value);
  remembered.set(text, payload);
  return payload;
}

// The caller's privileges; undefined when the token is none.
export async function privileges_of(authorization) {
  if (!authorization?.startsWith('Bearer ')) return undefined;
  const text = authorization.slice(7);
  let claims = remembered.get(text);
  if (claims && claims.exp + rules.clockTolerance < Date.now() / 1000) {
    remembered.delete(text);
    claims = undefined;
  }
  claims ??= await verify(text).catch(() => undefined);
  return claims?.privs;
}
