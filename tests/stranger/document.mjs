// What a document tells its reader to type: its fenced and indented blocks, found by the heading of
// their section and by some of their words, and changed only where the reader must fill something
// in.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export class Document {
  constructor(path) {
    this.path = path;
    this.lines = readFileSync(path, 'utf8').split('\n');
  }

  // The one block under the heading that has all of `words`.
  block(heading, ...words) {
    const has_all = (text) => words.every((word) => text.includes(word));
    const found = this.#blocks(heading).filter(has_all);
    if (found.length === 1) return found[0];
    throw new Error(
      `${this.path}, "${heading}": ${found.length} blocks have ${words.join(' and ')}`,
    );
  }

  // The lines of that block that have `word`: one command of several.
  line(heading, word) {
    const lines = this.block(heading, word).split('\n').filter((line) => line.includes(word));
    return lines.join('\n');
  }

  // The one command within a sentence that begins with `words`.
  within(heading, words) {
    const text = this.#section(heading).join(' ');
    const found = [...text.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map(([, code]) => code)
      .filter((code) => code.startsWith(words) && code !== words);
    if (found.length === 1) return found[0];
    throw new Error(`${this.path}, "${heading}": ${found.length} commands begin with ${words}`);
  }

  has_section(anchor) {
    return this.lines.some((line) => /^#+ /.test(line) && anchor_of(line) === anchor);
  }

  // Until the next heading of the same rank or a higher one.
  #section(heading) {
    const from = this.lines.findIndex((line) => /^#+ /.test(line) && line.endsWith(heading));
    if (from < 0) throw new Error(`${this.path} has no section "${heading}"`);
    const [rank] = /^#+/.exec(this.lines[from]);
    let is_code = false;
    const length = this.lines.slice(from + 1).findIndex((line) => {
      if (/^ *```/.test(line)) is_code = !is_code;
      const [hashes] = /^#+(?= )/.exec(line) ?? [''];
      return !is_code && hashes !== '' && hashes.length <= rank.length;
    });
    return this.lines.slice(from + 1, length < 0 ? undefined : from + 1 + length);
  }

  #blocks(heading) {
    const blocks = [];
    let fenced, indented;
    for (const line of this.#section(heading)) {
      if (/^ *```/.test(line)) {
        if (fenced) blocks.push(fenced.join('\n'));
        fenced = fenced ? undefined : [];
      } else if (fenced) {
        fenced.push(line);
      } else if (/^ {4}\S/.test(line)) {
        (indented ??= []).push(line.slice(4));
        continue;
      }
      if (indented) blocks.push(indented.join('\n'));
      indented = undefined;
    }
    return blocks;
  }
}

const anchor_of = (heading) =>
  heading.replace(/^#+ /, '').toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-');

// `text` with each of the pairs [what it says, what it is to say]; what is replaced must be there.
export function filled(text, pairs) {
  for (const [said, instead] of pairs) {
    if (!text.includes(said)) throw new Error(`nothing says ${said} in\n${text}`);
    text = text.replaceAll(said, instead);
  }
  return text;
}

// document.mjs FILE HEADING WORD: prints the command, for a shell.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , path, heading, word] = process.argv;
  console.log(new Document(path).line(heading, word).replace(/ +#.*$/, ''));
}
