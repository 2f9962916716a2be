// The comparison itself: what breaks a caller, and what does not.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { breaking_changes } from './api.mjs';

const asked = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'integer', minimum: 1, maximum: 100 },
    note: { type: ['string', 'null'], maxLength: 50 },
    kind: { type: 'string', enum: ['card', 'cash'] },
    who: { $ref: '#/components/schemas/Person' },
  },
};
const told = {
  type: 'object',
  required: ['id', 'state'],
  properties: {
    id: { type: 'integer' },
    state: { type: 'string', enum: ['paid', 'open'] },
    reason: { type: 'string', enum: ['late', 'lost'], 'x-grows': true },
    note: { type: ['string', 'null'] },
    sums: { type: 'object', additionalProperties: { type: 'integer' } },
    lines: { type: 'array', items: { $ref: '#/components/schemas/Person' } },
    part: { anyOf: [{ $ref: '#/components/schemas/Person' }, { type: 'null' }] },
  },
};
const person = {
  allOf: [
    { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
    { type: 'object', properties: { friend: { $ref: '#/components/schemas/Person' } } },
  ],
};
const as_json = (schema) => ({ content: { 'application/json': { schema } } });
const event = { type: 'object', required: ['type'], properties: { type: { const: 'x.paid' } } };
const document = {
  security: [{ token: [] }],
  paths: {
    '/pay': {
      post: {
        operationId: 'pay',
        parameters: [
          { name: 'page', in: 'query', schema: { type: 'integer' } },
          { $ref: '#/components/parameters/Key' },
        ],
        requestBody: { ...as_json(asked), required: true },
        responses: {
          200: { headers: { ETag: {} }, ...as_json(told) },
          404: as_json({ type: 'object' }),
        },
      },
      get: { operationId: 'list', security: [], responses: { 200: as_json({}) } },
    },
  },
  webhooks: {
    paid: {
      post: {
        operationId: 'paid',
        security: [],
        parameters: [{ name: 'webhook-id', in: 'header', required: true, schema: {} }],
        requestBody: as_json(event),
        responses: { '2XX': {} },
      },
    },
  },
  components: {
    schemas: { Person: person },
    parameters: { Key: { name: 'Key', in: 'header', schema: { type: 'string', maxLength: 9 } } },
  },
};

const post = (now) => now.paths['/pay'].post;
const request = (now) => post(now).requestBody.content['application/json'].schema;
const reply = (now) => post(now).responses[200].content['application/json'].schema;
const sent = (now) => now.webhooks.paid.post.requestBody.content['application/json'].schema;
const friend = (now) => now.components.schemas.Person.allOf[1].properties;

const found_after = (change) => {
  const now = structuredClone(document);
  change(now);
  return breaking_changes(document, now);
};

// What breaks, and the first sentence about it.
const breaking = [
  ['an operation is removed', (now) => delete now.paths['/pay'].get, 'GET /pay is gone'],
  ['an operation is moved', (now) => {
    now.paths['/pays'] = now.paths['/pay'];
    delete now.paths['/pay'];
  }, 'GET /pay is gone'],
  ['an operation is renamed', (now) => (post(now).operationId = 'pays'),
    'POST /pay: is called pays now'],
  ['a token is asked for', (now) => delete now.paths['/pay'].get.security,
    'GET /pay: may not be called with no token'],
  ['another token is asked for', (now) => (now.security = [{ other: [] }]),
    'POST /pay: may not be called with token'],
  ['a parameter is removed', (now) => post(now).parameters.shift(),
    'POST /pay: query page is gone'],
  ['a parameter must be given', (now) => (post(now).parameters[0].required = true),
    'POST /pay: query page is required'],
  ['a new parameter must be given', (now) =>
    post(now).parameters.push({ name: 'x', in: 'query', required: true, schema: {} }),
  'POST /pay: query x is required'],
  ['a parameter may be less', (now) => (now.components.parameters.Key.schema.maxLength = 5),
    'POST /pay: header key: it may have maxLength 9, not 5'],
  ['a body is asked for', (now) =>
    (now.paths['/pay'].get.requestBody = { required: true, ...as_json({}) }),
  'GET /pay: a body is required'],
  ['no body is taken', (now) => delete post(now).requestBody,
    'POST /pay: takes no body any more'],
  ['a form of the body is removed', (now) => (post(now).requestBody.content = {}),
    'POST /pay: body as application/json is gone'],
  ['a member of a request must be given', (now) => request(now).required.push('note'),
    'POST /pay: body: /note may be missing'],
  ['a new member of a request must be given', (now) => {
    request(now).required.push('more');
    request(now).properties.more = { type: 'string' };
  }, 'POST /pay: body: /more may be missing'],
  ['a member of a request is removed', (now) => delete request(now).properties.note,
    'POST /pay: body: /note is gone'],
  ['a request may not have others', (now) => (request(now).additionalProperties = false),
    'POST /pay: body: it may have other members'],
  ['a type of a request is narrowed', (now) => (request(now).properties.note.type = 'string'),
    'POST /pay: body: /note may be null'],
  ['a type of a request is changed', (now) => (request(now).properties.id = { type: 'string' }),
    'POST /pay: body: /id may be integer'],
  ['a value is removed from a request', (now) => request(now).properties.kind.enum.pop(),
    'POST /pay: body: /kind may be "cash"'],
  ['a request may be one of a list alone', (now) => (request(now).properties.note.enum = ['a']),
    'POST /pay: body: /note may be other than "a"'],
  ['a request may be less', (now) => (request(now).properties.id.maximum = 50),
    'POST /pay: body: /id may have maximum 100, not 50'],
  ['a request must be more', (now) => (request(now).properties.note.minLength = 1),
    'POST /pay: body: /note may have minLength without 1'],
  ['a request has a form', (now) => (request(now).properties.note.pattern = '^a'),
    'POST /pay: body: /note may have pattern without ^a'],
  ['a part of a request must be given', (now) =>
    (now.components.schemas.Person.allOf[1].required = ['friend']),
  'POST /pay: body: /who/friend may be missing'],
  ['a status is removed', (now) => delete post(now).responses[404],
    'POST /pay: never answers 404 any more'],
  ['a form of a reply is removed', (now) => delete post(now).responses[200].content,
    'POST /pay: 200 as application/json is gone'],
  ['a header is removed', (now) => delete post(now).responses[200].headers,
    'POST /pay: 200: ETag is gone'],
  ['a member of a reply is removed', (now) => delete reply(now).properties.note,
    'POST /pay: 200: /note is gone'],
  ['a member of a reply may be missing', (now) => reply(now).required.pop(),
    'POST /pay: 200: /state may be missing'],
  ['a type of a reply is widened', (now) => (reply(now).properties.id.type = ['integer', 'null']),
    'POST /pay: 200: /id may be null'],
  ['a whole number may be none', (now) => (reply(now).properties.id.type = 'number'),
    'POST /pay: 200: /id may be number'],
  ['a reply has another value', (now) => reply(now).properties.state.enum.push('lost'),
    'POST /pay: 200: /state may be "lost"'],
  ['a reply may be any value', (now) => delete reply(now).properties.state.enum,
    'POST /pay: 200: /state may be other than "paid", "open"'],
  ['the values of a map are others', (now) =>
    (reply(now).properties.sums.additionalProperties.type = 'string'),
  'POST /pay: 200: /sums/* may be string'],
  ['the items of a list are others', (now) => (reply(now).properties.lines.items = {}),
    'POST /pay: 200: /lines/[] may be null or boolean or integer or number or string or array'],
  ['a choice is widened', (now) => reply(now).properties.part.anyOf.push({ type: 'string' }),
    'POST /pay: 200: /part may be string'],
  ['a member of a shared part is removed', (now) => delete friend(now).friend,
    'POST /pay: body: /who/friend is gone'],
  ['an event is removed', (now) => delete now.webhooks.paid, 'event paid is gone'],
  ['an event loses a header', (now) => now.webhooks.paid.post.parameters.pop(),
    'event paid: header webhook-id is gone'],
  ['an event loses a member', (now) => delete sent(now).properties.type,
    'event paid: body: /type is gone'],
  ['an event has another type', (now) =>
    (sent(now).properties.type = { enum: ['x.paid', 'x.lost'] }),
  'event paid: body: /type may be "x.lost"'],
];

const compatible = [
  ['nothing is changed', () => {}],
  ['an operation is new', (now) => (now.paths['/new'] = { get: { responses: {} } })],
  ['an event is new', (now) => (now.webhooks.new = { post: { responses: {} } })],
  ['words are changed', (now) => Object.assign(post(now), { summary: 'x', description: 'y' })],
  ['a parameter is new', (now) =>
    post(now).parameters.push({ name: 'x', in: 'query', schema: {} })],
  ['another token will do', (now) => now.security.push({ other: [] })],
  ['no token is needed any more', (now) => (post(now).security = [])],
  ['a member of a request is new', (now) => (request(now).properties.more = { type: 'string' })],
  ['a member of a request may be missing', (now) => (request(now).required = [])],
  ['a request may be more', (now) => {
    request(now).properties.id.maximum = 200;
    delete request(now).properties.note.maxLength;
    request(now).properties.kind.enum.push('cheque');
    request(now).properties.id.type = ['number', 'null'];
  }],
  ['a body may be missing', (now) => (post(now).requestBody.required = false)],
  ['a member of a reply is new', (now) => (reply(now).properties.more = {})],
  ['a member of a reply is always there', (now) => reply(now).required.push('note')],
  ['a reply is less', (now) => {
    reply(now).properties.note.type = 'string';
    reply(now).properties.state.enum.pop();
    reply(now).properties.part.anyOf.pop();
    reply(now).properties.id.minimum = 1;
  }],
  ['a list that says so has another word', (now) =>
    reply(now).properties.reason.enum.push('broken')],
  ['a status and a header are new', (now) => {
    post(now).responses[409] = as_json({});
    post(now).responses[200].headers.Age = {};
  }],
  ['an event has more members', (now) => (sent(now).properties.more = {})],
  ['a schema is named', (now) => {
    now.components.schemas.Told = reply(now);
    post(now).responses[200].content['application/json'].schema = {
      $ref: '#/components/schemas/Told',
    };
  }],
];

describe('it breaks a caller that', () => {
  for (const [what, change, sentence] of breaking) {
    it(what, () => assert.equal(found_after(change)[0], sentence));
  }
});

describe('it breaks nobody that', () => {
  for (const [what, change] of compatible) {
    it(what, () => assert.deepEqual(found_after(change), []));
  }
});

describe('a schema', () => {
  it('with a keyword that is not compared is an error', () => {
    assert.throws(
      () => found_after((now) => (reply(now).properties.id.multipleOf = 5)),
      /not compared by multipleOf/,
    );
  });
  it('that leads nowhere is an error', () => {
    const without = () => found_after((now) => delete now.components.schemas.Person);
    assert.throws(without, /leads nowhere/);
  });
});
