// A disk that can be filled: a file system in memory of so many bytes, which only root may mount.
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pause } from '../fixtures/harness.mjs';
import { server_user } from '../fixtures/postgres.mjs';

const run_file = promisify(execFile);
const piece = Buffer.alloc(64 * 1024, 1);
const least_piece = 512;

// Gives undefined where nothing may be mounted; otherwise
//   place     where it is
//   data      where a server may keep its data
//   settings  that let the server's own files fit
//   fill      takes all that is left, also what the server gives back meanwhile (it removes old
//             segments of its log); gives a function that frees it again
export async function open_small_disk({ size_mib = 160 } = {}) {
  const place = await mkdtemp(join(tmpdir(), 'ozora-small-disk-'));
  const { uid, gid } = server_user();
  const options = `size=${size_mib}m,mode=700${uid === undefined ? '' : `,uid=${uid},gid=${gid}`}`;
  try {
    await run_file('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]);
  } catch {
    await rm(place, { recursive: true });
    return undefined;
  }
  const close = async () => {
    await run_file('umount', [place]);
    await rm(place, { recursive: true });
  };
  const settings = { min_wal_size: '32MB', max_wal_size: '48MB' };
  const filling = () => fill(join(place, 'filling'));
  return { place, data: join(place, 'data'), settings, fill: filling, close };
}

async function fill(path) {
  const file = await open(path, 'w');
  let full = true;
  await take_all(file);
  const staying_full = (async () => {
    while (full) {
      await pause(5);
      await take_all(file);
    }
  })();
  return async () => {
    full = false;
    await staying_full;
    await file.close();
    await rm(path);
  };
}

async function take_all(file) {
  for (let bytes = piece.length; bytes >= least_piece;) {
    try {
      await file.write(piece, 0, bytes);
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
      bytes /= 2;
    }
  }
}
