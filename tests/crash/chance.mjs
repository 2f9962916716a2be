// Chance that can be repeated: the same seed makes the same choices. When they meet the running
// programs is the machine's doing and differs from run to run.
export class Chance {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  // From 0 to below 1 (mulberry32).
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  between(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  happens(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[this.between(0, list.length - 1)];
  }

  // A stream of its own, which another's choices do not disturb.
  split() {
    return new Chance(this.between(0, 2 ** 31));
  }
}
