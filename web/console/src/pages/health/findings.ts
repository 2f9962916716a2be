// What the self-check found, in words. The service says it in English; in Hungarian it is said by
// its code, with the words of others as they came.
import { language } from '../../../../shared/language';
import { format_ago, format_number, now, processor_name } from '../../format';
import type { Check, FindingCode } from '../../net/types';

type Facts = Check['with'];
type Say = (facts: Facts) => string;

const text = (value: string | number | undefined) =>
  typeof value === 'number' ? format_number(value) : value ?? '';
const ago = ({ age_s }: Facts) =>
  format_ago(new Date(now().getTime() - 1000 * Number(age_s)).toISOString());
const seconds = ({ by_ms }: Facts) => `${format_number(Number(by_ms) / 1000)} másodpercet`;
const our_clock = ({ replica }: Facts) => (replica ? `${replica} órája` : 'az óránk');
const other_clock = ({ address }: Facts) => (address ? `${address} órájához` : 'az adatbáziséhoz');
const calls: Say = (f) =>
  `${text(f.count)} hívás 15 perc alatt, ${text(f.unanswered)} válasz nélkül, 95%-uk ` +
  `${text(f.within_ms)} ms-on belül`;

const said: Record<FindingCode, Say> = {
  database_well: () => 'elérhető, írható, és a sémája a mai',
  database_failed: (f) => text(f.why),
  clock_agrees: (f) => `${our_clock(f)} jól jár ${other_clock(f)} képest`,
  clock_ahead: (f) => `${our_clock(f)} ${seconds(f)} siet ${other_clock(f)} képest`,
  clock_behind: (f) => `${our_clock(f)} ${seconds(f)} késik ${other_clock(f)} képest`,
  answers: (f) => `${text(f.address)} válaszol`,
  silent: (f) => `${text(f.address)} nem válaszol: ${text(f.why)}`,
  keys_well: () => 'a tokenek kulcsai olvashatók',
  key_wrong: (f) => text(f.why),
  mode_live: () => 'éles: valódi pénz mozog',
  mode_test: () => 'teszt: nem mozog valódi pénz',
  mode_mixed: (f) =>
    `${processor_name(text(f.live))}: a kulcsai valódi pénzt mozgatnak, a másiké nem`,
  endpoint_well: () => 'a Stripe minden eseményt elküld, amire figyelünk',
  endpoint_unknown: (f) => `a Stripe nem mondja meg a webhookcímeit: ${text(f.why)}`,
  endpoint_disabled: () => 'a Stripe webhookcíme ki van kapcsolva',
  endpoint_missing: () => 'a Stripe-nál nincs webhookcím a mi címünkkel',
  endpoint_lacks: (f) => `a Stripe webhookcíme ezeket nem küldi: ${text(f.events)}`,
  public_well: (f) => `${text(f.url)} a mi válaszunkat adja`,
  public_failed: (f) => `${text(f.url)}: ${text(f.why)}`,
  public_other_commit: (f) =>
    `${text(f.url)} a(z) ${text(f.commit)} változatot futtatja, ez itt a(z) ${text(f.ours)}`,
  disk_free: (f) => `az adatbázis lemezének ${text(f.percent)}%-a szabad`,
  events_told: () => 'a többiek értesülnek',
  events_off: () => 'senki sem értesül a fizetésekről: a PAYMENTS_EVENTS_URL nincs beállítva',
  events_given_up: (f) => `${text(f.count)} eseményt feladtunk: a többiek nem tudnak róluk`,
  events_late: (f) => `${text(f.count)} esemény vár, a legrégebbi több mint egy órája`,
  replicas_silent: () => '3 perce egyről sem hallottunk',
  replicas_versions: () => 'a példányok nem egyforma verziójúak',
  replicas_settings: () => 'a példányok nem egyformán vannak beállítva',
  replicas_alike: (f) => `${text(f.count)} példány, egyforma verzióval és beállításokkal`,
  key_sets_read: (f) => `a tokenek kulcsait utoljára olvastuk: ${ago(f)}`,
  key_set_old: (f) =>
    `${text(f.replica)} régi kulcsokat használ, utoljára olvasta: ${ago(f)}: ${text(f.why)}`,
  calls_made: calls,
  backup_never: () => 'mentésről még nem szólt senki',
  backup_noted: (f) => `az utolsó: ${ago(f)}`,
  ledger_never: () => 'a könyveket még senki sem olvasta újra',
  ledger_agrees: (f) => `${ago(f)}, ${text(f.transactions)} fizetés: nincs eltérés`,
  ledger_differs: (f) =>
    `${ago(f)}, ${text(f.transactions)} fizetés: ${text(f.differences)} eltérés, az első: ` +
    text(f.first),
  sums_whole: () => 'minden fizetés benne van az összegekben',
  sums_lack_some: () => 'néhány fizetés még nincs benne az összegekben',
  erasing_done: (f) => `ami esedékes volt, töröltük: ${ago(f)}; ${text(f.waiting)} fizetés vár rá`,
  erasing_late: (f) => `ami esedékes volt, töröltük: ${ago(f)}; ${text(f.waiting)} fizetés vár rá`,
};

