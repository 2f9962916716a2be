// Keeps the contract as it is now, for later versions to be held against: see scripts/release.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/platform.mjs';
import { read_program } from './program.mjs';

const released = join(root, 'tests/contract/released');
mkdirSync(released, { recursive: true });
copyFileSync(join(root, 'openapi.yaml'), join(released, 'openapi.yaml'));
writeFileSync(join(released, 'program.json'), `${JSON.stringify(read_program(), null, 1)}\n`);
