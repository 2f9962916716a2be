// Calls that are judged by the contract on both ways.
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { check_reply, faults_of_request, operations } from './contract.mjs';

const agent = new Agent({ keepAlive: false });
const deadline_ms = 15_000;

const json_of = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

function shaped(status, headers, bytes) {
  const is_packed = headers['content-encoding'] === 'gzip' && bytes.length > 0;
  const plain = is_packed ? gunzipSync(bytes) : bytes;
  const text = plain.toString('utf8');
  return { status, headers, size: bytes.length, text, json: json_of(text) };
}

// One request as it stands; gives {status, headers, size, text, json}. `size` counts the bytes of
// the body as they came, `text` is what they were before they were compressed.
export function send(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent, timeout: deadline_ms }, (reply) => {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('end', () =>
        resolve(shaped(reply.statusCode, reply.headers, Buffer.concat(parts))),
      );
      reply.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error(`no answer of ${url} in ${deadline_ms} ms`)));
    call.on('error', reject);
    call.end(body);
  });
}

// Bytes as they stand, and what came back until the other side closed or an answer was whole.
export function exchange(url, bytes, { half_close = false } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let received = Buffer.alloc(0);
    const finish = () => {
      clearTimeout(late);
      socket.destroy();
      const reply = read_reply(received);
      if (reply) resolve(reply);
      else reject(new Error(`closed without an answer: '${received.toString('latin1')}'`));
    };
    const late = setTimeout(finish, deadline_ms);
    socket.on('data', (part) => {
      received = Buffer.concat([received, part]);
      if (read_reply(received)) finish();
    });
    socket.on('end', finish);
    // The service may answer and close before it has taken everything.
    socket.on('error', () => setTimeout(finish, 50));
    socket.write(bytes);
    if (half_close) socket.end();
  });
}

function read_reply(bytes) {
  const text = bytes.toString('latin1');
  const head_end = text.indexOf('\r\n\r\n');
  if (head_end < 0) return undefined;
  const [status_line, ...lines] = text.slice(0, head_end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = Number(headers['content-length'] ?? 0);
  const body = bytes.subarray(head_end + 4);
  if (body.length < length) return undefined;
  return shaped(Number(status_line.split(' ')[1]), headers, body.subarray(0, length));
}

// Calls operations of one service.
//   body     any JSON value, sent as JSON; or `text`, a string or bytes sent as they stand
//   token    goes into Authorization
//   path     the address, where the contract has a place in it that is to be filled
//   query    what follows '?', as an object
//   request  what the contract says of the request: 'fits', 'breaks', or 'cannot tell'
export function client(url) {
  return async function call(id, options = {}) {
    const { body, text, token, headers = {}, request: verdict = 'fits', path, query } = options;
    const { method, path: usual, requestBody } = operations[id];
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const faults = faults_of_request(
      id,
      sent === undefined ? undefined : json_of(Buffer.from(sent).toString('utf8')),
      headers,
    );
    if (verdict === 'fits') assert.equal(faults, '', `${id}: the request breaks the contract`);
    if (verdict === 'breaks') assert.notEqual(faults, '', `${id}: the contract allows ${sent}`);
    const type = requestBody && sent !== undefined ? { 'Content-Type': 'application/json' } : {};
    const given = Object.entries({
      ...type,
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(sent !== undefined && { 'Content-Length': Buffer.byteLength(sent) }),
      ...headers,
    }).filter(([, value]) => value !== null);
    const asked = query ? `?${new URLSearchParams(query)}` : '';
    const reply = await send(`${url}${path ?? usual}${asked}`, {
      method,
      headers: Object.fromEntries(given),
      body: sent,
    });
    check_reply(id, reply);
    return reply;
  };
}

// Shorthand: the last part of a problem's type.
export const slug = (reply) => reply.json?.type?.replace('/problems/', '');

export function assert_problem(reply, status, expected) {
  assert.equal(`${reply.status} ${slug(reply)}`, `${status} ${expected}`, reply.text);
}

export function assert_ok(reply) {
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
}
