// A long campaign: tests/crash/run [--rounds N] [--seed S] [--visitors N]. Prints a line for each
// round and the figures; exits 1 when a promise was broken.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Campaign } from './campaign.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    visitors: { type: 'string', default: '8' },
  },
});
const options = {};
for (const [name, text] of Object.entries(values)) {
  options[name] = Number(text);
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is a whole number`);
}

const campaign = await Campaign.open({ ...options, tell: (line) => console.log(line) });
try {
  await campaign.run();
  for (const { promise, what, round } of campaign.findings) {
    console.log(`FAILED ${promise}, round ${round}: ${what}`);
  }
  console.log(JSON.stringify(await campaign.summary(), null, 2));
  process.exitCode = campaign.findings.length === 0 ? 0 : 1;
} finally {
  await campaign.close();
}
