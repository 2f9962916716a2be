// Tokens between services, as the example needs them; a real service takes a library, such as jose.
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

const algorithms = { RSA: 'RS256', EC: 'ES256', OKP: 'EdDSA' };
const hash_of = ({ kty }) => (kty === 'OKP' ? null : 'sha256');
const packed = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now_s = () => Math.floor(Date.now() / 1000);

// A token of `service` under its private key, for five minutes.
export function make_token(jwk, service) {
  const head = { alg: algorithms[jwk.kty], kid: jwk.kid };
  const text = `${packed(head)}.${packed({ service, exp: now_s() + 300 })}`;
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const signature = sign(hash_of(jwk), Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

// Whether the header Authorization carries a token that was signed with this key, and still counts.
export function is_signed(jwk, authorization = '') {
  const [head, claims = '', signature = ''] = authorization.replace(/^Bearer /, '').split('.');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const bytes = Buffer.from(signature, 'base64url');
  const text = Buffer.from(`${head}.${claims}`);
  const is_theirs = verify(hash_of(jwk), text, { key, dsaEncoding: 'ieee-p1363' }, bytes);
  return is_theirs && JSON.parse(Buffer.from(claims, 'base64url')).exp > now_s();
}
