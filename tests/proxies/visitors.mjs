// Those who come through a proxy: visitors who pay, and clients that behave as not all do.
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { connect } from 'node:net';
import { eventually, pause } from '../fixtures/harness.mjs';
import { assert_ok } from '../api/client.mjs';
import { act_on_simplepay, billing, pay_at_stripe, search } from '../api/world.mjs';

export async function start(world, code) {
  const ticket_id = world.tickets.add();
  const body = { ticket_id, code, metas: billing };
  return { ticket_id, ...assert_ok(await world.call('startPayment', { body })) };
}

// The visitor pays at the provider and never comes back: only its notification tells of it.
export async function pay({ sandbox }, { redirect_url, client_secret }) {
  if (redirect_url) return act_on_simplepay(redirect_url, 'pay');
  await pay_at_stripe(sandbox, client_secret);
}

// What the search says of a transaction, once it is paid.
export const paid = (world, id) =>
  eventually(async () => {
    const token = world.service_token(search);
    const body = { search_term: id };
    const { transactions } = assert_ok(await world.call('searchTransactions', { body, token }));
    return transactions[0].status === 'paid' && transactions[0];
  }, { within_ms: 20_000, what: `transaction ${id} to be paid` });

// The status of a POST that comes from `address`, one of this machine's.
export const post_from = (address, url, { headers, body }) =>
  new Promise((resolve, reject) => {
    request(url, { method: 'POST', headers, localAddress: address, agent: false }, (reply) => {
      reply.resume().on('end', () => resolve(reply.statusCode));
    }).on('error', reject).end(body);
  });

// Sends `bytes` bytes in ten pieces over `ms`, whatever is said meanwhile; gives what was said.
export async function send_slowly(url, path, { bytes, ms }) {
  const { host, hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  let said = '';
  socket.on('data', (part) => (said += part.toString('latin1')));
  socket.write(`POST ${path} HTTP/1.1\r\nHost: ${host}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`);
  for (let piece = 0; piece < 10; piece++) {
    await pause(ms / 10);
    socket.write('x'.repeat(bytes / 10));
  }
  await eventually(() => socket.destroyed || /^HTTP[^]*\r\n\r\n/.test(said), {
    within_ms: 5000, what: 'an answer, or the end of the connection',
  });
  await pause(50);  // its body
  socket.destroy();
  const [head, body] = said.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body };
}

// A GET and then a POST by curl, on one connection if that is kept; they may fail.
export const get_and_post_by_curl = (get_url, post_url) =>
  new Promise((resolve, reject) => {
    const done = (error) => (error?.code === 'ENOENT' ? reject(error) : resolve());
    const quiet = ['-s', '-k', '-m', '10'];
    const post = [...quiet, '-H', 'Content-Type: application/json', '-d', '{}', post_url];
    execFile('curl', [...quiet, get_url, '--next', ...post], done);
  });
