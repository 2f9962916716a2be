/** The part of a JSON schema that readers rely on; generate.mjs takes it from the contract. */
export interface Shape {
  ref?: string;
  type?: string | string[];
  const?: unknown;
  required?: string[];
  properties?: Record<string, Shape>;
  /** Of members that `properties` does not name. */
  others?: Shape;
  items?: Shape;
  allOf?: Shape[];
  anyOf?: Shape[];
}

type Members = Record<string, unknown>;

const is_members = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const of_type: Record<string, (value: unknown) => boolean> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  // One that JavaScript has rounded is another number: of a payment, or of money.
  integer: (value) => Number.isSafeInteger(value),
  array: Array.isArray,
  object: is_members,
};

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * What of `value` is not as `shape` says, such as "/transactions/0/id is missing"; '' when all is.
 * Members that the shape does not name are nobody's business.
 */
export function fault_in(
  value: unknown, shape: Shape, shapes: Record<string, Shape>, at = '',
): string {
  const within = (part: unknown, one: Shape, place: string) => fault_in(part, one, shapes, place);
  if (shape.ref !== undefined) {
    const named = shapes[shape.ref];
    if (!named) throw new Error(`there is no shape ${shape.ref}`);
    return within(value, named, at);
  }
  const types = [shape.type ?? []].flat();
  if (types.length && !types.some((type) => of_type[type]?.(value))) {
    return `${at || 'the answer'} is not ${types.join(' or ')}`;
  }
  if ('const' in shape && value !== shape.const) return `${at} is not ${String(shape.const)}`;
  if (shape.anyOf) {
    const faults = shape.anyOf.map((one) => within(value, one, at));
    // Of what may be null the other shape tells more.
    if (!faults.includes('')) return faults[0] ?? '';
  }
  return first_fault([
    ...(shape.allOf ?? []).map((one) => () => within(value, one, at)),
    () => (is_members(value) ? fault_in_members(value, shape, within, at) : ''),
    () =>
      Array.isArray(value) && shape.items ? fault_in_items(value, shape.items, within, at) : '',
  ]);
}

type Within = (part: unknown, shape: Shape, at: string) => string;

function first_fault(checks: (() => string)[]): string {
  for (const check of checks) {
    const fault = check();
    if (fault) return fault;
  }
  return '';
}

function fault_in_items(items: unknown[], shape: Shape, within: Within, at: string): string {
  for (const [index, item] of items.entries()) {
    const fault = within(item, shape, `${at}/${index}`);
    if (fault) return fault;
  }
  return '';
}

function fault_in_members(members: Members, shape: Shape, within: Within, at: string): string {
  const { required = [], properties = {}, others } = shape;
  const missing = required.find((name) => !Object.hasOwn(members, name));
  if (missing !== undefined) return `${at}/${escaped(missing)} is missing`;
  for (const [name, member] of Object.entries(members)) {
    const one = Object.hasOwn(properties, name) ? properties[name] : others;
    const fault = one ? within(member, one, `${at}/${escaped(name)}`) : '';
    if (fault) return fault;
  }
  return '';
}
