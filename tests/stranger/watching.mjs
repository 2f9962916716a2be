// What a real Prometheus knows, what the dashboard would show of it, and whom Alertmanager wakes.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const prometheus = 'http://127.0.0.1:9090/api/v1';

export async function ask(query) {
  const reply = await fetch(`${prometheus}/query?${new URLSearchParams({ query })}`);
  const { status, data, error } = await reply.json();
  if (status !== 'success') throw new Error(`${query}: ${error}`);
  return data.result;
}

export const firing = async () =>
  (await ask('ALERTS{alertstate="firing"}')).map(({ metric }) => metric.alertname).sort();

export class Dashboard {
  constructor(path) {
    const { panels } = JSON.parse(readFileSync(path, 'utf8'));
    this.panels = panels.filter(({ type }) => type !== 'row');
  }

  // As Grafana asks for all replicas, at its pace for scrapes 15 s apart.
  async values(title) {
    const { targets } = this.panels.find((panel) => panel.title === title);
    const answers = targets.map(({ expr }) =>
      ask(expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.+')
        .replaceAll('$job', 'payments')));
    return (await Promise.all(answers)).flat();
  }

  // Of every panel: that its queries are answered at all.
  async answers() {
    for (const { title } of this.panels) await this.values(title);
    return this.panels.length;
  }
}

// Stands where the paging service would: whom it would have woken, and when it let them sleep.
export class Pager {
  calls = []; // {status: firing or resolved, name, runbook}

  static open(port) {
    const pager = new Pager();
    pager.server = createServer((request, reply) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part) => (text += part));
      request.on('end', () => {
        for (const { status, labels, annotations } of JSON.parse(text).alerts)
          pager.calls.push({ status, name: labels.alertname, runbook: annotations.runbook });
        reply.writeHead(200).end();
      });
    });
    return new Promise((resolve) => pager.server.listen(port, '127.0.0.1', () => resolve(pager)));
  }

  heard(status, name) {
    return this.calls.find((call) => call.status === status && call.name === name);
  }

  close() {
    this.server.close();
  }
}
