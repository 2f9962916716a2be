type Random = Pick<Crypto, 'getRandomValues'>;

let random: Random | undefined = globalThis.crypto;

/** @internal For Node 18, which has no global one. */
export function take_random_from(source: Random): void {
  random = source;
}

/**
 * A new key for one request, which nobody can guess. Who keeps it before the call can make the same
 * call again after a crash, within 24 hours.
 */
export function new_idempotency_key(): string {
  if (!random) throw new Error('this platform has no source of random numbers');
  const bytes = random.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
