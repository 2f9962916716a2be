// What every suite needs that drives the real binaries: a platform on free ports with a fresh
// database, and tokens. Everything is stopped and removed by `close`.
import { createPrivateKey, sign } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start_payments, start_platform } from '../../scripts/platform.mjs';
import { fresh_database } from './database.mjs';

export * from '../../scripts/platform.mjs';

// Options as start_platform takes them. Gives its members, and:
//   directory          what the platform keeps
//   database           its books, to be read and meddled with (database.mjs)
//   user_token(privileges, claims), service_token(privileges, claims)
//   restart(settings)  ends the service and starts it again with other settings
//   close()
export async function open_platform({ settings = {}, ...options } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'ozora-payments-'));
  const database = await fresh_database(directory);
  const remove = async () => {
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  };
  let platform;
  try {
    const all = { ...database.settings, ...settings };
    platform = await start_platform({ directory, ...options, settings: all });
  } catch (error) {
    await remove();
    throw error;
  }
  const tokens = await token_makers(platform.keys);
  const restart = async (settings = {}) => {
    await platform.payments.stop();
    Object.assign(platform.settings, settings);
    platform.payments = await start_payments({ settings: platform.settings, url: platform.url });
  };
  const close = async () => {
    await platform.payments.stop();
    await platform.sandbox.stop();
    await remove();
  };
  return Object.assign(platform, tokens, { directory, database, restart, close });
}

// Settings of a service whose clock is ahead; its timers run as ever.
export const in_the_future = (minutes) => ({
  LD_PRELOAD: '/usr/$LIB/faketime/libfaketimeMT.so.1',
  FAKETIME: `+${minutes}m`,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
});

// ------------------------------------------------------------------------------------- tokens

const base64url = (value) => Buffer.from(value).toString('base64url');

const algorithms = {
  RSA: { name: 'RS256', hash: 'sha256' },
  EC: { name: 'ES256', hash: 'sha256', dsaEncoding: 'ieee-p1363' },
  OKP: { name: 'EdDSA', hash: null },
};

// A compact JWS of `claims` under a private JWK. `header` adds to the header or replaces members.
export function make_token(jwk, claims, header = {}) {
  const { name, hash, dsaEncoding } = algorithms[jwk.kty];
  const head = { alg: name, typ: 'JWT', ...(jwk.kid && { kid: jwk.kid }), ...header };
  const text = `${base64url(JSON.stringify(head))}.${base64url(JSON.stringify(claims))}`;
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  return `${text}.${base64url(sign(hash, Buffer.from(text), { key, dsaEncoding }))}`;
}

const in_an_hour = () => Math.floor(Date.now() / 1000) + 3600;

export async function token_makers(keys) {
  const read = async (name) => JSON.parse(await readFile(join(keys, `${name}.jwk`), 'utf8'));
  const [user_key, service_key] = [await read('user'), await read('service')];
  return {
    user_key,
    service_key,
    user_token: (privs = {}, claims = {}) =>
      make_token(user_key, { sub: 'kata', privs, exp: in_an_hour(), ...claims }),
    service_token: (servicePrivs, claims = {}) =>
      make_token(service_key, {
        service: 'tickets',
        ...(servicePrivs && { servicePrivs }),
        exp: in_an_hour(),
        ...claims,
      }),
  };
}
