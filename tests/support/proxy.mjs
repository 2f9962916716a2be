// nginx before several replicas, round robin, as deploy/nginx.conf says but for addresses and TLS.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, Program, root } from '../../scripts/platform.mjs';

// The deployed file, with our addresses, and everything open that it keeps to itself. Where no
// replica gave an answer the visitor's connection is cut, as if it had been made without nginx.
function site(text, port, replicas) {
  const [first] = /^ *server [0-9].*\n/m.exec(text);
  const server_of = (replica) => first.replace(/[0-9.]+:[0-9]+/, replica);
  return text
    .replace(/(^ *server [0-9].*\n)+/m, replicas.map(server_of).join(''))
    .replace(/listen [^;]*;/, `listen 127.0.0.1:${port} backlog=1024;`)
    .replace(/^ *ssl_.*\n/gm, '')
    .replace(/^ *location = .*\n/gm, '')
    .replace('$host', '$http_host')
    .replace(/}\s*$/, '    error_page 502 504 = @cut;\n    location @cut { return 444; }\n}\n');
}

const frame = (place, text) => {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${place}/${name};`)
    .join(' ');
  return `worker_processes 1;
daemon off;
pid ${place}/pid;
events { worker_connections 4096; }
http {
  access_log off;
  ${temporary}
${text}}
`;
};

// `replicas` are addresses, as 127.0.0.1:8080. Gives the port they are reached by, and stop.
export async function start_proxy(port, replicas) {
  const place = await mkdtemp(join(tmpdir(), 'ozora-nginx-'));
  const text = await readFile(join(root, 'deploy/nginx.conf'), 'utf8');
  await writeFile(join(place, 'nginx.conf'), frame(place, site(text, port, replicas)));
  const program = new Program('/usr/sbin/nginx', ['-p', place, '-e', 'stderr', '-c', 'nginx.conf']);
  const stop = async () => {
    await program.stop();
    await rm(place, { recursive: true, force: true });
  };
  const answers = () => fetch(`http://127.0.0.1:${port}/healthz`).catch((error) => error.cause);
  try {
    await eventually(
      async () => {
        program.fail_if_ended('starting');
        return (await answers())?.code !== 'ECONNREFUSED';
      },
      { every_ms: 20, what: 'nginx to answer' },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { program, port, stop };
}

