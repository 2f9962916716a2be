// What a round is made of: send, hold the answers against what is on record, see what it cost.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { cpu_us, resident_mib } from './measure.mjs';
import { bench, directory } from './peers.mjs';

const run_file = promisify(execFile);

// User and system time that `work` took each of the processes, per answer. `pids` is {name: pid};
// the figure of `service` is cpu_us, that of any other {name}_cpu_us.
export async function with_cpu(pids, work) {
  const before = Object.entries(pids).map(([name, pid]) => [name, pid, cpu_us(pid)]);
  const figures = await work();
  const result = { ...figures };
  for (const [name, pid, used] of before) {
    const figure = name === 'service' ? 'cpu_us' : `${name}_cpu_us`;
    result[figure] = (cpu_us(pid) - used) / figures.ok;
  }
  if (pids.service) result.rss_mib = resident_mib(pids.service);
  return result;
}

// `warm` comes before anything is counted: compilers, caches and pools are as they are in life.
export async function while_running(peer, work, { others = {}, warm = () => undefined } = {}) {
  try {
    await warm(peer.port);
    return await with_cpu({ service: peer.pid, ...others }, () => work(peer.port));
  } finally {
    await peer.stop();
  }
}

// Messages of their own to warm up with, from the end of what there is; the others are left.
export const warm_up_s = 2;
const warm_up_count = 5000;

export function split_load(load) {
  const count = load.count - warm_up_count;
  const first_id = load.first_id + count;
  const warm = { ...load, first_id, count: warm_up_count, seconds: warm_up_s };
  return { measured: { ...load, count }, warm };
}

// Sends `load` after having warmed up; gives what was measured, and `warm_ok` for the books.
// `settled` waits, when it is given how many were answered so far, until nothing is left to do for
// them: what a service puts off costs its time all the same. `lag_s` is how long that took, and
// `settled_per_second` how many there were in all the time.
export async function send_warm(kind, peer, load, others, settled) {
  const { measured, warm } = split_load(load);
  let warmed;
  const work = async (port) => {
    const sent = await send(kind, port, measured);
    if (!settled) return sent;
    const sent_at = performance.now();
    await settled(warmed.ok + sent.ok);
    const lag_s = (performance.now() - sent_at) / 1000;
    return { ...sent, lag_s, settled_per_second: sent.ok / (sent.ok / sent.per_second + lag_s) };
  };
  const figures = await while_running(peer, work, {
    others,
    warm: async (port) => {
      warmed = await send(kind, port, warm);
      await settled?.(warmed.ok);
    },
  });
  return { ...figures, warm_ok: warmed.ok };
}

// `rate` a second whether answered or not; 0: each client sends when it has its answer.
export async function send(kind, port, given) {
  const { first_id = 1, count, span = 0, seconds, clients, rate = 0, tokens } = given;
  const { takes_refusals = false, source } = given;
  const figures = await bench(
    ...['send', kind, '--port', port, '--first-id', first_id, '--count', count, '--span', span],
    ...['--seconds', seconds, '--clients', clients, '--rate', rate.toFixed(1)],
    ...(tokens ? ['--tokens', tokens] : []),
    ...(takes_refusals ? ['--takes-refusals'] : []),
    ...(source ? ['--source', source] : []),
  );
  if (figures.failed > 0) throw new Error(`${figures.failed} of ${kind} were not answered as due`);
  return figures;
}

// What was answered must be on record.
export function check_kept(answered, kept) {
  if (kept !== answered) throw new Error(`${answered} were answered, ${kept} kept`);
}

function wrk_script({ header, body }) {
  const [name, value] = header.trim().split(': ');
  const path = join(directory, 'wrk.lua');
  const text = JSON.stringify; // of plain ASCII Lua reads the same
  writeFileSync(
    path,
    `wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers[${text(name)}] = ${text(value)}
wrk.body = ${text(body)}
`,
  );
  return ['-s', path];
}

// One request again and again; `message` is to be posted, without one it is a GET.
export async function wrk(port, { path, message, clients, seconds }) {
  const { stdout } = await run_file('wrk', [
    ...['-t1', `-c${clients}`, `-d${seconds}`, ...(message ? wrk_script(message) : [])],
    `http://127.0.0.1:${port}${path}`,
  ]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
  const [, ok] = /(\d+) requests in/.exec(stdout);
  const [, per_second] = /Requests\/sec:\s+([\d.]+)/.exec(stdout);
  return { ok: Number(ok), per_second: Number(per_second) };
}
