// What a campaign kills and starts again: one replica after the other. Who was killed stays dead
// until the next one has been, so that the others must take over what it had begun.
import { pause } from '../fixtures/harness.mjs';

export class MortalReplicas {
  #dead = [];  // the longest first

  constructor({ platform }) {
    Object.assign(this, { platform });
  }

  kill(chance) {
    const victim = chance.pick(this.platform.replicas.filter(({ lives }) => lives));
    this.#dead.push(victim);
    return victim.kill();
  }

  async die_while_starting(after_ms) {
    const [replica] = this.#dead;
    replica.launch();
    await pause(after_ms);
    await replica.kill();
  }

  async start() {
    if (this.#dead.length > 1) await this.#dead.shift().start();
  }

  async kill_all() {
    await this.platform.each((replica) => replica.kill());
    this.#dead = [];
  }

  start_all(more) {
    return this.platform.start(more);
  }

  stop_all() {
    return this.platform.each((replica) => replica.stop());
  }
}
