import { speaker } from '../../../../shared/language';

const en = {
  title: 'Is this you?',
  lead: 'You were sent here as:',
  warn: 'If you do not know why, or this is not you, somebody may want you to work in their name.',
  go_as: 'Go on as {name}',
  not_me: 'This is not me',
  instead_of: 'You are signed in as {name}. Going on ends that.',
  again: 'Sign in again',
  gone: 'It took too long, or was done already. Please sign in again.',
};

export const t = speaker(en, {
  title: 'Te vagy az?',
  lead: 'Így érkeztél:',
  warn: 'Ha nem tudod, miért, vagy ez nem te vagy, valaki a saját nevében dolgoztatna veled.',
  go_as: 'Tovább mint {name}',
  not_me: 'Ez nem én vagyok',
  instead_of: 'Most {name} néven vagy bent. Ha továbbmész, az véget ér.',
  again: 'Újra belépek',
  gone: 'Túl sokáig tartott, vagy már megtörtént. Lépj be újra.',
});
