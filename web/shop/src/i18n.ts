// Every word the shop says, in both languages. The keys of `en` are the vocabulary: a missing or
// surplus Hungarian text does not compile.
import { signal_of } from './signal';

export type Language = 'en' | 'hu';

const en = {
  brand_line: 'Psychedelic tribal gathering',
  skip_to_content: 'Skip to content',
  demo_ribbon: 'Demo shop: no real money moves here',
  switch_language: 'Magyarul',
  theme_light: 'Switch to the light theme',
  theme_dark: 'Switch to the dark theme',
  my_tickets: 'My tickets',
  my_tickets_lead: 'Pay now, dance later. Pick a ticket to see what is open on it.',
  no_tickets: 'There are no tickets in your basket yet.',
  loading: 'Loading…',
  ticket_number: 'Ticket {id}',
  holder: 'Holder',
  open_ticket: 'See and pay',
  see_ticket: 'See the ticket',
  status_registered: 'Registered',
  status_transferred: 'Handed over to you',
  status_paid: 'Paid',
  status_other: '{status}',
  back_to_tickets: 'All tickets',
  what_to_pay: 'What would you like to pay?',
  currency: 'Currency',
  nothing_to_pay: 'There is nothing to pay on this ticket right now.',
  nothing_to_pay_hint: 'Everything open is settled, or the next sale phase has not begun yet.',
  free: 'Free',
  pay_with: 'Pay with',
  by_simplepay: 'Card, Google Pay or Apple Pay on the page of SimplePay',
  by_stripe: 'Card, right here on this page',
  by_free: 'Nothing to pay: it is yours in a moment',
  billing: 'Billing details',
  billing_lead: 'They go on your invoice and to the bank that checks your payment.',
  as_person: 'Private person',
  as_company: 'Company',
  billed_to: 'Bill to',
  email: 'E-mail',
  email_hint: 'Your ticket and the receipt go here.',
  name: 'Full name',
  company: 'Company name',
  tax_number: 'Tax number',
  tax_number_hint: 'In Hungary: 12345678-1-23',
  country: 'Country',
  choose: 'Please choose',
  state: 'State or county',
  city: 'City',
  zip: 'Postal code',
  address: 'Address',
  address2: 'Address, second line',
  phone: 'Phone',
  optional: 'optional',
  card_details: 'Card details',
  card_number: 'Card number',
  card_expiry: 'Expiry',
  card_expiry_hint: 'MM / YY',
  card_cvc: 'Security code',
  test_cards: 'Test cards',
  test_card_pays: 'Pays',
  test_card_3ds: 'Asks for 3-D Secure',
  test_card_declined: 'Declined',
  test_card_funds: 'No funds',
  before_you_pay: 'Before you pay',
  simplepay_info: 'What is SimplePay? Payer information (PDF)',
  declaration_summary: 'Data transfer declaration',
  declaration:
    'I understand that {merchant} ({seat}), as data controller, passes the following personal ' +
    'data kept in the user database of {website} on to SimplePay Plc. as data processor: e-mail ' +
    'address, name or company name, billing address, telephone number, and the number and amount ' +
    'of the order. The purpose is to carry out and confirm the payment, to watch for fraud and ' +
    'to help the payer. How SimplePay handles data is described in its privacy notice.',
  declaration_accept: 'I have read and accept the data transfer declaration.',
  privacy_notice: 'Privacy notice of SimplePay',
  pay_amount: 'Pay {amount}',
  pay_at_simplepay: 'Continue to SimplePay',
  claim_free: 'Get it for free',
  total: 'Total',
  working: 'One moment…',
  going_to_simplepay: 'Taking you to SimplePay…',
  checking_card: 'Talking to your bank…',
  check_the_form: 'Please look at the marked fields.',
  need_email: 'Please enter an e-mail address like name@example.com.',
  need_name: 'Please enter your full name.',
  need_company: 'Please enter the name of the company.',
  need_tax_number: 'Please enter the tax number of the company.',
  bad_tax_number: 'A Hungarian tax number looks like 12345678-1-23.',
  need_country: 'Please choose a country.',
  need_city: 'Please enter a city.',
  need_zip: 'Please enter a postal code.',
  bad_zip: 'A Hungarian postal code has four digits.',
  need_address: 'Please enter street and number.',
  bad_phone: 'A phone number has 6 to 15 digits and may begin with +.',
  need_card_number: 'This card number does not look complete.',
  need_card_expiry: 'Please enter a month and year that are still to come.',
  need_card_cvc: 'The security code has 3 or 4 digits.',
  need_declaration: 'To pay by SimplePay, please accept the declaration.',
  three_d_secure: 'Your bank would like to know it is you',
  close: 'Close',
  step_cancelled: 'The check was closed. Nothing was charged; you can try again.',
  result_success: 'Your payment went through.',
  result_fail: 'The payment did not succeed.',
  result_fail_advice:
    'Look over the details you typed in; if they were right, the bank behind your card can ' +
    'explain the refusal.',
  result_cancel: 'Payment cancelled',
  result_cancel_text: 'You went back before paying. Nothing was charged.',
  result_timeout: 'Timed out',
  result_timeout_text: 'The time for starting the payment is over. Nothing was charged.',
  simplepay_id: 'SimplePay transaction ID',
  result_unknown: 'We cannot tell yet how your payment ended',
  result_unknown_text:
    'The message of the payment page could not be checked. If you paid, your ticket will show it ' +
    'within minutes. Please look there before you pay again.',
  result_paid: 'Paid. See you at the Sun!',
  result_paid_text: 'Your payment of {amount} has arrived.',
  result_free: 'It is yours. See you at the Sun!',
  result_free_text: 'There was nothing to pay.',
  result_processing: 'Your payment is on its way',
  result_processing_text:
    'Your bank is still working on it. This page looks again by itself; you can also come back ' +
    'later.',
  result_declined: 'The payment did not succeed.',
  result_declined_text: 'Your card was not charged. Look over the details, or try another card.',
  result_authentication:
    'Your bank could not confirm it was you, so the card was not charged. Please try again, or ' +
    'use another card.',
  result_review: 'We are looking into your payment',
  result_review_text:
    'Something about it needs a human eye. You need not do anything; please do not pay again.',
  result_refunded: 'This payment was given back',
  result_not_paid: 'This payment was not completed',
  waiting_for_confirmation: 'Waiting for the final confirmation…',
  confirmed: 'Confirmed: the payment is final.',
  not_confirmed_yet: 'The final confirmation has not come yet. It will be on your ticket soon.',
  our_reference: 'Our reference',
  amount: 'Amount',
  try_again: 'Try again',
  look_at_ticket: 'Back to the ticket',
  problem: 'That did not work',
  problem_network: 'We cannot be reached. Check your connection and try again.',
  problem_already_paid: 'This is paid already: there is nothing left to do.',
  problem_in_progress:
    'A payment for this ticket is still under way. Finish it, or try again in a moment.',
  problem_not_offered: 'This can no longer be paid this way. Here is what is open now.',
  problem_not_found: 'We do not know this ticket.',
  problem_too_many: 'Too many tries in a row. Please wait a moment.',
  problem_provider:
    'The payment provider does not answer right now. Nothing was charged; please try again soon.',
  problem_unclear:
    'The payment provider did not answer clearly. We are finding out; please look at your ticket ' +
    'in a minute before you pay again.',
  problem_other: 'Something went wrong on our side. Please try again soon.',
  request_id: 'Request {id}',
};

