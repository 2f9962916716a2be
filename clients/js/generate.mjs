// Makes src/generated of the contract: its types, the operations a client calls, and the shapes of
// their answers. `--check` tells whether what is there is what would be made, and changes nothing.
import { readFile, writeFile } from 'node:fs/promises';
import openapi_typescript, { astToString } from 'openapi-typescript';
import { parse } from 'yaml';

const here = new URL('./', import.meta.url);
const contract = parse(await readFile(new URL('../../openapi.yaml', here), 'utf8'));

// Left out: what the pages of the back office call in a session, and what providers call.
const is_left_out = ({ tags }) => tags.some((tag) => tag === 'Console' || tag === 'Notifications');

// POST though they only read; and three writes of which the contract says that doing them again
// changes nothing. An operation that is not named here is repeated under an Idempotency-Key alone.
const only_read = [
  'listPaymentOptions', 'listTicketTransactions', 'searchTransactions', 'findTransactions',
  'sumMoney', 'getTransaction', 'readMessage', 'listActions', 'listEvents', 'listMessages',
  'planRefunds', 'listRefundRuns', 'getRefundRun',
];
const same_again = ['noteTicketScopes', 'simplePayBackref', 'importSettlement'];
const conditional = ['listTicketIds'];  // answers 304 to If-None-Match

const resolved = (object) =>
  object?.$ref
    ? resolved(object.$ref.slice(2).split('/').reduce((at, part) => at[part], contract))
    : object;

const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, operation]) => !is_left_out(operation))
    .map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
);

function parameters_of(operation, where) {
  return (operation.parameters ?? []).map(resolved).filter((one) => one.in === where);
}

// --------------------------------------------------------------------------------- shapes

// What a reader relies on: members that are there, and of which type. Answers may gain members and
// words, so neither are refused.
function shape_of(schema) {
  if (schema.$ref) return { ref: schema.$ref.split('/').pop() };
  const shape = {};
  if (schema.type) shape.type = schema.type;
  if ('const' in schema) shape.const = schema.const;
  if (schema.required) shape.required = schema.required;
  if (schema.items) shape.items = shape_of(schema.items);
  for (const [name, one] of Object.entries(schema.properties ?? {})) {
    (shape.properties ??= {})[name] = shape_of(one);
  }
  if (schema.additionalProperties instanceof Object) {
    shape.others = shape_of(schema.additionalProperties);
  }
  for (const word of ['allOf', 'anyOf']) {
    if (schema[word]) shape[word] = schema[word].map(shape_of);
  }
  return shape;
}

const names_in = (value) =>
  value instanceof Object
    ? [...(value.ref ? [value.ref] : []), ...Object.values(value).flatMap(names_in)]
    : [];

