import type { Request } from './exchange.js';
import type { Operation } from './operation.js';

interface Frame {
  base: string | URL;
  /** In place of the operation's own, with the same places. */
  path: string | undefined;
  headers: Record<string, string | undefined>;
}

type Members = Record<string, unknown>;

function place(name: string, value: unknown): string {
  const text = String(value ?? '');
  // These would be another path.
  if (['', '.', '..'].includes(text)) throw new TypeError(`${name} is missing or is no name`);
  return encodeURIComponent(text);
}

function url_of(operation: Operation, members: Members, { base, path }: Frame): string {
  const filled = (path ?? operation.path).replace(/\{(\w+)\}/g, (_, name) =>
    place(name, members[name]),
  );
  const query = new URLSearchParams();
  for (const name of operation.query) {
    const value = members[name];
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const asked = query.size || [...query].length ? `?${query}` : '';
  return `${String(base).replace(/\/+$/, '')}${filled}${asked}`;
}

function body_of(operation: Operation, members: Members): Request['body'] {
  if (operation.body === 'none') return undefined;
  if (operation.body === 'file') return members['file'] as Request['body'];
  const rest = Object.entries(members).filter(([name]) => !operation.places.includes(name));
  return JSON.stringify(Object.fromEntries(rest));
}

const type_of = { none: undefined, json: 'application/json', file: 'application/octet-stream' };

export function request_of(operation: Operation, input: object, frame: Frame): Request {
  const members = input as Members;
  const good = operation.shape ? ['application/json'] : operation.media ?? [];
  const headers = new Headers({ Accept: [...good, 'application/problem+json'].join(', ') });
  const all = {
    ...frame.headers,
    'Content-Type': type_of[operation.body],
    ...(operation.conditional && { 'If-None-Match': members['if_none_match'] as string }),
  };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) headers.set(name, value);
  }
  return {
    url: url_of(operation, members, frame),
    method: operation.method,
    headers,
    body: body_of(operation, members),
  };
}
