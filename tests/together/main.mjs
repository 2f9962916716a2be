// Runs files of tests in one process; each has its own `before` and `after`:
//   scripts/node tests/together/main.mjs tests/browser/*.test.mjs
//   scripts/node tests/together/main.mjs --at-once=3 tests/api/*.test.mjs
// To start Node and to read Playwright and the contract takes longer than many a file. Without
// --at-once one file runs after the other.
import { resolve } from 'node:path';
import { describe } from 'node:test';
import './at_the_end.mjs';

const [first, ...rest] = process.argv.slice(2);
const at_once = first.match(/^--at-once=(\d+)$/)?.[1];
const files = at_once ? rest : [first, ...rest];

// What a file promises belongs to the suite in which it is read, if only that is being read.
const suite_of = (file) =>
  new Promise((read, fail) => {
    describe(file, { concurrency: 1 }, () => import(resolve(file)).then(read, fail));
  });

async function read_all() {
  for (const file of files) await suite_of(file);
}

if (at_once) describe('side by side', { concurrency: Number(at_once) }, read_all);
else await read_all();
