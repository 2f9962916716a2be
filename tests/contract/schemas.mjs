// Whether one JSON Schema allows no more than another, and where it does. Of the schemas that
// openapi.yaml is written in, that is: a keyword that is not known here is an error.
const annotations = new Set([
  'description', 'title', 'summary', 'examples', 'example', 'default', 'deprecated', 'x-grows',
]);
const structure = new Set([
  'type', 'enum', 'const', 'required', 'properties', 'additionalProperties', 'items', 'anyOf',
  'oneOf', 'allOf', '$ref',
]);
const least = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const most = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const exact = ['pattern', 'format', 'uniqueItems'];
const known = new Set([...annotations, ...structure, ...least, ...most, ...exact]);

export function resolve(document, object) {
  let found = object;
  while (found?.$ref !== undefined) {
    const { $ref, ...beside } = found;
    const parts = $ref.slice(2).split('/');
    const path = parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const target = path.reduce((at, part) => at?.[part], document);
    if (target === undefined) throw new Error(`${$ref} leads nowhere`);
    found = { ...target, ...beside };
  }
  return found;
}

const merged = (one, other) => ({
  ...one,
  ...other,
  ...((one.properties || other.properties) && {
    properties: { ...one.properties, ...other.properties },
  }),
  ...((one.required || other.required) && {
    required: [...new Set([...(one.required ?? []), ...(other.required ?? [])])],
  }),
});

// A schema without $ref and allOf, as a list of what it may be: several for anyOf and oneOf.
function forms(document, schema) {
  const { allOf = [], ...own } = resolve(document, schema === true ? {} : schema);
  const unknown = Object.keys(own).filter((keyword) => !known.has(keyword));
  if (unknown.length > 0) throw new Error(`schemas are not compared by ${unknown.join(', ')}`);
  let all = [own];
  for (const part of allOf) {
    all = all.flatMap((one) => forms(document, part).map((form) => merged(one, form)));
  }
  return all.flatMap(({ anyOf, oneOf, ...rest }) => {
    const choices = anyOf ?? oneOf;
    if (!choices) return [rest];
    return choices.flatMap((choice) =>
      forms(document, choice).map((form) => merged(rest, form)));
  });
}

const every_type = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];
const type_of = (value) => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

const values_of = ({ enum: listed, const: only }) => (only === undefined ? listed : [only]);

function types_of(schema) {
  if (schema.type !== undefined) return [schema.type].flat();
  return values_of(schema)?.map(type_of) ?? every_type;
}

const covers = (types, type) =>
  types.includes(type) || (type === 'integer' && types.includes('number'));

const list = (values) => values.map((value) => JSON.stringify(value)).join(', ');

// Where `inner` allows what `outer` does not, each a sentence beginning with a place in the value.
// `released_is_inner` says which of them was there first: whatever members that had must still be
// had, though a schema would allow them anyway.
export class Comparison {
  #comparing = [];  // pairs: a schema may hold itself

  constructor({ inner, outer, released_is_inner }) {
    Object.assign(this, { inner, outer, released_is_inner });
  }

  differences(inner, outer, at = '') {
    if (this.#comparing.some((pair) => pair[0] === inner && pair[1] === outer)) return [];
    this.#comparing.push([inner, outer]);
    try {
      const wide = forms(this.outer, outer);
      return forms(this.inner, inner).flatMap((narrow) => this.#within_any(narrow, wide, at));
    } finally {
      this.#comparing.pop();
    }
  }

  // Where several forms do not fit, what is told is about the one that nearly does.
  #within_any(narrow, wide, at) {
    const found = wide.map((form) => this.#within(narrow, form, at));
    return found.reduce((fewest, other) => (other.length < fewest.length ? other : fewest));
  }

  #within(inner, outer, at) {
    const types = types_of(inner).filter((type) => !covers(types_of(outer), type));
    if (types.length > 0) return [`${at || 'it'} may be ${types.join(' or ')}`];
    return [
      ...this.#values(inner, outer, at),
      ...this.#limits(inner, outer, at),
      ...this.#members(inner, outer, at),
      ...this.#items(inner, outer, at),
    ];
  }

  #values(inner, outer, at) {
    const allowed = values_of(outer);
    if (!allowed) return [];
    const given = values_of(inner);
    if (!given) return [`${at || 'it'} may be other than ${list(allowed)}`];
    // A list that says so may gain words: who reads it is told to expect that.
    if (!this.released_is_inner && outer['x-grows']) return [];
    const more = given.filter((value) => !allowed.includes(value));
    return more.length > 0 ? [`${at || 'it'} may be ${list(more)}`] : [];
  }

  #limits(inner, outer, at) {
    const differ = (keyword, is_within) => {
      if (outer[keyword] === undefined || is_within(inner[keyword], outer[keyword])) return [];
      const was = inner[keyword] === undefined ? 'without' : `${inner[keyword]}, not`;
      return [`${at || 'it'} may have ${keyword} ${was} ${outer[keyword]}`];
    };
    return [
      ...least.flatMap((keyword) => differ(keyword, (a, b) => a >= b)),
      ...most.flatMap((keyword) => differ(keyword, (a, b) => a <= b)),
      ...exact.flatMap((keyword) => differ(keyword, (a, b) => a === b)),
    ];
  }

  #members(inner, outer, at) {
    const [has, had] = [outer.properties ?? {}, inner.properties ?? {}];
    const [now, before] = this.released_is_inner ? [has, had] : [had, has];
    const lost = Object.keys(before).filter((name) => !(name in now));
    const missing = (outer.required ?? []).filter((name) => !inner.required?.includes(name));
    const both = Object.keys(has).filter((name) => name in had);
    const others = [inner, outer].map((schema) => schema.additionalProperties);
    return [
      ...lost.map((name) => `${at}/${name} is gone`),
      ...missing
        .filter((name) => !lost.includes(name))
        .map((name) => `${at}/${name} may be missing`),
      ...both.flatMap((name) => this.differences(had[name], has[name], `${at}/${name}`)),
      ...this.#other_members(...others, at),
    ];
  }

  // Replies may gain members unless they say otherwise, which additionalProperties: false would be.
  #other_members(inner, outer, at) {
    if (outer === undefined || outer === true) return [];
    if (outer === false) return inner === false ? [] : [`${at || 'it'} may have other members`];
    if (inner === undefined || inner === true) return [`${at}/* may be anything`];
    return inner === false ? [] : this.differences(inner, outer, `${at}/*`);
  }

  #items(inner, outer, at) {
    if (!outer.items) return [];
    if (!inner.items) {
      return covers(types_of(inner), 'array') ? [`${at}/[] may be anything`] : [];
    }
    return this.differences(inner.items, outer.items, `${at}/[]`);
  }
}