const clock_advice = 'Nézd meg, hogy a gép óráját NTP igazítja-e (`timedatectl`).';
const look_at_update = 'Nézd meg, hogy a frissítés minden példányhoz eljutott-e.';
const make_a_backup =
  'Készíts egyet (`ozora-payments backup`), vagy jelezd: `ozora-payments note-backup`.';
const in_dashboard = 'A Stripe felületén, Developers, Webhooks: ';

// What is to be done when it is not good.
const todo: Partial<Record<FindingCode, string>> = {
  database_failed:
    'Amíg nem jó, fizetni sem lehet: fusson, legyen hely a lemezén, és futtasd: ' +
    '`ozora-payments migrate`.',
  clock_ahead: clock_advice,
  clock_behind: clock_advice,
  silent: 'Nézd meg, eléri-e ez a gép (tűzfal, DNS, proxy), és mit ír az állapotoldala.',
  key_wrong: 'Ezzel a szolgáltatás nem indul el: nézd meg azt a beállítást.',
  mode_mixed:
    'A látogatók itt játékpénzzel, vagy tesztben valódi pénzzel fizetnének: adj mindkét ' +
    'szolgáltatónak egyforma módú kulcsot.',
  endpoint_unknown:
    'Engedd a korlátozott kulcsnak, hogy a webhookcímeket olvassa, vagy nézd meg ott kézzel.',
  endpoint_disabled: `${in_dashboard}nélküle percekkel később értesülünk a fizetésekről.`,
  endpoint_missing: `${in_dashboard}nélküle percekkel később értesülünk a fizetésekről.`,
  endpoint_lacks: `${in_dashboard}add hozzá ezeket ahhoz, amire a cím figyel.`,
  public_failed:
    'A látogatók és a szolgáltatók ezen a címen jönnek: nézd meg a proxyt, a DNS-t és a ' +
    'tanúsítványt.',
  public_other_commit: look_at_update,
  disk_free: 'Csinálj helyet: tele lemezre semmi sem kerül, és fizetni sem lehet.',
  events_off: 'Állítsd be, vagy lásd, hogy akinek tudnia kell, lekérdezi a fizetéseket.',
  events_given_up: 'Javítsd meg a fogadót, aztán: `ozora-payments events replay --dead`.',
  events_late: 'Nézd meg, válaszol-e a fogadó: `ozora-payments events list --waiting`.',
  replicas_silent: 'Indítsd el a szolgáltatást, és nézd meg a naplóját.',
  replicas_versions: `${look_at_update} Amelyik leállt, még 3 percig számít.`,
  replicas_settings:
    'Legyen mindegyik egyforma, kivéve: PAYMENTS_LISTEN, PAYMENTS_THREADS, PAYMENTS_LOG_LEVEL.',
  key_set_old: 'Javítsd meg azt a fájlt vagy címet: addig a visszavont kulcs is számít.',
  calls_made:
    'Nézd meg az állapotoldalát és az odavezető utat; ami ismeretlen, arról addig kérdezünk, ' +
    'amíg nem válaszol.',
  backup_never: make_a_backup,
  backup_noted: make_a_backup,
  ledger_never: 'Legalább hetente: `ozora-payments verify-ledger`.',
  ledger_agrees: 'Legalább hetente: `ozora-payments verify-ledger`.',
  ledger_differs:
    'Az `ozora-payments verify-ledger` mindet megnevezi; tarts meg egy másolatot az adatbázisról.',
  erasing_late: 'Nézd meg a naplóját, és futtasd: `ozora-payments erase-due`.',
  sums_lack_some: 'Frissítés után a háttérben számoljuk be őket; nézz vissza egy óra múlva.',
};

const is_known = (code: string): code is FindingCode => Object.hasOwn(said, code);

// A finding as it is to be read, and in which language: what a newer service says, in English.
export function words_of(check: Check): { sentence: string; advice: string | null; lang: string } {
  const { code, state, sentence, advice } = check;
  const is_told = language.get() === 'hu' && is_known(code);
  if (!is_told) return { sentence, advice, lang: 'en' };
  const hungarian = state === 'good' ? null : todo[code] ?? null;
  return { sentence: said[code](check.with), advice: hungarian, lang: 'hu' };
}
