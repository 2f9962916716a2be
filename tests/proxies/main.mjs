// Drives the service through one proxy after the other and prints which passed what.
//   main.mjs [haproxy] [apache] ... [advice]    all of that when nothing is named
// `advice` is what happens without our advice.
import { run } from 'node:test';
import { join } from 'node:path';
import { root } from '../fixtures/harness.mjs';
import { proxies, titles, version_of } from './servers.mjs';

// The suites and cases of a file, as they end: {passed, failed} are lists of names.
async function outcome_of(file, environment) {
  Object.assign(process.env, environment);
  const outcome = { passed: [], failed: [] };
  const suites = [];
  const name_of = ({ name, nesting }) =>
    [...suites.slice(Math.min(1, nesting - 1), nesting), name].join(' ');
  const ended = (is_good) => (event) => {
    const { type, error } = event.details;
    if (type === 'suite' || event.name === event.file) return;
    outcome[is_good ? 'passed' : 'failed'].push({ name: name_of(event), error });
  };
  const stream = run({ files: [join(root, 'tests/proxies', file)] });
  stream.on('test:start', ({ name, nesting }) => (suites[nesting] = name));
  stream.on('test:pass', ended(true));
  stream.on('test:fail', ended(false));
  for await (const _ of stream);
  return outcome;
}

function print(heading, { passed, failed }, own_ways = {}) {
  const total = passed.length + failed.length;
  console.log(`${failed.length ? 'FAILED ' : 'ok     '} ${heading}: ${passed.length} of ${total}`);
  const words = new Map(Object.entries(own_ways).map(([key, way]) => [titles[key], way.words]));
  for (const { name } of passed) {
    const way = [...words].find(([title]) => name.endsWith(title))?.[1];
    console.log(way ? `    own way ${name}: ${way}` : `    passed  ${name}`);
  }
  for (const { name, error } of failed) {
    console.log(`    FAILED  ${name}\n${error?.cause?.stack ?? error?.stack ?? ''}`);
  }
}

const all = [...Object.keys(proxies), 'advice'];
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`nothing is named ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(2);
}
let [passed, failed] = [0, 0];
for (const name of named.length > 0 ? named : all) {
  const proxy = proxies[name];
  const outcome = await outcome_of(proxy ? 'one.mjs' : `${name}.mjs`, { PROXY: name });
  print(proxy ? `${name} ${await version_of(proxy)}` : name, outcome, proxy?.own_ways);
  passed += outcome.passed.length;
  failed += outcome.failed.length;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
