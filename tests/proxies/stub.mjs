// In the place of the service: one that breaks off at moments that the real one cannot be told to.
import { createServer } from 'node:net';

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const whole = (body) => `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
const half_a_list = `${head}Transfer-Encoding: chunked\r\n\r\n13\r\n{"ticket_ids":[1,2,\r\n`;

// Dies of every POST without a word, as a process that is killed does, and counts them; breaks off
// in the middle of a list of ticket ids; answers everything else and keeps the connection.
export async function start_stub(port, list_path) {
  const sockets = new Set();
  const stub = { posts: 0 };
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}));
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      if (text.startsWith('POST')) {
        stub.posts++;
        socket.destroy();
      } else if (text.startsWith(`GET ${list_path}`)) {
        // The proxy is to have begun with its own answer.
        socket.write(half_a_list);
        setTimeout(() => socket.destroy(), 300);
      } else if (/^(GET|HEAD|OPTIONS)/.test(text)) {
        socket.write(whole('{"status":"ok"}'));
      }
    });
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  stub.close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return stub;
}
