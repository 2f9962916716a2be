// openapi.yaml as a judge: of what the suite sends and of what the service answers.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import add_formats from 'ajv-formats';

// The contract. Reading YAML of this size takes longer than most files of tests, and each of them
// is a process of its own: what was read is kept beside the build, under the digest of the text.
async function read_contract() {
  const text = readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8');
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const folder = new URL('../../build/contract/', import.meta.url);
  const kept = new URL(`${digest}.json`, folder);
  try {
    return JSON.parse(readFileSync(kept, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const { parse } = await import('yaml');
  const contract = parse(text);
  const written = new URL(`${digest}.${process.pid}`, folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(written, JSON.stringify(contract));
  renameSync(written, kept);  // others read it whole or not at all
  return contract;
}

export const contract = await read_contract();

// That it is OpenAPI is what `lint_contract` of ./test is for.
const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
add_formats(ajv);
ajv.addFormat('int64', {
  type: 'number',
  validate: (n) => Number.isInteger(n) && Math.abs(n) < 2 ** 63,
});
ajv.addSchema(contract, 'openapi');

const escape = (part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1');
const compiled = new Map();

function validator(...path) {
  const reference = `openapi#/${path.map(escape).map(encodeURIComponent).join('/')}`;
  if (!compiled.has(reference)) compiled.set(reference, ajv.compile({ $ref: reference }));
  return compiled.get(reference);
}

const errors_of = (validate) => ajv.errorsText(validate.errors, { dataVar: '' });

// A {$ref} and where it points: the object, and the path to it.
function resolve(object, path) {
  if (!object?.$ref) return [object, path];
  const target = object.$ref.slice(2).split('/');
  return [target.reduce((at, part) => at[part], contract), target];
}

export const operations = Object.fromEntries(
  Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [
      operation.operationId,
      {
        ...operation,
        path: path.replace(/\{[^}]*\}/g, 'x'),  // one of the addresses that it stands for
        methods: Object.keys(methods).map((one) => one.toUpperCase()),
        method: method.toUpperCase(),
        at: ['paths', path, method],
      },
    ]),
  ),
);

// Slug to status, from the table that callers read.
const error_table = contract.tags.find(({ name }) => name === 'Errors').description;
export const problem_statuses = new Map(
  [...error_table.matchAll(/^\| `(\/problems\/[a-z-]+)` \| (\d+) \|/gm)].map(([, type, status]) => [
    type,
    Number(status),
  ]),
);

// Why an event that was sent is not as the contract says; "" when it is.
export function faults_of_event(headers, body) {
  const name_of_event = {
    test: 'testEvent',
    'settlement.payout': 'settlementPayout',
    'settlement.finding': 'settlementFinding',
  }[body.type] ?? 'paymentEvent';
  const at_event = ['webhooks', name_of_event, 'post'];
  const { parameters } = contract.webhooks[name_of_event].post;
  const faults = parameters.flatMap(({ name }, index) => {
    const validate = validator(...at_event, 'parameters', index, 'schema');
    return validate(headers[name]) ? [] : [`header ${name}: ${errors_of(validate)}`];
  });
  const validate = validator(...at_event, 'requestBody', 'content', 'application/json', 'schema');
  if (!validate(body)) faults.push(errors_of(validate));
  return faults.join('; ');
}

// Why `body` is not what the operation takes; "" when it is.
export function faults_of_request(id, body, headers = {}) {
  const { parameters = [], requestBody, at } = operations[id];
  const faults = [];
  const given = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  parameters.forEach((parameter, index) => {
    const [{ name, required, in: where }, path] = resolve(
      parameter, [...at, 'parameters', index],
    );
    if (where !== 'header') return;
    const value = given[name.toLowerCase()];
    if (value === undefined) {
      if (required) faults.push(`header ${name} is missing`);
      return;
    }
    const validate = validator(...path, 'schema');
    if (!validate(value)) faults.push(`header ${name}: ${errors_of(validate)}`);
  });
  if (requestBody && !requestBody.content['text/csv']) {
    const validate = validator(...at, 'requestBody', 'content', 'application/json', 'schema');
    if (body === undefined) faults.push('no body');
    else if (!validate(body)) faults.push(errors_of(validate));
  }
  return faults.join('; ');
}

function check_headers(reply, headers, at) {
  for (const [name, header] of Object.entries(headers ?? {})) {
    const [{ required, schema }, path] = resolve(header, [...at, 'headers', name]);
    const value = reply.headers[name.toLowerCase()];
    if (value === undefined) {
      assert.ok(!required, `${reply.status} without the header ${name}`);
      continue;
    }
    const validate = validator(...path, 'schema');
    // Node gives the lines of Set-Cookie as a list.
    for (const line of [value].flat()) {
      const typed = schema.type === 'integer' ? Number(line) : line;
      assert.ok(validate(typed), `header ${name}: ${line}: ${errors_of(validate)}`);
    }
  }
}

// The members of every problem document, wherever it was found.
export function check_problem(reply) {
  const { status, headers, json } = reply;
  assert.match(headers['content-type'] ?? '', /^application\/problem\+json(;|$)/);
  const validate = validator('components', 'schemas', 'Problem');
  assert.ok(validate(json), `${reply.text}: ${errors_of(validate)}`);
  assert.equal(json.status, status);
  assert.equal(json.message, json.detail);
  const replayed = headers['idempotent-replayed'] === 'true';
  if (!replayed) assert.equal(json.instance, headers['x-request-id']);
  assert.equal(problem_statuses.get(json.type), status, `${json.type} is not a ${status}`);
  if (json.errors) assert.equal(json.type, '/problems/invalid-request');
}

// A body's length is said, or it comes in chunks, whose end the client has seen; 204 and 304 have
// none.
function check_framing({ status, size, headers }) {
  if (status === 204 || status === 304) return;
  if (headers['transfer-encoding']) assert.equal(headers['transfer-encoding'], 'chunked');
  else assert.equal(size, Number(headers['content-length']));
}

// Why `value` is no answer of the operation when all went well: ajv's errors, and none when it is.
export function faults_of_answer(id, value) {
  const [{ content }, path] = resolve(operations[id].responses[200], [
    ...operations[id].at, 'responses', 200,
  ]);
  assert.ok(content['application/json'], `${id} does not answer in JSON`);
  const validate = validator(...path, 'content', 'application/json', 'schema');
  return validate(value) ? [] : validate.errors;
}

// Fails unless the contract allows this reply of the operation.
export function check_reply(id, reply) {
  const { responses, at } = operations[id];
  const listed = responses[reply.status];
  assert.ok(listed, `${id} does not list ${reply.status}: ${reply.text}`);
  const [response, path] = resolve(listed, [...at, 'responses', reply.status]);
  check_headers(reply, response.headers, path);
  check_framing(reply);
  if (!response.content) return assert.equal(reply.size, 0, `${reply.status} has no body`);
  const type = (reply.headers['content-type'] ?? '').split(';')[0];
  assert.ok(response.content[type], `${reply.status} as ${type}: ${reply.text}`);
  if (type.endsWith('json')) {
    const validate = validator(...path, 'content', type, 'schema');
    assert.ok(validate(reply.json), `${reply.text}: ${errors_of(validate)}`);
  }
  if (reply.status >= 400) check_problem(reply);
}
