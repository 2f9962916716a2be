// Calls of a service that may die under them, or not be there at all.
import { pause } from '../fixtures/harness.mjs';

const cut_off = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED']);

export class Line {
  in_flight = { start: 0, return: 0, refund: 0, run: 0, sign_in: 0 };
  cut = 0;  // calls that had begun when the service died

  constructor(world) {
    Object.assign(this, { world });
  }

  // One call; undefined when the service died under it or was not there.
  async call(kind, operation, options) {
    ++this.in_flight[kind];
    try {
      return await this.world.call(operation, options);
    } catch (error) {
      if (!cut_off.has(error.code)) throw error;
      if (error.code !== 'ECONNREFUSED') ++this.cut;
      await pause(15);
      return undefined;
    } finally {
      --this.in_flight[kind];
    }
  }

  // The same call again, until it is answered or somebody `gives_up`.
  async persist(kind, operation, options, { chance, again, gives_up }) {
    let reply = await this.call(kind, operation, options);
    for (let tries = 0; !reply && tries < 5 && !gives_up(); ++tries) {
      await pause(chance.between(20, 120));
      again();
      reply = await this.call(kind, operation, options);
    }
    return reply;
  }
}
