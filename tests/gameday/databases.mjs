// The databases of the worst day, one after the other at work: a primary with a synchronous
// standby, which takes over, its disk a small one; and what is restored from its archive.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../fixtures/harness.mjs';
import { Postgres } from '../fixtures/postgres.mjs';
import { open_small_disk } from '../replicas/small_disk.mjs';

const name = 'payments';
const disk_mib = 640;

export class Databases {
  static async open() {
    const path = join(root, 'deploy/postgresql-synchronous.conf');
    const databases = new Databases();
    try {
      const configuration = await readFile(path, 'utf8');
      databases.disk = await open_small_disk({ size_mib: disk_mib });
      databases.primary = await Postgres.start({ configuration });
      await databases.primary.create_database(name);
      databases.standby = await databases.primary.make_synchronous_standby({
        data: databases.disk?.data, settings: databases.disk?.settings,
      });
    } catch (error) {
      await databases.close();
      throw error;
    }
    return databases;
  }

  // Of both, for the service, which finds the one that writes.
  get url() {
    const hosts = [this.primary, this.standby].map(({ port }) => `127.0.0.1:${port}`).join();
    const which = 'target_session_attrs=read-write&connect_timeout=2';
    return `postgresql://${name}@${hosts}/${name}?${which}`;
  }

  lose_primary() {
    return this.primary.kill();
  }

  // From then on every commit is in an archive, too.
  async take_over() {
    await this.standby.promote();
  }

  async begin_archive() {
    this.archive = await this.standby.archive();
  }

  // Gives what frees it again; undefined where no disk could be mounted.
  fill_disk() {
    return this.disk?.fill();
  }

  // As systemd does, when the full disk has ended it.
  async run_again() {
    if (this.standby.program.end) await this.standby.run();
  }

  lose_everything() {
    return this.standby.kill();
  }

  async restore() {
    this.restored = await this.archive.restore();
  }

  // Who answers for the books now.
  get at_work() {
    return this.restored ?? this.standby;
  }

  async close() {
    await this.restored?.close();
    await this.archive?.stop();
    await this.standby?.close();
    await this.primary?.close();
    await this.disk?.close();
  }
}
