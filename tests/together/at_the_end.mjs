// What files of tests of one process share is ended when the last of them is done. Must first be
// imported outside of any suite.
import { after } from 'node:test';

const endings = [];
after(async () => {
  for (const end of endings.reverse()) await end();
});

export const at_the_end = (end) => void endings.push(end);
