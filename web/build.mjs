// Builds the three sites: the demo shop (dist/shop, bundled into ozora-sandbox), the back office
// (dist/console) and the API reference (dist/reference), which are bundled into ozora-payments. Run
// through scripts/build-web.
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync, constants } from 'node:zlib';
import { build } from 'vite';
import { parse } from 'yaml';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const gzip_from_bytes = 1_400; // smaller ones fit into one packet as they are

const shared = {
  configFile: false,
  logLevel: 'warn',
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
};

const preact = { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' };
const ours = ['preact', '@fontsource-variable/bricolage-grotesque'];

async function build_shop() {
  await build({
    ...shared,
    root: join(here, 'shop'),
    esbuild: preact,
    build: {
      ...shared.build,
      outDir: join(here, 'dist/shop'),
      rollupOptions: {
        input: ['index', 'simplepay', 'challenge'].map((page) => join(here, `shop/${page}.html`)),
      },
    },
  });
  await write_licenses('shop', ours);
}

// Everything of it is under /console/, where its Content-Security-Policy holds.
async function build_console() {
  await build({
    ...shared,
    root: join(here, 'console'),
    base: '/console/',
    publicDir: false,
    esbuild: preact,
    build: { ...shared.build, outDir: join(here, 'dist/console') },
  });
  await write_licenses('console', ours);
}

async function build_reference() {
  await build({
    ...shared,
    root: join(here, 'reference'),
    build: { ...shared.build, outDir: join(here, 'dist/reference') },
  });
  // Redoc is taken as its authors bundled it. Its one outside address, the mark beside the
  // attribution line, is replaced by ours; the attribution itself stays.
  const redoc = await readFile(join(modules, 'redoc/bundles/redoc.standalone.js'), 'utf8');
  const outside = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
  if (!redoc.includes(outside)) throw new Error(`redoc no longer holds ${outside}: look again`);
  const local = redoc
    .replaceAll(outside, '/assets/mark.svg')
    .replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '');
  await writeFile(join(here, 'dist/reference/assets/redoc.js'), local);
  await write_licenses('reference', ['redoc', '@fontsource-variable/bricolage-grotesque']);
  await convert_contract();
}

// The same document as JSON, references kept: what the server shows at /openapi.json.
async function convert_contract() {
  const source = join(here, '../openapi.yaml');
  if (!existsSync(source)) return console.log('  no openapi.yaml yet: openapi.json is left out');
  const contract = parse(await readFile(source, 'utf8'));
  await writeFile(join(here, 'dist/reference/openapi.json'), JSON.stringify(contract));
}

async function write_licenses(site, packages) {
  const texts = await Promise.all(
    packages.map(async (name) => {
      const files = (await readdir(join(modules, name))).filter((file) =>
        /^licen[sc]e/i.test(file),
      );
      if (files.length === 0) throw new Error(`${name} has no license file`);
      return `${name}\n\n${await readFile(join(modules, name, files[0]), 'utf8')}`;
    }),
  );
  await writeFile(join(here, `dist/${site}/licenses.txt`), texts.join('\n\n--------\n\n'));
}

// A second, compressed copy next to each larger text file, sent to browsers that take it.
async function compress(site) {
  const root = join(here, 'dist', site);
  let total = 0;
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    total += bytes.length;
    if (bytes.length < gzip_from_bytes || !/\.(html|js|css|json|svg|txt)$/.test(path)) continue;
    await writeFile(`${path}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
  }
  console.log(`  ${site}: ${Math.round(total / 1024)} KiB`);
}

const sites = { shop: build_shop, console: build_console, reference: build_reference };
for (const [site, make] of Object.entries(sites)) {
  await rm(join(here, 'dist', site), { recursive: true, force: true });
  await make();
  await compress(site);
}
