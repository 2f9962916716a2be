import type { ComponentChildren } from 'preact';
import type { Ticket } from '../api';
import { Mandala } from '../art';
import { t, type Key } from '../i18n';

const status_keys: Record<string, Key> = {
  registered: 'status_registered',
  transferred: 'status_transferred',
  paid: 'status_paid',
};

export const title_of = (ticket: Ticket) =>
  ticket.title || ticket.template?.title || t('ticket_number', { id: ticket.id });

export function StatusChip({ status }: { status: string }) {
  const key = status_keys[status] ?? 'status_other';
  return <span class={`chip chip-${status}`}>{t(key, { status })}</span>;
}

interface TicketCardProps {
  ticket: Ticket;
  heading: 'h1' | 'h2';
  children?: ComponentChildren;
}

export function TicketCard({ ticket, heading: Heading, children }: TicketCardProps) {
  const when = [ticket.event, ticket.year].filter(Boolean).join(' · ');
  return (
    <article class="ticket">
      <div class="ticket-art" style={{ '--hue': String((ticket.id * 47) % 60) }}>
        <Mandala seed={ticket.id} />
      </div>
      <div class="ticket-body">
        <div class="ticket-line">
          <span class="eyebrow">{when || 'O.Z.O.R.A.'}</span>
          <StatusChip status={ticket.status} />
        </div>
        <Heading>{title_of(ticket)}</Heading>
        <p class="ticket-holder">
          {ticket.name && <><span class="fine">{t('holder')}</span> {ticket.name}</>}
        </p>
        <p class="ticket-id">№ {String(ticket.id).padStart(6, '0')}</p>
        {children}
      </div>
    </article>
  );
}
