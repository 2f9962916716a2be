// Which of the two languages is spoken, and how a page's texts are looked up in it.
import { signal_of } from './signal';

export type Language = 'en' | 'hu';
export type Values = Record<string, string | number>;

const storage_key = 'language';

function first_language(): Language {
  const kept = localStorage.getItem(storage_key);
  if (kept === 'en' || kept === 'hu') return kept;
  return navigator.language.toLowerCase().startsWith('hu') ? 'hu' : 'en';
}

export const language = signal_of<Language>(first_language());
document.documentElement.lang = language.get();

export function set_language(to: Language) {
  localStorage.setItem(storage_key, to);
  document.documentElement.lang = to;
  language.set(to);
}

// Gives the function that says a text of `texts`, with `{name}` replaced by the value of that name.
// The keys of the English texts are the vocabulary: a missing or surplus Hungarian text does not
// compile.
export function speaker<Key extends string>(
  en: Record<Key, string>, hu: Record<NoInfer<Key>, string>,
) {
  const texts: Record<Language, Record<Key, string>> = { en, hu };
  return (key: Key, values: Values = {}) =>
    texts[language.get()][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}
