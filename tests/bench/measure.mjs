// What the system says of a process and of the machine.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ticks_per_second = Number(execFileSync('getconf', ['CLK_TCK']));

function children_of(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

// What `read` gives for a process, undefined when it has just ended.
function of_running(pid, read) {
  try {
    return read(pid);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

// The fields of /proc/PID/stat from the third (state) on.
const stat_of = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
};

// User and system time of a process and its children so far, in microseconds; children that have
// ended count in what their parent has waited for.
export function cpu_us(pid) {
  const [, , , , , , , , , , , user, system, ended_user, ended_system] = stat_of(pid);
  const running = children_of(pid).map((child) => of_running(child, stat_of) ?? []);
  const ticks = running.reduce(
    (sum, stat) => sum + (stat[11] ?? 0) + (stat[12] ?? 0),
    user + system + ended_user + ended_system,
  );
  return (ticks / ticks_per_second) * 1e6;
}

const status_kib = (pid, field) =>
  Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

// Resident memory of a process and its children, in MiB.
export function resident_mib(pid) {
  const kib = [pid, ...children_of(pid)].map(
    (one) => of_running(one, (running) => status_kib(running, 'VmRSS')) ?? 0,
  );
  return kib.reduce((sum, k) => sum + k, 0) / 1024;
}

// Calls `look` every so often while `work` runs, and once after; gives both results.
export async function watched(work, look, every_ms = 100) {
  const seen = [];
  const timer = setInterval(() => seen.push(look()), every_ms);
  try {
    const result = await work();
    seen.push(look());
    return { result, seen };
  } finally {
    clearInterval(timer);
  }
}

export const load_average = () => Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function spread(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}
