// Signs tokens with the private keys of a sandbox. Needs nothing but Node 18.
import { createPrivateKey, sign } from 'node:crypto';

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
