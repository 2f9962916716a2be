// The container image: what is in it, and that it serves, with a root that nobody can write to, in
// a runtime that engines use (crun).
import assert from 'node:assert/strict';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile }
  from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pay_through_each } from '../../scripts/check.mjs';
import {
  eventually, free_port, make_keys, payments_settings, Program, root, start_sandbox,
} from '../../scripts/platform.mjs';
import { Postgres } from '../fixtures/postgres.mjs';
import { run, said } from './packaged.mjs';

const MiB = 1024 * 1024;
const user = 10001;

let place, image, config;
before(async () => {
  place = await mkdtemp(join(tmpdir(), 'ozora-container-'));
  await said(join(root, 'scripts/container'), ['--built']);
  const built = join(root, 'build/container');
  const archive = (await readdir(built)).find((name) => name.endsWith('.tar'));
  await mkdir(join(place, 'archive'));
  await said('tar', ['-xf', join(built, archive), '-C', join(place, 'archive')]);
  const read = async (name) => JSON.parse(await readFile(join(place, 'archive', name), 'utf8'));
  [image] = await read('manifest.json');
  ({ config } = await read(image.Config));
  await mkdir(join(place, 'root'));
  for (const layer of image.Layers)
    await said('tar', ['-xpf', join(place, 'archive', layer), '-C', join(place, 'root')]);
});
after(() => rm(place, { recursive: true, force: true }));

describe('the image', () => {
  it('is small, and holds nothing to run but the service', async () => {
    const [kib] = (await said('du', ['-sk', '--apparent-size', join(place, 'root')])).split('\t');
    assert.ok(kib * 1024 <= 60 * MiB, `${kib} KiB`);
    const programs = await readdir(join(place, 'root/usr/bin'));
    assert.deepEqual(programs, ['ozora-payments']);
    const found = await said('find', [join(place, 'root'), '-perm', '/6000']);
    assert.equal(found, '');
  });

  it('runs as nobody else, asks about its health, and stops as the service is to stop', () => {
    assert.equal(config.User, `${user}:${user}`);
    assert.deepEqual(config.Entrypoint, ['/usr/bin/ozora-payments']);
    assert.deepEqual(config.Cmd, ['serve']);
    assert.deepEqual(config.Healthcheck.Test, ['CMD', '/usr/bin/ozora-payments', 'ready']);
    assert.equal(config.StopSignal, 'SIGTERM');
    assert.ok('/var/lib/ozora-payments' in config.Volumes);
  });

  it('brings the licence of everything it is made of', async () => {
    const packages = await readdir(join(place, 'root/var/lib/dpkg/status.d'));
    assert.ok(packages.includes('libc6') && packages.includes('libssl3'), packages.join(' '));
    for (const name of packages)
      assert.ok((await stat(join(place, `root/usr/share/doc/${name}/copyright`))).size > 0, name);
  });
});

// What an engine makes of the image: its user, no capability, no new privileges, a root that is
// only read, and a volume. The network is this machine's.
function bundle_of({ environment, volume, keys }) {
  const bind = (source, destination, ...options) => ({
    destination, type: 'bind', source, options: ['bind', ...options],
  });
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: user, gid: user },
      args: [...config.Entrypoint, ...config.Cmd],
      env: [...config.Env, ...Object.entries(environment).map((pair) => pair.join('='))],
      cwd: config.WorkingDir,
      noNewPrivileges: true,
      capabilities: {},
    },
    root: { path: join(place, 'root'), readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
      { destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['mode=1777'] },
      bind(volume, '/var/lib/ozora-payments', 'rw'),
      bind(keys, keys, 'ro'),
    ],
    linux: { namespaces: ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })) },
  };
}

// "NAME=value" in its two parts.
const pair = (text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];

