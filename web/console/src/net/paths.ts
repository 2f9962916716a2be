// Operations may be elsewhere than by default (PAYMENTS_ROUTE_...): the service writes into the
// page where this installation has moved them.
const told = document.querySelector<HTMLMetaElement>('meta[name=moved-paths]')?.content ?? '';
const list: Record<string, string> = told.startsWith('{"') ? JSON.parse(told) : {};
const moved = new Map(Object.entries(list));

export function place_of(path: string): string {
  const query = path.indexOf('?');
  const plain = query < 0 ? path : path.slice(0, query);
  return (moved.get(plain) ?? plain) + path.slice(plain.length);
}
