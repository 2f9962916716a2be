// The Debian packages, made once for all files of this suite of what is compiled already, and
// unpacked.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/platform.mjs';
import { at_the_end } from '../together/at_the_end.mjs';

const execute = promisify(execFile);

// What a command says, and how it ends; it need not end well.
export async function run(program, args = [], options = {}) {
  try {
    const { stdout, stderr } = await execute(program, args, {
      maxBuffer: 64 * 1024 * 1024, ...options,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (typeof error.code !== 'number') throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

// What a command says that must end well.
export async function said(program, args, options) {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${code}\n${stdout}${stderr}`);
  return stdout;
}

async function make_packages() {
  await said(join(root, 'scripts/package'), ['--built']);
  const place = join(root, 'build/package');
  const names = (await readdir(place)).filter((name) => name.endsWith('.deb'));
  const file = (start) => join(place, names.find((name) => name.startsWith(start)));
  const unpacked = await mkdtemp(join(tmpdir(), 'ozora-packages-'));
  at_the_end(() => rm(unpacked, { recursive: true, force: true }));
  const packages = {
    service: { deb: file('ozora-payments_'), unpacked: join(unpacked, 'service') },
    demo: { deb: file('ozora-payments-demo_'), unpacked: join(unpacked, 'demo') },
    both: join(unpacked, 'both'), // as installed
  };
  for (const { deb, unpacked: to } of [packages.service, packages.demo]) {
    await said('dpkg-deb', ['--extract', deb, to]);
    await said('dpkg-deb', ['--extract', deb, packages.both]);
  }
  return packages;
}

let made;
export const the_packages = () => (made ??= make_packages());
