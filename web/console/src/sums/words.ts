import { speaker } from '../../../shared/language';

export const t = speaker(
  { until: '{name}, until {time}' },
  { until: '{name}, eddig: {time}' },
);
