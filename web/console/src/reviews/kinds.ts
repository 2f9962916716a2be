// What a person must look at, in words. The service says the reason and the advice in English; the
// advice is told in Hungarian by its kind, with the original beside it.
import { language, speaker } from '../../../shared/language';
import type { Concern, ReviewKind } from '../net/types';

const say = speaker<ReviewKind>({
  mismatch: 'what was paid differs from what was agreed',
  contradiction: 'the provider contradicts its own notification',
  duplicate: 'the fee was paid twice',
  unconfirmed: 'said to be paid, not confirmed for over an hour',
  unknown: 'for over an hour nobody knows what became of it',
  authorized: 'for over an hour blocked on the card, not taken',
  overdue: 'long after its deadline it could still be paid',
  still_payable: 'it has ended here, and could still be paid at the provider',
  refund_unknown: 'for over an hour nobody knows what became of a refund',
  refund_failed: 'a refund did not reach the visitor',
  dispute: 'the card holder disputes the payment',
  inquiry: 'the bank asks about the payment',
  fraud_warning: 'the card’s issuer reports fraud',
  foreign_payment: 'money was taken under this number for another attempt',
  unmatched_message: 'a signed message is about no transaction',
  dead_letter: 'an outgoing event was given up',
}, {
  mismatch: 'mást fizettek, mint amiben megállapodtunk',
  contradiction: 'a szolgáltató ellentmond a saját értesítésének',
  duplicate: 'a díjat kétszer fizették ki',
  unconfirmed: 'kifizetettnek mondják, több mint egy órája nincs megerősítve',
  unknown: 'több mint egy órája senki sem tudja, mi lett vele',
  authorized: 'több mint egy órája zárolva a kártyán, nem levonva',
  overdue: 'jóval a határidő után még kifizethető lenne',
  still_payable: 'itt már véget ért, a szolgáltatónál még kifizethető lenne',
  refund_unknown: 'több mint egy órája senki sem tudja, mi lett egy visszatérítéssel',
  refund_failed: 'egy visszatérítés nem ért el a látogatóhoz',
  dispute: 'a kártyabirtokos vitatja a fizetést',
  inquiry: 'a bank kérdez a fizetésről',
  fraud_warning: 'a kártya kibocsátója csalást jelez',
  foreign_payment: 'ezen a számon más próbálkozásra vontak le pénzt',
  unmatched_message: 'egy aláírt üzenet egyik tranzakcióról sem szól',
  dead_letter: 'egy kimenő eseményt feladtunk',
});

const hungarian_advice: Record<ReviewKind, string> = {
  mismatch:
    'Vesd össze a szolgáltatónál lévő fizetést a tranzakcióval. Térítsd vissza, ha nem erre a ' +
    'jegyre szánták.',
  contradiction:
    'Keresd meg a fizetést a szolgáltatónál az azonosítója szerint. Ha ott kifizették, itt is ' +
    'kifizetett lesz, amint a szolgáltató ezt mondja; ha nem, kérdezd meg tőle, miért mondta ' +
    'kifizetettnek.',
  duplicate:
    'Térítsd vissza ezt a tranzakciót: a jegy díját egy másik már kifizette. Vagy azt térítsd ' +
    'vissza: akkor ez lesz a fizetés.',
  unconfirmed:
    'Keresd meg a fizetést a szolgáltatónál. Kifizetett lesz, amint a szolgáltató válaszol; ha ' +
    'ott válaszol, nézd meg, mi akadályozza, hogy mi kérdezzük.',
  unknown:
    'Keresd meg a fizetést a szolgáltatónál a hivatkozása szerint. Magától rákérdezünk, amint a ' +
    'szolgáltató válaszol; addig a díjat másképp sem lehet kifizetni.',
  authorized:
    'Az összeg zárolva van a kártyán, és a SimplePay vagy a Stripe nem vonta le: nézd meg ott, ' +
    'két lépésben fizet-e a fiók. Ott vond le vagy oldd fel; ha ott semmit sem lehet tenni, ' +
    'zárd le itt a fizetést (`ozora-payments close`).',
  overdue:
    'Nézd meg, miért nem kérdezzük a szolgáltatót, vagy miért nem válaszol: elérhető-e, és be ' +
    'van-e állítva a fizetésben megnevezett fiók (a lecserélt megszűntként). Keresd meg ott a ' +
    'fizetést; ha már senki sem fizetheti ki, zárd le itt (`ozora-payments close`).',
  still_payable:
    'Itt vége, de a szolgáltatónál még kifizethető, mert kérésünkre sem zárja le: nézd meg, ' +
    'törölhet-e fizetést a kulcsunk, és töröld a szolgáltató oldalán. Ha már senki sem fizetheti ' +
    'ki, egy órán belül lekerül innen; vagy zárd le itt (`ozora-payments close`).',
  refund_unknown:
    'Nézd meg a szolgáltatónál, megtörtént-e a visszatérítés. Az összegét addig visszatartjuk, ' +
    'amíg ezt meg nem mondja; addig ne add vissza más módon.',
  refund_failed:
    'A látogató nem kapta meg a pénzt. Térítsd vissza újra, itt vagy a szolgáltató oldalán: ' +
    'bármelyik leveszi a listáról.',
  dispute:
    'Válaszolj a vitára a szolgáltatónál a határidő előtt azzal, ami mutatja, hogy kellett a ' +
    'jegy; vagy fogadd el.',
  inquiry:
    'Válaszolj a banknak a szolgáltatónál a határidő előtt, vagy add vissza a pénzt: különben ' +
    'vita lehet belőle.',
  fraud_warning:
    'Nézd meg, akart-e fizetni a kártyabirtokos. Ha nem, add vissza most a pénzt: egy vita ' +
    'díjjal együtt vinné el. Lekerül a listáról, ha a pénz visszament, vagy 30 nap után.',
  foreign_payment:
    'Keresd meg a szolgáltatónál az okban megnevezett fizetést, és hogy kinek a jegyére szólt: ' +
    'ezen a számon készült, mielőtt az adatbázist visszaállították vagy újrakezdték. Térítsd ' +
    'vissza ott, vagy jegyezd fel kifizetettnek a jegyet.',
  unmatched_message:
    'Keresd meg a fizetést a szolgáltatónál. Ha a miénk, nézd meg, nem régebbi másolatból ' +
    'állították-e vissza az adatbázist; ha másik rendszeré, adj annak saját fiókot vagy címet.',
  dead_letter: 'Hozd rendbe a kimenő események fogadóját, aztán küldd újra az eseményt.',
};

const is_known = (kind: string): kind is ReviewKind => Object.hasOwn(hungarian_advice, kind);

// A kind that is younger than this page is shown by its own name.
export const kind_name = (kind: string) => (is_known(kind) ? say(kind) : kind.replaceAll('_', ' '));

// Undefined where only the original can be shown.
export const advice_of = ({ kind }: Concern): string | undefined =>
  language.get() === 'hu' && is_known(kind) ? hungarian_advice[kind] : undefined;
