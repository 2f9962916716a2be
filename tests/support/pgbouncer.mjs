// A real PgBouncer in transaction mode before a PostgreSQL server, as deploy/pgbouncer.ini says but
// for the addresses; the secret of the user is the one that the server keeps.
import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, free_port, Program, root } from '../../scripts/platform.mjs';
import { execute, server_directory, server_user } from './postgres.mjs';

// The file's settings, `ours` instead of those of the same name.
function with_settings(text, ours) {
  const left = new Map(Object.entries(ours));
  const lines = text.split('\n').map((line) => {
    const [, name] = /^([a-z_]+) *=/.exec(line) ?? [];
    if (!left.has(name)) return line;
    const value = left.get(name);
    left.delete(name);
    return value === undefined ? '' : `${name} = ${value}`;
  });
  const more = [...left].filter(([, value]) => value !== undefined);
  return [...lines, ...more.map(([name, value]) => `${name} = ${value}`)].join('\n');
}

// Gives url(database), and stop. `settings` win over those of the file.
export async function start_pgbouncer(server, { user, password, settings = {} }) {
  const place = await server_directory('pgbouncer');
  const as_user = server_user();
  const write = async (name, text) => {
    await writeFile(join(place, name), text, { mode: 0o600 });
    if (as_user.uid !== undefined) await chown(join(place, name), as_user.uid, as_user.gid);
    return join(place, name);
  };
  const secrets = await server.rows(`SELECT rolpassword AS secret FROM pg_authid
    WHERE rolname = '${user}'`);
  const port = await free_port();
  const deployed = await readFile(join(root, 'deploy/pgbouncer.ini'), 'utf8');
  const to_server = `* = host=127.0.0.1 port=${server.port}`;
  const ini = with_settings(deployed.replace(/^payments = .*$/m, to_server), {
    listen_addr: '127.0.0.1',
    listen_port: port,
    auth_file: await write('users', `"${user}" "${secrets[0].secret}"\n`),
    server_tls_sslmode: server.tls ? 'verify-full' : 'disable',
    server_tls_ca_file: server.tls && (await write('ca.pem', await readFile(server.tls.ca))),
    unix_socket_dir: '',
    logfile: undefined,
    pidfile: undefined,
    ...settings,
  });
  const path = await write('pgbouncer.ini', ini);
  const program = new Program('/usr/sbin/pgbouncer', [path], { ...as_user, cwd: place });
  const url = (database) => `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
  const stop = async () => {
    await program.stop('SIGTERM');
    await rm(place, { recursive: true, force: true });
  };
  try {
    await eventually(
      async () => {
        program.fail_if_ended('starting');
        return execute(url('postgres'), 'SELECT').then(() => true, () => false);
      },
      { what: 'PgBouncer to answer' },
    );
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${program.output}`);
  }
  return { program, port, url, stop };
}
