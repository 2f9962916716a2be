// The client as others get it: packed, and installed from the file into an empty folder. Once for
// all files of a process.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/platform.mjs';
import { at_the_end } from '../together/at_the_end.mjs';

const run = promisify(execFile);
export const sources = join(root, 'clients/js');

// npm's own output goes nowhere unless it fails.
const npm = (cwd, ...options) => run(join(root, 'scripts/npm'), options, { cwd });

async function install() {
  const folder = await mkdtemp(join(tmpdir(), 'ozora-client-'));
  at_the_end(() => rm(folder, { recursive: true, force: true }));
  await npm(sources, 'pack', '--silent', '--pack-destination', folder);
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await npm(folder, 'install', ...quietly, `./${file}`);
  return folder;
}

let installing;
export const installed = () => (installing ??= install());

const file_in = async (name) =>
  join(await installed(), 'node_modules/payments_client/dist/esm', name);
export const payments_client = async () => import(await file_in('node.js'));
export const payments_client_webhooks = async () => import(await file_in('webhooks.js'));
