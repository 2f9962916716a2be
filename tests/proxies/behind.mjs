// The real service, or the stub in its place, behind a proxy.
import { eventually } from '../fixtures/harness.mjs';
import { client, send } from '../api/client.mjs';
import { operations } from '../api/contract.mjs';
import { open_world } from '../api/world.mjs';
import { free_ports, start_proxy } from './servers.mjs';
import { start_stub } from './stub.mjs';

// A world whose visitors and providers come through `proxy`.
export async function open_world_behind(proxy, settings = {}) {
  const ports = await free_ports();
  const front = await start_proxy(proxy, ports);
  let world;
  const close = async () => {
    await front.stop();
    await world?.close();
  };
  try {
    world = await open_world({
      listen: `127.0.0.1:${ports.service_port}`,
      public_url: front.url,
      settings: { PAYMENTS_TRUSTED_PROXIES: '127.0.0.1', ...settings },
    });
    // One that looks after its replicas has found this one missing, and is to find it again.
    const arrives = async () => (await send(`${front.url}/healthz`)).status === 200;
    await eventually(arrives, { what: `${proxy.program} to find the service` });
  } catch (error) {
    await close();
    throw error;
  }
  const { url } = front;
  return { ...world, url, call: client(url), close };
}

// What `act` gives for a stub and the proxy before it.
export async function with_stub(proxy, act) {
  const ports = await free_ports();
  const stub = await start_stub(ports.service_port, operations.listTicketIds.path);
  try {
    const front = await start_proxy(proxy, ports);
    try {
      return await act(stub, front);
    } finally {
      await front.stop();
    }
  } finally {
    await stub.close();
  }
}
