import { load_config, load_ticket, type Config, type PaymentOption, type Ticket } from '../api';
import { Icon } from '../art';
import { t } from '../i18n';
import { link_to } from '../route';
import { Checkout } from './checkout';
import { use_loaded } from './load';
import { Loading, TroubleNote } from './parts';
import { TicketCard } from './ticket_card';

interface Loaded {
  config: Config;
  ticket: Ticket;
  payment_options: PaymentOption[];
}

async function load(id: number): Promise<Loaded> {
  const [config, found] = await Promise.all([load_config(), load_ticket(id)]);
  return { config, ...found };
}

export function TicketView({ id }: { id: number }) {
  const { value, trouble, reload } = use_loaded(() => load(id));
  return (
    <div class="column column-top">
      <a class="back" href={link_to.tickets}>
        <Icon glyph="back" />
        {t('back_to_tickets')}
      </a>
      {trouble && <TroubleNote trouble={trouble} on_retry={reload} />}
      {!value && !trouble && <Loading />}
      {value && <TicketCard ticket={value.ticket} heading="h1" />}
      {value && value.payment_options.length === 0 && (
        <section class="panel empty">
          <h2>{t('nothing_to_pay')}</h2>
          <p class="lead">{t('nothing_to_pay_hint')}</p>
        </section>
      )}
      {value && value.payment_options.length > 0 && (
        <Checkout
          config={value.config}
          ticket={value.ticket}
          options={value.payment_options}
          on_stale={reload}
        />
      )}
    </div>
  );
}
