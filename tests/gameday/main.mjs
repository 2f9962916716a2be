// The worst day: tests/gameday/run [--visitors 30000] [--minutes 10] [--seed S] [--to DIRECTORY].
// Prints what happens as it happens, writes report.md with its pictures, and exits 1 when something
// was lost.
import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../fixtures/harness.mjs';
import { Day } from './day.mjs';
import { write_report } from './report.mjs';

const { values } = parseArgs({
  options: {
    visitors: { type: 'string', default: '30000' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    to: { type: 'string', default: join(root, 'build/gameday') },
  },
});
const number = (name) => {
  const value = Number(values[name]);
  if (!(value > 0)) throw new Error(`--${name} is a number above 0`);
  return value;
};
const options = {
  visitors: number('visitors'), minutes: number('minutes'), seed: number('seed'), to: values.to,
};

await mkdir(options.to, { recursive: true });
const day = new Day({ ...options, tell: (line) => console.log(line) });
try {
  await day.run();
  const report = await write_report(day, options.to);
  console.log(`the report is ${report}`);
  for (const what of day.broken) console.log(`FAILED ${what}`);
  process.exitCode = day.broken.length === 0 ? 0 : 1;
} finally {
  await day.close();
}