// The named shapes that `shapes` refer to, and those that these do.
function shapes_for(shapes) {
  const found = {};
  const waiting = shapes.flatMap(names_in);
  for (let name = waiting.pop(); name; name = waiting.pop()) {
    if (found[name]) continue;
    found[name] = shape_of(contract.components.schemas[name]);
    waiting.push(...names_in(found[name]));
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

// ----------------------------------------------------------------------------- operations

function answer_of(operation) {
  const content = Object.entries(resolved(operation.responses[200]).content);
  const media = content.map(([type]) => type);
  if (media.includes('application/json')) return { shape: shape_of(content[0][1].schema) };
  // What is exported is as long as what happened.
  return operation.operationId === 'metrics' ? { media, text: true } : { media };
}

function repeat_of({ operationId, method }, is_keyed) {
  const is_safe = method === 'GET' || [...only_read, ...same_again].includes(operationId);
  return is_safe ? 'safe' : is_keyed ? 'keyed' : 'never';
}

function row_of(operation) {
  const { operationId, method, path, requestBody, security } = operation;
  const headers = parameters_of(operation, 'header').map(({ name }) => name);
  const is_keyed = headers.includes('Idempotency-Key');
  const tokens = (security ?? [])
    .flatMap(Object.keys)
    .map((scheme) => ({ userToken: 'user', serviceToken: 'service' })[scheme])
    .filter(Boolean);
  const is_file = requestBody?.content['application/octet-stream'] !== undefined;
  return {
    method,
    path,
    tokens,
    places: parameters_of(operation, 'path').map(({ name }) => name),
    query: parameters_of(operation, 'query').map(({ name }) => name),
    body: requestBody ? (is_file ? 'file' : 'json') : 'none',
    repeat: repeat_of(operation, is_keyed),
    ...(conditional.includes(operationId) && { conditional: true }),
    ...answer_of(operation),
  };
}

const rows = Object.fromEntries(operations.map((one) => [one.operationId, row_of(one)]));

const stray = [...only_read, ...same_again, ...conditional].filter((id) => !rows[id]);
if (stray.length) throw new Error(`the contract has no operation ${stray.join(', ')}`);

const of_events = { event: { ref: 'PaymentEvent' }, test: { ref: 'TestEvent' } };
const shapes = shapes_for([...Object.values(rows), of_events, { ref: 'Problem' }]);

const print_table = (name, type, table) => [
  `export const ${name}: Record<string, ${type}> = {`,
  ...Object.entries(table).map(([key, value]) => `  ${key}: ${JSON.stringify(value)},`),
  '};',
];

// -------------------------------------------------------------------------------- methods

function input_of(id) {
  const { places, query, body } = rows[id];
  const parts = [
    ...(places.length ? [`Places<'${id}'>`] : []),
    ...(query.length ? [`Query<'${id}'>`] : []),
    ...(body === 'json' ? [`Body<'${id}'>`] : []),
    ...(body === 'file' ? ['FileToImport'] : []),
  ];
  const may_be_left_out = body === 'none' && places.length === 0;
  return `input${may_be_left_out ? '?' : ''}: ${parts.join(' & ') || 'Nothing'}`;
}

const result_of = ({ shape, text }, id) =>
  shape ? `Answer<'${id}'>` : text ? 'string' : 'ReadableStream<Uint8Array>';

function method_of({ operationId: id, summary }) {
  const row = rows[id];
  const result = result_of(row, id);
  const options = 'options?: CallOptions';
  const one = `  ${id}(${input_of(id)}, ${options}): Promise<${result}>;`;
  const lines = [`  /** ${summary}: ${row.method} ${row.path} */`, one];
  if (!row.conditional) return lines;
  return [...lines, `  ${id}(input: IfNoneMatch, ${options}): Promise<${result} | null>;`];
}

const methods = [
  'import type {',
  '  Answer, Body, CallOptions, FileToImport, IfNoneMatch, Nothing, Places, Query,',
  "} from '../types.js';",
  '',
  '/** The operations of the contract. */',
  'export interface Operations {',
  ...operations.flatMap(method_of),
  '}',
];

// ---------------------------------------------------------------------------------- types

// Of answers the good ones, and of headers none: the client sees to those.
function trimmed(operation) {
  const { operationId, summary, requestBody, responses, parameters = [] } = operation;
  const kept = parameters.map(resolved).filter((one) => one.in !== 'header');
  const { content } = resolved(responses[200]);
  return { operationId, summary, requestBody, parameters: kept, responses: {
    200: { description: '', content } } };
}

const schema_names = (value) =>
  value instanceof Object
    ? Object.entries(value).flatMap(([key, one]) =>
      key === '$ref' ? [one.split('/').pop()] : schema_names(one))
    : [];

function schemas_for(value) {
  const found = {};
  const waiting = schema_names(value);
  for (let name = waiting.pop(); name; name = waiting.pop()) {
    if (found[name]) continue;
    found[name] = contract.components.schemas[name];
    waiting.push(...schema_names(found[name]));
  }
  const in_order = Object.entries(contract.components.schemas).filter(([name]) => found[name]);
  return Object.fromEntries(in_order);
}

async function types() {
  const paths = {};
  for (const one of operations) {
    (paths[one.path] ??= {})[one.method.toLowerCase()] = trimmed(one);
  }
  const more = ['Problem', 'PaymentEvent', 'TestEvent'].map((name) => ({ $ref: `#/${name}` }));
  const schemas = schemas_for([paths, more]);
  const { openapi, info } = contract;
  return astToString(await openapi_typescript(
    { openapi, info, paths, components: { schemas } }, { silent: true },
  ));
}

// ---------------------------------------------------------------------------------- files

const made_by = '// Made of openapi.yaml by generate.mjs: change that.\n';
const files = {
  'contract.ts': await types(),
  'operations.ts': [
    "import type { Operation } from '../operation.js';",
    "import type { Shape } from '../shape.js';",
    '',
    ...print_table('operations', 'Operation', rows),
    '',
    ...print_table('shapes', 'Shape', shapes),
    '',
  ].join('\n'),
  'methods.ts': [...methods, ''].join('\n'),
};

for (const [name, text] of Object.entries(files)) {
  const file = new URL(`src/generated/${name}`, here);
  const wanted = made_by + text;
  if (!process.argv.includes('--check')) {
    await writeFile(file, wanted);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== wanted) {
    console.error(`clients/js/src/generated/${name} is not of this contract: npm run generate`);
    process.exitCode = 1;
  }
}
