// What a scrape of /metrics costs those who call meanwhile, when there is very much that a person
// may have to look at.
import { start_service } from '../peers.mjs';
import { fresh_copy } from '../postgres/databases.mjs';
import { send, warm_up_s, while_running } from '../work.mjs';

const watched = 10_000;
const rate = 500; // calls of /healthz a second
const every_ms = 1000;

// Scrapes while `work` runs.
async function scraping(port, work) {
  let goes_on = true;
  const scrape = async () => {
    while (goes_on) {
      const began = performance.now();
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const [, counted] = /^payments_reviews{kind="unknown"} (\d+)/m.exec(text);
      if (Number(counted) !== watched) throw new Error(`${counted} are counted, not ${watched}`);
      const rest_ms = began + every_ms - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest_ms)));
    }
  };
  const scraper = scrape();
  const figures = await work().finally(() => (goes_on = false));
  await scraper;
  return figures;
}

export function scraped(context) {
  const { seconds, postgres } = context;
  const load = { count: 1000, seconds, clients: 16, rate };
  const through = async (measure) => {
    const database = await fresh_copy(postgres);
    await postgres.run('round', [
      `UPDATE transactions SET watched = true, concerns = 'unknown@0' WHERE id <= ${watched}`,
      'CHECKPOINT',
    ]);
    return while_running(await start_service({ ...context, database }), measure, {
      others: { database: postgres.pid },
      warm: (port) => send('health', port, { ...load, seconds: warm_up_s }),
    });
  };
  const health = (port) => send('health', port, load);
  return {
    scraped: {
      title: '`GET /healthz`, 500 a second, 10 000 attempts on the review list',
      cases: {
        '': {
          'ozora-payments': () => through(health),
          'ozora-payments, scraped every second': () =>
            through((port) => scraping(port, () => health(port))),
        },
      },
    },
  };
}
