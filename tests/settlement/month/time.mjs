// One clock for the service, its commands and the sandbox, which a test moves on by days.
import { writeFile } from 'node:fs/promises';
import { pause } from '../../fixtures/harness.mjs';

const day_ms = 86_400_000;

// Programs that are started from now on live at `start` (a Date). Their timers run as ever.
export async function open_days(file, start) {
  let offset_s = Math.round((start - Date.now()) / 1000);
  const write = () => writeFile(file, `${offset_s > 0 ? '+' : ''}${offset_s}`);
  await write();
  Object.assign(process.env, {
    LD_PRELOAD: '/usr/$LIB/faketime/libfaketimeMT.so.1',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  return {
    // The sandbox has a clock of its own, which does what was due in between.
    async next(advance_sandbox) {
      offset_s += day_ms / 1000;
      await write();
      await advance_sandbox(day_ms / 1000);
      await pause(50);
    },
    now: () => new Date(Date.now() + offset_s * 1000),
  };
}