describe('a container of it', () => {
  const name = `ozora-payments-${process.pid}`;
  // crun knows a machine with control groups of either version, and none that has both: it sees
  // those of the second alone, and uses none. In a root that is no machine there is no /sys yet.
  const crun = (...args) => ['--mount', 'sh', '-c', `
    if [ ! -e /sys/fs/cgroup ]; then mount -t sysfs sysfs /sys
    else umount --recursive /sys/fs/cgroup; fi
    mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec crun "$@"`,
  'crun', '--cgroup-manager=disabled', `--root=${join(place, 'crun')}`, ...args];
  let container, sandbox, url, environment;
  before(async () => {
    const keys = await make_keys(join(place, 'keys'));
    await chmod(place, 0o755);
    for (const file of await readdir(keys)) await chown(join(keys, file), user, user);
    const listen = `127.0.0.1:${await free_port()}`;
    url = `http://${listen}`;
    sandbox = await start_sandbox({ keys, payments_url: url });
    const volume = join(place, 'volume');
    await cp(join(place, 'root/var/lib/ozora-payments'), volume, { recursive: true });
    await chown(volume, user, user);
    const database = 'sqlite:/var/lib/ozora-payments/payments.db';
    environment = payments_settings({ listen, url, database, keys, sandbox });
    await mkdir(join(place, 'bundle'));
    await writeFile(
      join(place, 'bundle/config.json'), JSON.stringify(bundle_of({ environment, volume, keys })),
    );
    container = new Program(
      '/usr/bin/unshare', crun('run', '--bundle', join(place, 'bundle'), name),
      { env: process.env },
    );
    await eventually(() => {
      container.fail_if_ended('starting');
      return fetch(`${url}/readyz`).then(({ status }) => status === 200, () => false);
    }, { what: 'the container to be ready' });
  });
  after(async () => {
    await container?.stop();
    await sandbox?.stop();
  });

  // As an engine runs a command in it: its user, its environment, its root. Where this test's own
  // root is no machine's, crun finds no way into the container: it enters the mounts, whose root is
  // the machine's, while nsenter takes the root of the process.
  const inside = async (words, more = {}) => {
    const { pid } = JSON.parse(await said('unshare', crun('state', name)));
    const into = ['--mount', '--pid', '--ipc', '--uts', '--root', '--wd'];
    const env = { ...Object.fromEntries(config.Env.map(pair)), ...environment, ...more };
    return run(
      '/usr/bin/nsenter',
      [`--target=${pid}`, ...into, `--setuid=${user}`, `--setgid=${user}`, ...words], { env },
    );
  };

  it('is well, says its health check', async () => {
    assert.deepEqual(await inside(config.Healthcheck.Test.slice(1)), {
      code: 0, stdout: '', stderr: '',
    });
    const nowhere = ['--listen', '127.0.0.1:1'];
    const { code, stderr } = await inside(['/usr/bin/ozora-payments', 'ready', ...nowhere]);
    assert.equal(code, 1);
    assert.match(stderr, /nothing answers/);
  });

  it('takes a payment through each processor', async () => {
    const paid = await pay_through_each({ url, sandbox });
    assert.deepEqual(paid.map(({ status }) => status), ['paid', 'paid']);
  });

  it('reaches a PostgreSQL', async () => {
    const server = await Postgres.start();
    try {
      const migrate = ['/usr/bin/ozora-payments', 'migrate'];
      const { code, stdout, stderr } = await inside(migrate, { PAYMENTS_DATABASE: server.url() });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /applied 0001_/);
    } finally {
      await server.close();
    }
  });

  it('can write nowhere but to its volume', async () => {
    const { stderr, code } = await inside(['/usr/bin/ozora-payments', 'manual', '/usr/share/man']);
    assert.notEqual(code, 0);
    assert.match(stderr, /Read-only file system/);
    assert.deepEqual(await readdir(join(place, 'volume')).then((names) => names[0]), 'payments.db');
  });

  it('stops within its time when it is told to', async () => {
    process.kill(container.pid, 'SIGTERM');
    const { code } = await container.ended;
    assert.equal(code, 0);
    await assert.rejects(fetch(`${url}/healthz`));
  });
});
