// Makes dist of src: modules for `import`, and the same for `require`.
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const compile = (...options) =>
  execFileSync(
    process.execPath,
    [here('node_modules/typescript-7/bin/tsc'), '-p', here('.'), ...options],
    { stdio: 'inherit' },
  );

await rm(here('dist'), { recursive: true, force: true });
compile();
// What is wrong was found by the first.
compile('--outDir', here('dist/cjs'), '--module', 'commonjs', '--moduleResolution', 'bundler',
  '--noCheck');
await writeFile(here('dist/cjs/package.json'), '{"type":"commonjs"}\n');
