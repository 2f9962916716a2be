import { format_day, format_time, in_utc } from '../format';

interface Props {
  at: string;
  day?: boolean;
  ms?: boolean;
}

// A moment in the deployment's time zone; UTC on hover.
export function Moment({ at, day = true, ms = false }: Props) {
  const moment = new Date(at);
  return (
    <time dateTime={at} title={in_utc(moment)}>
      {day && <span class="day">{format_day(moment)} </span>}
      {format_time(moment, ms)}
    </time>
  );
}

export function Money({ amount, currency }: { amount: string; currency: string }) {
  return <span class="money">{amount}<span class="currency">{`\u00a0${currency}`}</span></span>;
}
