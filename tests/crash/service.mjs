// What a campaign kills and starts again: the one service of a platform.
import { pause, payments_program, Program, start_payments } from '../fixtures/harness.mjs';

export class OneService {
  constructor({ platform }) {
    Object.assign(this, { platform });
  }

  // Gives how it ended.
  kill() {
    return this.platform.payments.program.stop('SIGKILL');
  }

  async die_while_starting(after_ms) {
    const env = { ...process.env, ...this.platform.settings };
    const program = new Program(payments_program, ['serve'], { env });
    await pause(after_ms);
    await program.stop('SIGKILL');
  }

  // Until it is ready; `more` are settings of this life only.
  async start(more = {}) {
    const { settings, url } = this.platform;
    this.platform.payments = await start_payments({ settings: { ...settings, ...more }, url });
  }

  kill_all() {
    return this.kill();
  }

  start_all(more) {
    return this.start(more);
  }

  // Gives how each ended.
  async stop_all() {
    return [await this.platform.payments.program.stop('SIGTERM')];
  }
}
