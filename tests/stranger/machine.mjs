// The machine that the stranger sits at: runs what is typed, and tells the story with its times.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { eventually } from '../../scripts/platform.mjs';

const log = '/root/typed.log';
const began = Date.now();

export const clock = () => {
  const seconds = Math.round((Date.now() - began) / 1000);
  const two = (number) => String(Math.floor(number)).padStart(2, '0');
  return `${two(seconds / 60)}:${two(seconds % 60)}`;
};
export const tell = (line) => console.log(`stranger: ${clock()}  ${line}`);

export class Failure extends Error {}

// Types `text` into a shell. Gives {code, output, printed}: what it ended with, all it wrote, and
// what it wrote to its standard output. Throws when that is none of `codes`.
export async function type(text, { cwd = '/root', input = '', codes = [0] } = {}) {
  appendFileSync(log, `\n$ ${text}\n`);
  const child = spawn('/bin/bash', ['-euo', 'pipefail', '-c', text], { cwd });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let output = '', printed = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    output += part;
    printed += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part) => (output += part));
  const code = await new Promise((resolve) => child.on('close', resolve));
  appendFileSync(log, output);
  if (!codes.includes(code)) throw new Failure(`this ended with ${code}:\n${text}\n${output}`);
  return { code, output, printed };
}

export function check(what, is_so, seen = '') {
  if (!is_so) throw new Failure(`${what} is not so${seen && `:\n${seen}`}`);
}

// Gives how many seconds it took until `probe` gave something.
export async function seconds_until(what, probe, within_s = 120) {
  const from = Date.now();
  await eventually(probe, { within_ms: within_s * 1000, every_ms: 500, what });
  return Math.round((Date.now() - from) / 1000);
}