export type Key = keyof typeof en;

const hu: Record<Key, string> = {
  brand_line: 'Pszichedelikus törzsi találkozó',
  skip_to_content: 'Ugrás a tartalomhoz',
  demo_ribbon: 'Bemutató bolt: itt nem mozog valódi pénz',
  switch_language: 'In English',
  theme_light: 'Váltás világos témára',
  theme_dark: 'Váltás sötét témára',
  my_tickets: 'Jegyeim',
  my_tickets_lead:
    'Előbb fizetés, aztán tánc. Válaszd ki a jegyet, és nézd meg, mi fizethető rajta.',
  no_tickets: 'Még nincs jegyed.',
  loading: 'Betöltés…',
  ticket_number: '{id}. számú jegy',
  holder: 'Tulajdonos',
  open_ticket: 'Megnézem és fizetek',
  see_ticket: 'Megnézem a jegyet',
  status_registered: 'Regisztrálva',
  status_transferred: 'Neked átadva',
  status_paid: 'Kifizetve',
  status_other: '{status}',
  back_to_tickets: 'Minden jegyem',
  what_to_pay: 'Mit szeretnél kifizetni?',
  currency: 'Pénznem',
  nothing_to_pay: 'Ezen a jegyen most nincs mit fizetni.',
  nothing_to_pay_hint:
    'Minden ki van fizetve, vagy a következő értékesítési szakasz még nem kezdődött el.',
  free: 'Ingyenes',
  pay_with: 'Fizetési mód',
  by_simplepay: 'Bankkártya, Google Pay vagy Apple Pay a SimplePay oldalán',
  by_stripe: 'Bankkártya, itt helyben',
  by_free: 'Nincs mit fizetni: azonnal a tiéd',
  billing: 'Számlázási adatok',
  billing_lead: 'Ezek kerülnek a számlára, és ezeket kapja meg a fizetést ellenőrző bank.',
  as_person: 'Magánszemély',
  as_company: 'Cég',
  billed_to: 'Vevő',
  email: 'E-mail',
  email_hint: 'Ide küldjük a jegyet és a bizonylatot.',
  name: 'Teljes név',
  company: 'Cégnév',
  tax_number: 'Adószám',
  tax_number_hint: 'Magyarországon: 12345678-1-23',
  country: 'Ország',
  choose: 'Kérjük, válassz',
  state: 'Megye vagy állam',
  city: 'Város',
  zip: 'Irányítószám',
  address: 'Cím',
  address2: 'Cím második sora',
  phone: 'Telefon',
  optional: 'nem kötelező',
  card_details: 'Kártyaadatok',
  card_number: 'Kártyaszám',
  card_expiry: 'Lejárat',
  card_expiry_hint: 'HH / ÉÉ',
  card_cvc: 'Biztonsági kód',
  test_cards: 'Tesztkártyák',
  test_card_pays: 'Fizet',
  test_card_3ds: '3-D Secure-t kér',
  test_card_declined: 'Elutasított',
  test_card_funds: 'Nincs fedezet',
  before_you_pay: 'Fizetés előtt',
  simplepay_info: 'Mi az a SimplePay? Fizetési tájékoztató (PDF)',
  declaration_summary: 'Adattovábbítási nyilatkozat',
  declaration:
    'Tudomásul veszem, hogy {merchant} ({seat}) mint adatkezelő a {website} felhasználói ' +
    'adatbázisában tárolt alábbi személyes adataimat átadja a SimplePay Zrt. mint adatfeldolgozó ' +
    'részére: e-mail-cím, név vagy cégnév, számlázási cím, telefonszám, valamint a rendelés ' +
    'száma és összege. Az adattovábbítás célja a fizetés lebonyolítása és visszaigazolása, a ' +
    'visszaélések figyelése és a fizetők segítése. A SimplePay adatkezelését saját adatkezelési ' +
    'tájékoztatója írja le.',
  declaration_accept: 'Az adattovábbítási nyilatkozatot elolvastam és elfogadom.',
  privacy_notice: 'A SimplePay adatkezelési tájékoztatója',
  pay_amount: 'Fizetek: {amount}',
  pay_at_simplepay: 'Tovább a SimplePay oldalára',
  claim_free: 'Kérem ingyen',
  total: 'Összesen',
  working: 'Egy pillanat…',
  going_to_simplepay: 'Irány a SimplePay…',
  checking_card: 'Egyeztetünk a bankoddal…',
  check_the_form: 'Kérjük, nézd át a megjelölt mezőket.',
  need_email: 'Kérjük, adj meg egy e-mail-címet, például nev@example.com.',
  need_name: 'Kérjük, add meg a teljes neved.',
  need_company: 'Kérjük, add meg a cég nevét.',
  need_tax_number: 'Kérjük, add meg a cég adószámát.',
  bad_tax_number: 'A magyar adószám formája: 12345678-1-23.',
  need_country: 'Kérjük, válassz országot.',
  need_city: 'Kérjük, add meg a várost.',
  need_zip: 'Kérjük, add meg az irányítószámot.',
  bad_zip: 'A magyar irányítószám négy számjegy.',
  need_address: 'Kérjük, add meg az utcát és a házszámot.',
  bad_phone: 'A telefonszám 6–15 számjegy, az elején + állhat.',
  need_card_number: 'Ez a kártyaszám nem tűnik teljesnek.',
  need_card_expiry: 'Kérjük, jövőbeli hónapot és évet adj meg.',
  need_card_cvc: 'A biztonsági kód 3 vagy 4 számjegy.',
  need_declaration: 'A SimplePay-fizetéshez kérjük, fogadd el a nyilatkozatot.',
  three_d_secure: 'A bankod szeretne meggyőződni róla, hogy te vagy az',
  close: 'Bezárás',
  step_cancelled: 'Az ellenőrzés félbemaradt. Nem terheltük meg a kártyát, próbáld újra.',
  result_success: 'A fizetés sikeresen megtörtént.',
  result_fail: 'A fizetés nem sikerült.',
  result_fail_advice:
    'Nézze át, jól adta-e meg az adatokat; ha igen, az okról a kártyáját kibocsátó bank adhat ' +
    'felvilágosítást.',
  result_cancel: 'Megszakított fizetés',
  result_cancel_text: 'Ön visszalépett a fizetés elindítása előtt. Nem történt terhelés.',
  result_timeout: 'Időtúllépés',
  result_timeout_text: 'Lejárt a fizetés megkezdésére adott idő. Nem történt terhelés.',
  simplepay_id: 'SimplePay tranzakcióazonosító',
  result_unknown: 'Még nem tudjuk, hogyan végződött a fizetés',
  result_unknown_text:
    'A fizetőoldal üzenetét nem sikerült ellenőrizni. Ha fizettél, a jegyeden perceken belül ' +
    'látszani fog. Kérjük, nézd meg ott, mielőtt újra fizetnél.',
  result_paid: 'Kifizetve. Találkozunk a Napnál!',
  result_paid_text: 'Megérkezett a fizetésed: {amount}.',
  result_free: 'A tiéd. Találkozunk a Napnál!',
  result_free_text: 'Nem volt mit fizetni.',
  result_processing: 'Úton van a fizetésed',
  result_processing_text:
    'A bankod még dolgozik rajta. Ez az oldal magától újra megnézi; később is visszajöhetsz.',
  result_declined: 'A fizetés nem sikerült.',
  result_declined_text:
    'Nem terheltük meg a kártyádat. Nézd át az adatokat, vagy próbálj másik kártyát.',
  result_authentication:
    'A bankod nem tudta megerősíteni, hogy te vagy az, ezért nem terheltük meg a kártyát. ' +
    'Próbáld újra, vagy használj másik kártyát.',
  result_review: 'Utánanézünk a fizetésednek',
  result_review_text:
    'Valamit emberi szemmel is meg kell néznünk. Nincs teendőd; kérjük, ne fizess újra.',
  result_refunded: 'Ezt a fizetést visszatérítettük',
  result_not_paid: 'Ez a fizetés nem fejeződött be',
  waiting_for_confirmation: 'Várjuk a végleges visszaigazolást…',
  confirmed: 'Visszaigazolva: a fizetés végleges.',
  not_confirmed_yet:
    'A végleges visszaigazolás még nem jött meg. Hamarosan látszani fog a jegyeden.',
  our_reference: 'Hivatkozási szám',
  amount: 'Összeg',
  try_again: 'Újra megpróbálom',
  look_at_ticket: 'Vissza a jegyhez',
  problem: 'Ez most nem sikerült',
  problem_network: 'Nem érjük el a szervert. Nézd meg a kapcsolatod, és próbáld újra.',
  problem_already_paid: 'Ez már ki van fizetve: nincs több teendőd.',
  problem_in_progress:
    'Ehhez a jegyhez épp folyamatban van egy fizetés. Fejezd be, vagy próbáld újra kicsit később.',
  problem_not_offered: 'Így ez már nem fizethető. Íme, ami most nyitva van.',
  problem_not_found: 'Ezt a jegyet nem ismerjük.',
  problem_too_many: 'Túl sok próbálkozás egymás után. Kérjük, várj egy kicsit.',
  problem_provider:
    'A fizetési szolgáltató most nem válaszol. Nem történt terhelés; próbáld újra hamarosan.',
  problem_unclear:
    'A fizetési szolgáltató nem adott egyértelmű választ. Utánanézünk; kérjük, egy perc múlva ' +
    'nézd meg a jegyed, mielőtt újra fizetnél.',
  problem_other: 'Valami elromlott nálunk. Kérjük, próbáld újra hamarosan.',
  request_id: 'Kérés: {id}',
};

const texts: Record<Language, Record<Key, string>> = { en, hu };
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

export function t(key: Key, values: Record<string, string | number> = {}) {
  return texts[language.get()][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

export function format_amount(amount: number, currency: string) {
  const whole = Number.isInteger(amount) || currency === 'HUF';
  return new Intl.NumberFormat(language.get(), {
    style: 'currency',
    currency,
    minimumFractionDigits: whole ? 0 : 2,
    maximumFractionDigits: currency === 'HUF' ? 0 : 2,
  }).format(amount);
}

export function country_name(code: string) {
  return new Intl.DisplayNames([language.get()], { type: 'region' }).of(code) ?? code;
}
