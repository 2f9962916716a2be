import { speaker } from '../../../shared/language';

export const t = speaker({
  as_table: 'as table',
  csv: 'This table as CSV',
  along: '{title}: the arrow keys go from point to point',
}, {
  as_table: 'táblázatként',
  csv: 'Ez a táblázat CSV-ben',
  along: '{title}: a nyílbillentyűk pontról pontra visznek',
});
