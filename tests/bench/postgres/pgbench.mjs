// PostgreSQL's own benchmark with a script of ours.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { pause, root } from '../../../scripts/platform.mjs';
import { cpu_us } from '../measure.mjs';
import { binaries } from './server.mjs';

// Throws when a statement failed. It tells its rate every second, so that the first ones can be
// left out; the CPU time is that of the whole server. `options` are of the session.
export async function pgbench(postgres, database, script, given) {
  const { variables, clients, seconds, warm_up_s, options = '' } = given;
  const args = [
    ...['-n', '-M', 'prepared', '-c', clients, '-j', Math.min(clients, 2)],
    ...['-f', join(root, `tests/bench/postgres/${script}.pgbench.sql`)],
    ...['-P', 1, '-T', warm_up_s + seconds],
    ...Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
    postgres.uri(database),
  ];
  const env = { ...process.env, PGOPTIONS: options };
  const running = promisify(execFile)(join(binaries, 'pgbench'), args.map(String), { env });
  const warm_cpu_us = pause(warm_up_s * 1000).then(() => cpu_us(postgres.pid));
  const { stdout, stderr } = await running;
  const used_us = cpu_us(postgres.pid) - (await warm_cpu_us);
  if (!/number of failed transactions: 0 /.test(stdout)) throw new Error(stdout + stderr);

  const told = [...stderr.matchAll(/progress: ([\d.]+) s, ([\d.]+) tps, lat ([\d.]+) ms/g)];
  const late = told.map((line) => line.map(Number)).filter(([, at_s]) => at_s > warm_up_s + 0.5);
  if (late.length === 0) throw new Error(`pgbench told no rate:\n${stderr}`);
  const mean = (place) => late.reduce((sum, line) => sum + line[place], 0) / late.length;
  const per_second = mean(2);
  return {
    ok: Number(/number of transactions actually processed: (\d+)/.exec(stdout)[1]),
    per_second,
    mean_ms: mean(3),
    database_cpu_us: used_us / (per_second * seconds),
  };
}
