import { speaker } from '../../../../shared/language';

export const t = speaker({
  title: 'Today',
  paid_today: 'Paid today',
  payments_n: '{n} payments',
  payments_1: '1 payment',
  none_yet: 'No payment yet today',
  last_one: 'The last one was on {day}.',
  none_ever: 'No payment has been made yet.',
  given_back: 'given back {amount}',
  more: 'All of today’s money',
  incomplete:
    'Payments from before sums were kept are still being added up: what is shown grows by itself.',

  rate: '{share} of the fees begun today are paid',
  rate_first: 'first try {share}',
  rate_none: 'No fee has been begun today.',
  under_way: 'Under way now',
  pending: 'under way',
  unknown: 'unknown',
  at_least: '{n} or more',

  last_hour: 'The last hour, by minute',
  minute: 'Minute',
  begun: 'begun',
  paid: 'paid',
  failed: 'failed',
  found_none: 'Nothing was begun in the last hour.',
  found: 'In the last hour {paid} paid of {begun} begun; {failed} failed.',

  needs: 'Needs a person',
  nothing_waits: 'Nothing waits.',
  all_of_them: 'The whole worklist',
  oldest: 'oldest {age}',
}, {
  title: 'Ma',
  paid_today: 'Ma kifizetve',
  payments_n: '{n} fizetés',
  payments_1: '1 fizetés',
  none_yet: 'Ma még nem volt fizetés',
  last_one: 'Az utolsó: {day}.',
  none_ever: 'Még nem volt fizetés.',
  given_back: 'visszatérítve {amount}',
  more: 'A mai nap összes pénze',
  incomplete:
    'Az összegek vezetése előtti fizetéseket még összeadjuk: ami látszik, magától nő.',

  rate: 'A ma elkezdett díjakból kifizetve: {share}',
  rate_first: 'elsőre {share}',
  rate_none: 'Ma még egy díjat sem kezdtek el.',
  under_way: 'Most folyamatban',
  pending: 'folyamatban',
  unknown: 'ismeretlen',
  at_least: 'legalább {n}',

  last_hour: 'Az utolsó óra percenként',
  minute: 'Perc',
  begun: 'elkezdve',
  paid: 'kifizetve',
  failed: 'sikertelen',
  found_none: 'Az utolsó órában semmit sem kezdtek el.',
  found: 'Az utolsó órában: kifizetve {paid}, elkezdve {begun}, sikertelen {failed}.',

  needs: 'Emberre vár',
  nothing_waits: 'Semmi sem vár.',
  all_of_them: 'Az összes teendő',
  oldest: 'a legrégebbi {age}',
});
