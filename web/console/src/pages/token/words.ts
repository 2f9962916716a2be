import { speaker } from '../../../../shared/language';

export const t = speaker({
  title: 'Sign in with a token',
  lead: 'For development: this service has no identity provider.',
  token: 'Token',
  hint: 'A user token of the platform. It is kept by the service, never by this browser.',
  wrong: 'This token does not open the back office: {detail}',
  empty: 'Please paste a token.',
  go: 'Sign in',
  go_as: 'Sign in as {name}',
}, {
  title: 'Belépés tokennel',
  lead: 'Fejlesztéshez: ennek a szolgáltatásnak nincs identitásszolgáltatója.',
  token: 'Token',
  hint: 'A platform felhasználói tokenje. A szolgáltatás őrzi, ez a böngésző soha.',
  wrong: 'Ez a token nem nyitja a háttérirodát: {detail}',
  empty: 'Kérjük, illessz be egy tokent.',
  go: 'Belépés',
  go_as: 'Belépés mint {name}',
});
