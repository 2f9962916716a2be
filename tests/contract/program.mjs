// What scripts, dashboards and configurations rely on of the program, and what they would miss.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { payments_program, root } from '../../scripts/platform.mjs';

const run = (...args) =>
  execFileSync(payments_program, args, { encoding: 'utf8', env: { PATH: process.env.PATH } });

// name → {secret}: a secret may also be in a file, which a variable of its own names.
export function settings_in(table) {
  const rows = [...table.matchAll(/^\| `(PAYMENTS_\w+)`(?: \((.*?)\))? \|/gm)];
  return Object.fromEntries(rows.map(([, name, mark]) => [name, { secret: mark === 'secret' }]));
}

// The options and subcommands that a command tells of, each with whether it must be given.
export function usage_in(help) {
  const [, listed = ''] = /^Subcommands:\n([^]*?)\n\n/m.exec(`${help}\n\n`) ?? [];
  const subcommands = [...listed.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
  const [, named = ''] = /^Positionals:\n([^]*?)\n\n/m.exec(help) ?? [];
  const options = [
    ...[...named.matchAll(/^ {2}(\S+)(.*)$/gm)],
    ...[...help.matchAll(/^ {2,4}(?:-\w,)?(--[\w-]+)(.*)$/gm)],
  ].map(([, name, more]) => [name, { required: /\bREQUIRED\b/.test(more) }]);
  return { subcommands, options: Object.fromEntries(options) };
}

// "settlement import" → its options, for every command.
function commands(...path) {
  const { subcommands, options } = usage_in(run(...path, '--help'));
  const below = subcommands.map((name) => commands(...path, name));
  return Object.assign({ [path.join(' ')]: options }, ...below);
}

// The table of the handbook, which tests/alarms compares with what a real service shows.
export function metrics_in(handbook) {
  const [table] = /^\| metric \| labels .*\n[^]*?\n\n/m.exec(handbook);
  const rows = [...table.matchAll(/^\| (`.*?) \| (.*?) \|/gm)];
  const words = (text) => [...text.matchAll(/`(\w+)`/g)].map(([, word]) => word);
  return Object.fromEntries(rows.flatMap(([, names, labels]) =>
    words(names).map((name) => [name, words(labels)])));
}

export function exit_codes_in(header) {
  const rows = [...header.matchAll(/^inline constexpr int (\w+) = (\d+);/gm)];
  return Object.fromEntries(rows.map(([, name, code]) => [name, Number(code)]));
}

// Who issues tokens writes them.
export function privileges_in(source) {
  return [...new Set(source.match(/(?<=\bhas\(privileges, ")\w+/g))].sort();
}

const file = (path) => readFileSync(join(root, path), 'utf8');

export const read_program = () => ({
  settings: settings_in(run('settings', '--markdown')),
  commands: commands(),
  metrics: metrics_in(file('docs/operations.md')),
  privileges: privileges_in(file('src/payment/privileges.cpp')),
  exit_codes: exit_codes_in(file('src/commands/exit_code.hpp')),
});

const gone = (before, now, what) =>
  Object.keys(before).filter((name) => !(name in now)).map((name) => `${what} ${name} is gone`);

const kept = (before, now, compare) =>
  Object.keys(before)
    .filter((name) => name in now)
    .flatMap((name) => compare(before[name], now[name], name));

// Sentences, as those of api.mjs.
export const breaking_changes = (released, present) => [
  ...gone(released.settings, present.settings, 'the setting'),
  ...kept(released.settings, present.settings, (was, is, name) =>
    was.secret && !is.secret ? [`the setting ${name}_FILE is gone`] : []),
  ...gone(released.commands, present.commands, 'the command'),
  ...kept(released.commands, present.commands, (was, is, command) => [
    ...gone(was, is, `${command}:`),
    ...Object.entries(is)
      .filter(([name, { required }]) => required && !was[name]?.required)
      .map(([name]) => `${command}: ${name} is required`),
  ]),
  ...gone(released.metrics, present.metrics, 'the metric'),
  ...kept(released.metrics, present.metrics, (was, is, name) =>
    was.filter((label) => !is.includes(label)).map((label) => `${name}: ${label} is gone`)),
  ...released.privileges
    .filter((name) => !present.privileges.includes(name))
    .map((name) => `the privilege ${name} is gone`),
  ...gone(released.exit_codes, present.exit_codes, 'the exit code'),
  ...kept(released.exit_codes, present.exit_codes, (was, is, name) =>
    was === is ? [] : [`the exit code ${name} is ${is}, not ${was}`]),
];
