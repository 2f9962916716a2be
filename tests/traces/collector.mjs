// A collector of traces: Genkit's telemetry server, which takes OTLP over HTTP as JSON, keeps what
// it was sent in files, and checks its form.
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { free_port } from '../fixtures/harness.mjs';

const { LocalFileLogStore, LocalFileTraceStore, startTelemetryServer, stopTelemetryApi } =
  createRequire(import.meta.url)('@genkit-ai/telemetry-server');

export async function open_collector() {
  const directory = await mkdtemp(join(tmpdir(), 'ozora-traces-'));
  const port = await free_port();
  const roots = { storeRoot: directory, indexRoot: directory };
  await startTelemetryServer({
    port,
    traceStore: new LocalFileTraceStore(roots),
    logStore: new LocalFileLogStore(roots),
  });
  const api = `http://127.0.0.1:${port}/api`;
  const json = async (path) => {
    const reply = await fetch(`${api}${path}`);
    return reply.ok ? reply.json().catch(() => undefined) : undefined;
  };
  return {
    url: `${api}/otlp`,
    // Its spans, the first to begin before the others; nothing when there is no such trace.
    trace: async (id) => {
      const trace = await json(`/traces/${id}`);
      return trace && Object.values(trace.spans).sort((a, b) => a.startTime - b.startTime);
    },
    // Its list has the first span of each alone.
    traces: async () => {
      const { traces } = await json('/traces?limit=1000');
      const all = await Promise.all(traces.map(({ traceId }) => json(`/traces/${traceId}`)));
      return all.map(({ spans }) => Object.values(spans));
    },
    close: async () => {
      await stopTelemetryApi();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
