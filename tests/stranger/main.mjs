// The story, on the machine that tests/stranger/arrive has booted. What is typed is taken from the
// installed copy of docs/operations.md.
import { Document } from './document.mjs';
import { go_live } from './going_live.mjs';
import { clock, Failure, tell } from './machine.mjs';
import { lose_and_restore, make_backup } from './restoring.mjs';
import { Shop } from './shop.mjs';
import { erase_visitor, is_well, upgrade } from './keeping.mjs';
import { begin_watching, live_through_a_full_disk } from './waking.mjs';

const documents = '/usr/share/doc/ozora-payments';

const world = {
  documents,
  document: new Document(`${documents}/docs/operations.md`),
  shop: new Shop(),
  closing: [],
};

try {
  await go_live(world);
  await begin_watching(world);
  await live_through_a_full_disk(world);
  await make_backup(world);
  await lose_and_restore(world);
  await erase_visitor(world);
  await upgrade(world);
  await is_well(world);
  tell(`the end, after ${clock()} minutes: everything is green`);
} catch (error) {
  console.error(error instanceof Failure ? `FAILED: ${error.message}` : error);
  process.exitCode = 1;
} finally {
  for (const close of world.closing) await close();
}
// Whatever is left of the browser does not keep anybody waiting.
process.exit();
