import { speaker } from '../../../../shared/language';

export const t = speaker({
  title: 'My sessions',
  lead: 'Where you are signed in. End what you do not know.',
  opened: 'Signed in',
  used: 'Last used',
  here: 'this one',
  end: 'End',
  end_of: 'End the session of {time}',
  end_others: 'End all others',
  none: 'You are signed in nowhere else.',
  ended: 'Sessions ended: {n}',
}, {
  title: 'Munkameneteim',
  lead: 'Ahol be vagy lépve. Amit nem ismersz, zárd be.',
  opened: 'Belépés',
  used: 'Utoljára használva',
  here: 'ez itt',
  end: 'Bezárás',
  end_of: 'A {time} óta nyitott munkamenet bezárása',
  end_others: 'Minden más bezárása',
  none: 'Máshol nem vagy belépve.',
  ended: 'Bezárt munkamenetek: {n}',
});
