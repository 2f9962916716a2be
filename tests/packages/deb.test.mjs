// The Debian packages: what Debian's own checker says of them, and what is in them.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { root } from '../../scripts/platform.mjs';
import { run, said, the_packages } from './packaged.mjs';

let packages;
before(async () => (packages = await the_packages()));

const files_of = async (deb) =>
  (await said('dpkg-deb', ['--contents', deb])).trim().split('\n').map((line) => {
    const [mode, owner, , , , path] = line.split(/\s+/);
    return { mode, owner, path: path.replace(/^\./, '') };
  });
const field = (deb, name) => said('dpkg-deb', ['--field', deb, name]).then((text) => text.trim());

describe('the Debian packages', () => {
  it('pass lintian without a word, down to its pedantic remarks', async () => {
    const { stdout, stderr } = await run('lintian', [
      '--no-cfg', '--allow-root', '--display-info', '--pedantic',
      // It looks for misspelt words among the bytes of machine code too, and finds "wtH" there.
      '--suppress-tags', 'spelling-error-in-binary',
      packages.service.deb, packages.demo.deb,
    ]);
    assert.equal(stdout + stderr, '');
  });

  it('say of each remark that is overridden why', async () => {
    const file = join(packages.both, 'usr/share/lintian/overrides/ozora-payments');
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    lines.forEach((line, i) => assert.ok(/^# /.test(line) || /^# /.test(lines[i - 1]), line));
  });

  it('have the version of the project', async () => {
    const version = (await said(join(root, 'scripts/package'), ['--version'])).trim();
    for (const { deb } of [packages.service, packages.demo])
      assert.equal(await field(deb, 'Version'), version);
    const { stdout } = await run(join(packages.both, 'usr/bin/ozora-payments'), ['version']);
    assert.equal(stdout.split(' ')[1], version.split(/[~+]/)[0]);
  });

  it('have the library that PostgreSQL needs installed with them, and do without', async () => {
    assert.equal(await field(packages.service.deb, 'Recommends'), 'libpq5');
    assert.doesNotMatch(await field(packages.service.deb, 'Depends'), /libpq/);
  });

  it('bring settings that are kept, and read by root and the service alone', async () => {
    const files = await files_of(packages.service.deb);
    const env = files.find(({ path }) => path === '/etc/ozora-payments/env');
    assert.deepEqual([env.mode, env.owner], ['-rw-r-----', 'root/root']);
    const control = await said('dpkg-deb', ['--info', packages.service.deb, 'conffiles']);
    assert.equal(control.trim(), '/etc/ozora-payments/env');
    const rules = await readFile(
      join(packages.service.unpacked, 'usr/lib/tmpfiles.d/ozora-payments.conf'), 'utf8',
    );
    assert.match(rules, /^z \/etc\/ozora-payments\/env 0640 root ozora-payments$/m);
    for (const place of ['lib', 'backups'])
      assert.match(rules, new RegExp(
        `^d /var/${place}/ozora-payments 0700 ozora-payments ozora-payments$`, 'm',
      ));
  });

  it('have a user made for the service, which cannot sign in', async () => {
    const place = packages.service.unpacked;
    await mkdir(join(place, 'etc'), { recursive: true });
    await said('systemd-sysusers', [`--root=${place}`, 'ozora-payments.conf']);
    const users = await readFile(join(place, 'etc/passwd'), 'utf8');
    assert.match(users, /^ozora-payments:.*:\/var\/lib\/ozora-payments:\/usr\/sbin\/nologin$/m);
  });

  it('restart the service where it ran, and stop it when they go', async () => {
    const script = (name) => said('dpkg-deb', ['--info', packages.service.deb, name]);
    const units = /deb-systemd-invoke (\S+) '?ozora-payments\.service'?/g;
    const done_by = async (name) =>
      [...(await script(name)).matchAll(units)].map(([, does]) => does);
    assert.deepEqual(await done_by('postinst'), ['try-restart']);
    assert.deepEqual(await done_by('prerm'), ['stop']);
    assert.doesNotMatch(await said('dpkg-deb', ['--info', packages.service.deb]), /preinst/);
  });

  it('have programs that are hardened as Debian hardens its own', async () => {
    for (const name of ['usr/bin/ozora-payments', 'usr/libexec/ozora-payments/ozora-sandbox']) {
      const program = join(packages.both, name);
      const head = await said('readelf', ['--wide', '--file-header', '--segments', program]);
      assert.match(head, /Type:\s+DYN \(Position-Independent Executable file\)/, name);
      assert.match(head, /GNU_RELRO/, name);
      assert.match(head, /GNU_STACK.* RW /, name);
      const dynamic = await said('readelf', ['--wide', '--dynamic', program]);
      assert.match(dynamic, /\(FLAGS\)\s+BIND_NOW/, name);
      assert.doesNotMatch(dynamic, /TEXTREL/, name);
      const calls = await said('readelf', ['--wide', '--dyn-syms', program]);
      assert.match(calls, /UND __stack_chk_fail@/, name);
      assert.match(calls, /UND __(?:memcpy|memmove|snprintf|vsnprintf|read)_chk@/, name);
    }
  });

  it('confine the service and its backups as much as ever', async () => {
    for (const name of ['ozora-payments', 'ozora-payments-backup']) {
      const unit = join(packages.service.unpacked, `lib/systemd/system/${name}.service`);
      const limit = ['--threshold=15', '--offline=true']; // 1.5
      await said('systemd-analyze', ['security', '--no-pager', ...limit, unit]);
      assert.equal(await readFile(unit, 'utf8'), await readFile(
        join(root, `deploy/${name}.service`), 'utf8',
      ));
    }
  });

  it('bring backups that nobody has switched on, and that no update breaks off', async () => {
    const timer = 'ozora-payments-backup.timer';
    const installed = join(packages.service.unpacked, 'lib/systemd/system', timer);
    assert.equal(await readFile(installed, 'utf8'),
      await readFile(join(root, 'deploy', timer), 'utf8'));
    const files = (await files_of(packages.service.deb)).map(({ path }) => path);
    assert.deepEqual(files.filter((path) => /\.wants\//.test(path)), []);
    const script = (name) => said('dpkg-deb', ['--info', packages.service.deb, name]);
    assert.doesNotMatch(await script('postinst'), /deb-systemd-invoke \S+ '?ozora-payments-backup/);
    assert.match(await script('prerm'), /"\$1" = remove[^]*stop '?ozora-payments-backup\.timer/);
  });

  it('name who hands them on, or else nobody whom mail could reach', async () => {
    const maintainer = (env) =>
      said(join(root, 'scripts/package'), ['--maintainer'], { env: { ...process.env, ...env } })
        .then((text) => text.trim());
    const ours = await maintainer({ DEBEMAIL: '', DEBFULLNAME: '' });
    assert.match(ours, /^O\.Z\.O\.R\.A\. Payments <\S+@\S+\.example>$/);
    const DEBEMAIL = 'packages@festival.example';
    assert.equal(await maintainer({ DEBEMAIL, DEBFULLNAME: 'Dóra & Co.' }),
      `Dóra & Co. <${DEBEMAIL}>`);
    assert.equal(await maintainer({ DEBEMAIL, DEBFULLNAME: '' }),
      `O.Z.O.R.A. Payments <${DEBEMAIL}>`);
    for (const { deb } of [packages.service, packages.demo])
      assert.equal(await field(deb, 'Maintainer'), await maintainer());
  });

  it('bring the documents whose links lead to one another', async () => {
    const files = (await files_of(packages.service.deb)).map(({ path }) => path);
    const doc = '/usr/share/doc/ozora-payments';
    const operations = await readFile(
      join(packages.service.unpacked, doc, 'docs/operations.md'), 'utf8',
    );
    const links = [...operations.matchAll(/\]\((\.\.\/deploy\/[^)#]+)\)/g)];
    assert.ok(links.length > 5);
    for (const [, link] of links)
      assert.ok(files.includes(join(doc, 'docs', link)), `${link} is missing`);
  });

  it('keep the stand-ins off machines that only serve', async () => {
    const files = (await files_of(packages.service.deb)).map(({ path }) => path);
    assert.deepEqual(files.filter((path) => path.includes('sandbox')), []);
    const { code, stderr } = await run(
      join(packages.service.unpacked, 'usr/bin/ozora-payments'), ['demo', '--check'],
    );
    assert.equal(code, 1);
    assert.match(stderr, /package ozora-payments-demo/);
  });
});
