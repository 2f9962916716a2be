// A service that answers as the test says, one request after the other, and keeps what it was
// asked.
import { createServer } from 'node:http';

const json = (value, status = 200, headers = {}) => (_, reply) =>
  reply
    .writeHead(status, { 'Content-Type': 'application/json', ...headers })
    .end(JSON.stringify(value));

const titles = { 400: 'invalid-request', 409: 'key-in-use', 429: 'rate-limited',
  502: 'provider-refused', 503: 'storage-unavailable' };

// A problem document as the service writes them.
export const problem = (status, { type = titles[status], headers = {}, ...more } = {}) =>
  json(
    { type: `/problems/${type}`, title: 'No', status, detail: 'not now', message: 'not now',
      instance: 'r1', ...more },
    status,
    { 'Content-Type': 'application/problem+json', ...headers },
  );
export { json };
export const bytes = (status, type, text, headers = {}) => (_, reply) =>
  reply.writeHead(status, { 'Content-Type': type, ...headers }).end(text);
export const silence = () => {};
export const cut = (request) => request.socket.destroy();

export async function open_scripted() {
  const asked = [];
  let script = [];
  const server = createServer(async (request, reply) => {
    let body = '';
    for await (const part of request) body += part;
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body, at: performance.now() });
    const next = script.length > 1 ? script.shift() : script[0];
    next(request, reply);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    // From now on: these, and the last of them as often as anybody asks.
    answer(...answers) {
      asked.length = 0;
      script = answers;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
