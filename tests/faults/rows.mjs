// The rows of docs/faults.md. Each is a test; what the table says of it is what was seen. The last
// tests of a file hold its part of the page to that (SAVE_FAULTS=1 writes it instead) and the
// platform to what must be true whatever went wrong.
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pause, root } from '../fixtures/harness.mjs';
import { slug } from '../api/client.mjs';

const page = join(root, 'docs/faults.md');
const head =
  '| what goes wrong | the caller hears | status | how it resolves |\n|---|---|---|---|\n';

const words_of = (reply) =>
  typeof reply === 'string' ? reply : `${reply.status} ${slug(reply) ?? ''}`.trim();

// `sections` are the headings of this file's tables, in the page's order; `world` gives the World.
export class Rows {
  #rows = [];

  constructor(world, sections) {
    Object.assign(this, { world, sections });
  }

  // A test named `sentence`, and its row: `wrong` in the first column, the rest told by the test:
  //   heard(reply or text), status(text, ...), resolves(text)
  row(section, wrong, sentence, story) {
    assert.ok(this.sections.includes(section), section);
    const seen = { section, wrong, heard: [], status: [], resolves: '' };
    this.#rows.push(seen);
    const tell = {
      heard: (reply) => seen.heard.push(words_of(reply)),
      status: (...statuses) => seen.status.push(...statuses),
      resolves: (text) => (seen.resolves = text),
    };
    test(sentence, async () => {
      await story(this.world(), tell);
      seen.done = true;
    });
  }

  #table(section) {
    const cells = ({ wrong, heard, status, resolves }) =>
      `| ${[wrong, heard.join(', ') || '-', status.join(' → '), resolves].join(' | ')} |\n`;
    const rows = this.#rows.filter((row) => row.section === section);
    return `## ${section}\n\n${head}${rows.map(cells).join('')}`;
  }

  // To be called last.
  close() {
    const world = () => this.world();
    test('no ticket was captured twice, or could be paid twice', async () => {
      for (const [ticket, { captured, payable }] of await world().held()) {
        if (world().paid_twice.has(ticket)) continue;  // a row did that, and said what came of it
        const both = [...captured, ...payable].join(', ');
        assert.ok(captured.length + payable.length <= 1, `ticket ${ticket} has TR ${both}`);
      }
    });

    test('the books read again without a difference', async () => {
      const { code, output } = await world().verify_ledger();
      assert.match(output, /, [1-9]\d* facts, .*: 0 differences/);
      assert.equal(code, 0, output);
    });

    test(`docs/faults.md says of ${this.sections.join(', ')} what was seen`, async () => {
      const missing = this.#rows.filter(({ done }) => !done).map(({ wrong }) => wrong);
      assert.deepEqual(missing, [], 'these rows failed');
      const tables = this.sections.map((section) => this.#table(section));
      if (process.env.SAVE_FAULTS === '1') await save(this.sections, tables);
      const written = read_sections();
      this.sections.forEach((section, i) => assert.equal(written.get(section), tables[i]));
    });
  }
}

// Heading to text; what stands before the first heading is under ''.
function read_sections() {
  const [before, ...parts] = readFileSync(page, 'utf8').split(/^(?=## )/m);
  const named = parts.map((part) => [part.slice(3, part.indexOf('\n')), `${part.trimEnd()}\n`]);
  return new Map([['', before], ...named]);
}

// Files run side by side and write the same page: one at a time.
async function save(sections, tables) {
  const lock = `${page}.lock`;
  let held;
  while (held === undefined) {
    try {
      held = openSync(lock, 'wx');
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      await pause(20);
    }
  }
  try {
    const all = read_sections();
    sections.forEach((section, i) => all.set(section, tables[i]));
    const { '': before, ...rest } = Object.fromEntries(all);
    const order = [...before.matchAll(/^- (.*)$/gm)].map(([, name]) => name);
    const unknown = Object.keys(rest).filter((name) => !order.includes(name));
    assert.deepEqual(unknown, [], 'the page does not list these sections');
    const listed = order.filter((name) => rest[name]).map((name) => rest[name]);
    writeFileSync(page, `${before.trimEnd()}\n\n${listed.join('\n')}`);
  } finally {
    closeSync(held);
    unlinkSync(lock);
  }
}
