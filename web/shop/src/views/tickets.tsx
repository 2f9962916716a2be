import { list_tickets } from '../api';
import { Horizon, Icon, Mandala } from '../art';
import { t } from '../i18n';
import { link_to } from '../route';
import { use_loaded } from './load';
import { Loading, TroubleNote } from './parts';
import { TicketCard, title_of } from './ticket_card';

export function TicketsView() {
  const { value: tickets, trouble, reload } = use_loaded(list_tickets);
  return (
    <>
      <section class="hero">
        <Mandala seed={2027} class="hero-mandala" />
        <Horizon />
        <div class="hero-words">
          <p class="eyebrow">{t('brand_line')}</p>
          <h1>{t('my_tickets')}</h1>
          <p>{t('my_tickets_lead')}</p>
        </div>
      </section>
      <div class="column">
        {trouble && <TroubleNote trouble={trouble} on_retry={reload} />}
        {!tickets && !trouble && <Loading />}
        {tickets?.length === 0 && <p class="note">{t('no_tickets')}</p>}
        <ul class="ticket-list">
          {tickets?.map((ticket) => (
            <li key={ticket.id}>
              <TicketCard ticket={ticket} heading="h2">
                <a class="button" href={link_to.ticket(ticket.id)}>
                  {t(ticket.status === 'paid' ? 'see_ticket' : 'open_ticket')}
                  <span class="unseen"> – {title_of(ticket)} {ticket.id}</span>
                  <Icon glyph="arrow" />
                </a>
              </TicketCard>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
