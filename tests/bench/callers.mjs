// Users of the organisers' pages: keys of both kinds, and tokens in the number that an event has.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

const tokens_of_each = 500;
const lifetime = '12h';
export const algorithms = ['ES256', 'RS256'];

const privileges = {
  payments_search: 'true',
  tickets_search_flags: 'HU,INT',
  tickets_search_years: '*',
  tickets_search_events: '*',
};

async function make_key(alg) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = `bench-${alg.toLowerCase()}`;
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), alg, kid, use: 'sig' } };
}

function mint({ alg, kid, privateKey }, number, privs = privileges) {
  return new SignJWT({ sub: `organiser-${number}`, privs })
    .setProtectedHeader({ alg, kid, typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(privateKey);
}

// Writes the key set that both services read, and a file of tokens for each algorithm; `staff`
// makes a token for whoever may see the payments of these tickets, `accountant` for who may take
// all.
export async function make_callers(keys_directory) {
  const keys = await Promise.all(algorithms.map(make_key));
  const set = join(keys_directory, 'callers.jwks');
  writeFileSync(set, JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  const tokens = {};
  for (const key of keys) {
    const numbers = Array.from({ length: tokens_of_each }, (_, i) => i);
    const minted = await Promise.all(numbers.map((number) => mint(key, number)));
    tokens[key.alg] = join(keys_directory, `tokens-${key.alg}.txt`);
    writeFileSync(tokens[key.alg], `${minted.join('\n')}\n`);
  }
  const staff = ({ flags, years, events }) =>
    mint(keys[0], 'staff', {
      payments_search: 'true',
      tickets_get_flags: flags,
      tickets_get_years: years,
      tickets_get_events: events,
    });
  const accountant = () =>
    mint(keys[0], 'accountant', {
      payments_search: 'true',
      payments_export: 'true',
      tickets_get_flags: '*',
      tickets_get_years: '*',
      tickets_get_events: '*',
    });
  return { set, tokens, staff, accountant };
}

// A token for a call of our own.
export const first_token = (path) => existsSync(path) && readFileSync(path, 'utf8').split('\n')[0];

// What services among themselves present, signed with the sandbox's key of services.
export async function service_token(keys_directory) {
  const jwk = JSON.parse(readFileSync(join(keys_directory, 'service.jwk'), 'utf8'));
  const { importJWK } = await import('jose');
  return new SignJWT({ service: 'bench' })
    .setProtectedHeader({ alg: 'ES256', ...(jwk.kid && { kid: jwk.kid }) })
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(await importJWK(jwk, 'ES256'));
}
