// What the system says of a process and of the machine.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ticks_per_second = Number(execFileSync('getconf', ['CLK_TCK']));

function children_of(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

// User and system time of a process and its children so far, in microseconds.
export function cpu_us(pid) {
  const ticks = [pid, ...children_of(pid)].map((one) => {
    const stat = readFileSync(`/proc/${one}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return (ticks.reduce((sum, t) => sum + t, 0) / ticks_per_second) * 1e6;
}

// Resident memory of a process and its children, in MiB.
export function resident_mib(pid) {
  const kib = [pid, ...children_of(pid)].map((one) =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${one}/status`, 'utf8'))[1]),
  );
  return kib.reduce((sum, k) => sum + k, 0) / 1024;
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
