// What a caller that was written for one version of openapi.yaml would notice of another.
import { Comparison, resolve } from './schemas.mjs';

const methods = ['get', 'put', 'post', 'delete', 'patch'];

function operations_of(document) {
  const found = new Map();
  for (const [kind, places] of [['paths', document.paths], ['webhooks', document.webhooks]]) {
    for (const [place, item] of Object.entries(places ?? {})) {
      for (const method of methods.filter((one) => one in item)) {
        const operation = { ...item[method], kind };
        operation.parameters = [...(item.parameters ?? []), ...(item[method].parameters ?? [])];
        const title = kind === 'webhooks' ? `event ${place}` : `${method.toUpperCase()} ${place}`;
        found.set(title, operation);
      }
    }
  }
  return found;
}

class Change {
  constructor(released, present) {
    Object.assign(this, { released, present });
    // What is sent to us may be all that it was; what we send may be no more than it was.
    this.received = new Comparison({ inner: released, outer: present, released_is_inner: true });
    this.sent = new Comparison({ inner: present, outer: released, released_is_inner: false });
  }

  schemas(was, is, by_us) {
    if (was === undefined) return by_us || is === undefined ? [] : ['is asked for now'];
    if (is === undefined) return ['has no schema any more'];
    return by_us ? this.sent.differences(is, was) : this.received.differences(was, is);
  }

  operation(was, is) {
    // In a webhook it is we who send the request.
    const by_us = was.kind === 'webhooks';
    return [
      ...(was.operationId === is.operationId ? [] : [`is called ${is.operationId} now`]),
      ...this.#security(was, is),
      ...this.#parameters(was, is, by_us),
      ...this.#body(was, is, by_us),
      ...this.#replies(was, is, by_us),
    ];
  }

  #security(was, is) {
    const ways = ({ security }, document) =>
      (security ?? document.security ?? []).map((way) => Object.keys(way).sort().join(' and '));
    const or_open = (all) => (all.length > 0 ? all : ['']);
    const now = or_open(ways(is, this.present));
    if (now.includes('')) return [];
    const gone = or_open(ways(was, this.released)).filter((way) => !now.includes(way));
    return gone.map((way) => `may not be called with ${way || 'no token'}`);
  }

  #parameters(was, is, by_us) {
    const named = (operation, document) =>
      new Map(operation.parameters.map((one) => {
        const parameter = resolve(document, one);
        const { name } = parameter;
        const title = parameter.in === 'header' ? name.toLowerCase() : name;
        return [`${parameter.in} ${title}`, parameter];
      }));
    const [before, now] = [named(was, this.released), named(is, this.present)];
    const gone = [...before.keys()].filter((name) => !now.has(name));
    const wanted = [...now]
      .filter(([name, { required }]) => !by_us && required && !before.get(name)?.required)
      .map(([name]) => name);
    const kept = [...before].filter(([name]) => now.has(name));
    return [
      ...gone.map((name) => `${name} is gone`),
      ...wanted.map((name) => `${name} is required`),
      ...kept.flatMap(([name, one]) =>
        this.schemas(one.schema, now.get(name).schema, by_us).map((what) => `${name}: ${what}`)),
    ];
  }

  #body(was, is, by_us) {
    const [before, now] = [
      resolve(this.released, was.requestBody), resolve(this.present, is.requestBody),
    ];
    if (!before) return !by_us && now?.required ? ['a body is required'] : [];
    if (!now) return ['takes no body any more'];
    const required = !by_us && now.required && !before.required ? ['a body is required'] : [];
    return [...required, ...this.#contents(before, now, by_us, 'body')];
  }

  #contents(before, now, by_us, what) {
    return Object.entries(before.content ?? {}).flatMap(([type, { schema }]) => {
      const other = now.content?.[type];
      if (!other) return [`${what} as ${type} is gone`];
      const found = this.schemas(schema, other.schema, by_us);
      return found.map((difference) => `${what}: ${difference}`);
    });
  }

  #replies(was, is, by_us) {
    return Object.entries(was.responses ?? {}).flatMap(([status, one]) => {
      const [before, other] = [
        resolve(this.released, one), resolve(this.present, is.responses?.[status]),
      ];
      if (!other) return [`never answers ${status} any more`];
      const now = new Set(Object.keys(other.headers ?? {}).map((name) => name.toLowerCase()));
      const gone = Object.keys(before.headers ?? {}).filter((name) => !now.has(name.toLowerCase()));
      return [
        ...gone.map((name) => `${status}: ${name} is gone`),
        ...this.#contents(before, other, !by_us, String(status)),
      ];
    });
  }
}

// Sentences, each beginning with the operation.
export function breaking_changes(released, present) {
  const change = new Change(released, present);
  const now = operations_of(present);
  return [...operations_of(released)].flatMap(([title, was]) => {
    const is = now.get(title);
    if (!is) return [`${title} is gone`];
    return change.operation(was, is).map((what) => `${title}: ${what}`);
  });
}
