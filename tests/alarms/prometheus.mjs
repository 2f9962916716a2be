// A real Prometheus with what deploy/prometheus says but for addresses and pace: it looks every
// half second, so that a rate can be told after two.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, free_port, Program, root } from '../../scripts/platform.mjs';

// What is replaced must be there.
function with_another(text, pattern, replacement) {
  if (!pattern.test(text)) throw new Error(`the configuration has nothing like ${pattern}`);
  return text.replace(pattern, replacement);
}

// Every duration of the rules times `pace`: a day that is played in a tenth of its time is watched
// in a tenth of its time.
const at_pace = (rules, pace) =>
  rules.replace(/(for: |\[)(\d+)([mh])/g, (_, before, count, unit) => {
    const seconds = Number(count) * (unit === 'h' ? 3600 : 60) * pace;
    return `${before}${Math.ceil(seconds)}s`;
  });

// `targets` are addresses of services, as 127.0.0.1:8080. Gives
//   api(path, parameters)   what Prometheus answers, its member `data`
//   stop()
export async function start_prometheus(targets, { pace = 1 } = {}) {
  const place = await mkdtemp(join(tmpdir(), 'ozora-prometheus-'));
  const port = await free_port();
  let text = await readFile(join(root, 'deploy/prometheus/prometheus.yml'), 'utf8');
  text = with_another(text, /_interval: 15s/g, '_interval: 500ms');
  text = with_another(text, /\[127\.0\.0\.1:8080\]/, `[${targets.join(', ')}]`);
  text = with_another(text, /^alerting:[^]*/m, '');
  await writeFile(join(place, 'prometheus.yml'), text);
  const rules = await readFile(join(root, 'deploy/prometheus/rules.yml'), 'utf8');
  await writeFile(join(place, 'rules.yml'), pace === 1 ? rules : at_pace(rules, pace));
  const program = new Program('/usr/bin/prometheus', [
    `--config.file=${join(place, 'prometheus.yml')}`, `--storage.tsdb.path=${join(place, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`, '--log.level=warn',
  ]);
  const api = async (path, parameters = {}) => {
    const query = new URLSearchParams(parameters);
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1/${path}?${query}`);
    const { status, data, error } = await reply.json();
    if (status !== 'success') throw new Error(`${path}?${query}: ${error}`);
    return data;
  };
  const stop = async () => {
    await program.stop();
    await rm(place, { recursive: true, force: true });
  };
  try {
    await eventually(
      async () => {
        program.fail_if_ended('starting');
        const reply = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
        return reply?.status === 200;
      },
      { what: 'Prometheus to be ready' },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { api, stop };
}
