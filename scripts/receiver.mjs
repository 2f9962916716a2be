// A receiver of the service's events, as ./run has one: verifies them as Standard Webhooks asks and
// shows what it was told. Needs nothing but Node 18; a real receiver takes a library for the first.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const oldest_s = 300;

function is_signed({ secret, id, timestamp, signatures, body }) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return signatures.split(' ').some((signature) => {
    const [version, text] = signature.split(',');
    const given = Buffer.from(text ?? '', 'base64');
    return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

// `on_event` hears every event once, however often it comes. Gives the settings by which the
// service finds this receiver, and `close`.
export async function open_receiver({ port = 0, on_event }) {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const seen = new Set();
  const server = createServer(async (request, reply) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString('utf8');
    const {
      'webhook-id': id = '',
      'webhook-timestamp': timestamp = '',
      'webhook-signature': signatures = '',
    } = request.headers;
    const is_fresh = Math.abs(Date.now() / 1000 - Number(timestamp)) <= oldest_s;
    if (!is_fresh || !is_signed({ secret, id, timestamp, signatures, body })) {
      reply.writeHead(401).end();
      return;
    }
    if (!seen.has(id)) on_event({ id, ...JSON.parse(body) });
    seen.add(id);
    reply.writeHead(204).end();
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  server.unref(); // nobody is waited for once the platform has ended
  const url = `http://127.0.0.1:${server.address().port}/events`;
  return {
    settings: { PAYMENTS_EVENTS_URL: url, PAYMENTS_EVENTS_SECRET: secret },
    close() {
      server.closeAllConnections?.();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

// One line for people: "payment.paid  TR1  220 EUR  paid".
export function line_of({ type, data }) {
  const amount = `${data.amount} ${data.currency}`;
  const refunded = data.amount_refunded > 0 ? `, ${data.amount_refunded} back` : '';
  return `${type}  ${data.reference}  ${amount}${refunded}  ${data.status}`;
}
