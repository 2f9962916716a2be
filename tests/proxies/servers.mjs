// The seven proxies: what each is started with, and where it is known to have its own way.
// Those that we recommend run the file of deploy/ but for addresses and TLS.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, free_port, Program, root } from '../fixtures/harness.mjs';

// Of lines that name a replica each, the first, with the address of the one that there is.
const one_replica = (text, port) =>
  text.replace(/^.*10\.0\.0\.12:8080.*\n/m, '').replace('10.0.0.11:8080', `127.0.0.1:${port}`);

const apache_modules = [
  'mpm_event', 'authz_core', 'alias', 'env', 'headers', 'proxy', 'proxy_http', 'proxy_balancer',
  'lbmethod_byrequests', 'slotmem_shm',
].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`).join('');

// The questions of the suite to which some proxies have answers of their own.
export const titles = {
  early_answer: 'is told that 100 kB, sent over 3 s, are too much',
  broken_list: 'with half a list leaves one that is seen to be broken off',
};

const ends_as_if_whole = {
  outcome: 'whole', words: 'an answer that the service broke off ends as if it were whole',
};

// Every proxy:
//   program, version   what is run, and how it is asked for its version
//   file               its configuration, below the root
//   configure          that file for {place, port, service_port}
//   options            its arguments for {place, file, port}
//   own_ways           what it does in its own way, by what the suite asks: the outcome that is
//                      expected of it in place of everybody's, and that in words
export const proxies = {
  haproxy: {
    program: '/usr/sbin/haproxy',
    version: ['-v'],
    file: 'deploy/haproxy.cfg',
    configure: (text, { port, service_port }) =>
      one_replica(text, service_port)
        .replace(/bind .*/, `bind 127.0.0.1:${port}`)
        .replace(/maxconn .*/, 'maxconn 200'),  // it insists on as many open files
    options: ({ file }) => ['-db', '-f', file],
  },
  nginx: {
    program: '/usr/sbin/nginx',
    version: ['-v'],
    file: 'deploy/nginx.conf',
    configure: (text, { place, port, service_port }) => {
      const site = one_replica(text, service_port)
        .replace(/listen [^;]*;/, `listen 127.0.0.1:${port};`)
        .replace(/^ *ssl_.*\n/gm, '');
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((name) => `${name}_temp_path ${place}/${name};\n`)
        .join('');
      return `worker_processes 1;\ndaemon off;\npid ${place}/pid;\nevents {}\n` +
        `http {\naccess_log off;\n${temporary}${site}}\n`;
    },
    options: ({ place, file }) => ['-p', place, '-e', 'stderr', '-c', file],
  },
  apache: {
    program: '/usr/sbin/apache2',
    version: ['-v'],
    file: 'deploy/apache.conf',
    configure: (text, { place, port, service_port }) => {
      const site = one_replica(text, service_port)
        .replace('*:443', `127.0.0.1:${port}`)
        .replace(/^ *SSL.*\n/gm, '');
      return `${apache_modules}ServerRoot ${place}\nServerName localhost\nPidFile ${place}/pid\n` +
        `DefaultRuntimeDir ${place}\nUser www-data\nGroup www-data\nErrorLog ${place}/error.log\n` +
        `Listen 127.0.0.1:${port}\n${site}`;
    },
    options: ({ file }) => ['-D', 'FOREGROUND', '-f', file],
  },
  caddy: {
    program: '/usr/bin/caddy',
    version: ['version'],
    file: 'deploy/Caddyfile',
    configure: (text, { port, service_port }) =>
      '{\nadmin off\nauto_https off\n}\n' +
      text
        // The address alone would have it listen on every interface, where others may be.
        .replace(/^payments\.example\.com \{/m, `http://127.0.0.1:${port} {\n\tbind 127.0.0.1`)
        .replace(' 10.0.0.12:8080', '')
        .replace('10.0.0.11:8080', `127.0.0.1:${service_port}`),
    options: ({ file }) => ['run', '--adapter', 'caddyfile', '--config', file],
    own_ways: { broken_list: ends_as_if_whole },
  },
  lighttpd: {
    program: '/usr/sbin/lighttpd',
    version: ['-v'],
    file: 'tests/proxies/lighttpd.conf',
    options: ({ file }) => ['-D', '-f', file],
  },
  varnish: {
    program: '/usr/sbin/varnishd',
    version: ['-V'],
    file: 'tests/proxies/varnish.vcl',
    options: ({ place, file, port }) =>
      ['-F', '-j', 'none', '-n', place, '-f', file, '-a', `127.0.0.1:${port}`, '-s', 'malloc,16m'],
  },
  h2o: {
    program: '/usr/bin/h2o',
    version: ['-v'],
    file: 'tests/proxies/h2o.conf',
    options: ({ file }) => ['-c', file],
    own_ways: { broken_list: ends_as_if_whole },
  },
};

export const filled_in = (text, values) => text.replace(/@(\w+)@/g, (_, name) => values[name]);

// As 2.6.12.
export async function version_of({ program, version }) {
  const { stdout, stderr } = await promisify(execFile)(program, version);
  return /\d+\.\d+\.\d+[^ )]*/.exec(stdout + stderr)[0].replace(/[^\d.].*/, '');
}

// Starts one on `port` before the service of `service_port`, which need not be there yet.
export async function start_proxy({ program, file, configure = filled_in, options }, ports) {
  const place = await mkdtemp(join(tmpdir(), 'ozora-proxy-'));
  await chmod(place, 0o777);  // most of them give up root, and keep something here
  const values = { place, ...ports };
  const own = join(place, 'configuration');
  await writeFile(own, configure(await readFile(join(root, file), 'utf8'), values));
  const running = new Program(program, options({ ...values, file: own }), {
    env: { PATH: process.env.PATH, HOME: place },
    cwd: place,
  });
  const url = `http://127.0.0.1:${ports.port}`;
  const stop = async () => {
    await running.stop();
    await rm(place, { recursive: true, force: true });
  };
  try {
    await eventually(async () => {
      running.fail_if_ended('starting');
      const reply = await fetch(`${url}/healthz`).catch(({ cause }) => cause);
      return reply?.code !== 'ECONNREFUSED';
    }, { every_ms: 20, what: `${program} to listen` });
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${running.output}`);
  }
  return { url, program: running, stop };
}

export async function free_ports() {
  return { port: await free_port(), service_port: await free_port() };
}
