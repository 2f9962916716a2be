// Runs files of tests in one process, one after the other; each has its own `before` and `after`:
//   scripts/node tests/together/main.mjs tests/browser/*.test.mjs
// To start Node and to read Playwright and the contract takes longer than many a file.
import { resolve } from 'node:path';
import { describe } from 'node:test';
import './at_the_end.mjs';

// What a file promises belongs to the suite in which it is read, if only that is being read.
const suite_of = (file) =>
  new Promise((read, fail) => {
    describe(file, () => import(resolve(file)).then(read, fail));
  });

for (const file of process.argv.slice(2)) await suite_of(file);
