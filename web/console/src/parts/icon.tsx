const glyphs = {
  search: 'M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13ZM15.5 15.5L20 20',
  moon: 'M20 14.5A8.5 8.5 0 019.5 4a8.5 8.5 0 1010.5 10.5Z',
  day:
    'M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6L7 7m10 10l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4' +
    'M16 12a4 4 0 11-8 0 4 4 0 018 0Z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  cross: 'M6.5 6.5l11 11m0-11l-11 11',
  back: 'M14 6l-6 6 6 6',
  next: 'M10 6l6 6-6 6',
  down: 'M7 10l5 5 5-5',
  copy: 'M9 9h10v10H9ZM5 15V5h10',
  out: 'M14 5h5v14h-5M4 12h10M10.5 8.5L14 12l-3.5 3.5',
  today: 'M4 19V11M10 19V5M16 19v-6M3 21.5h18',
  money: 'M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17ZM15 9a3.6 3.6 0 100 6M7.5 11h5m-5 2.2h5',
  exports: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4 20h16',
  payments: 'M3 6h18v12H3ZM3 10h18M6.5 14.5h4',
  settlements: 'M4 20h16M5 20V10m4.5 10V10m5 10V10M19 20V10M3 10l9-6 9 6Z',
  work: 'M9 5h11M9 12h11M9 19h11M4 5h.1M4 12h.1M4 19h.1',
  events: 'M4 12l16-7-6 15-3-6ZM11 14l4-4',
  health: 'M3 12h4l2.5-6 4 12 2.5-6h5',
  audit: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6ZM9 12l2.2 2.2L15.5 10',
  refunds: 'M4.5 10a8 8 0 111.6 7.2M4 4.5V10h5.5M12 8v4.2l3 1.8',
  person: 'M12 4a4 4 0 100 8 4 4 0 000-8ZM4.5 20c.8-4 3.8-6 7.5-6s6.7 2 7.5 6',
  keys: 'M3 6.5h18v11H3ZM7 14.5h10M7 10.5h.1M10.5 10.5h.1M14 10.5h.1M17 10.5h.1',
  alert: 'M12 4L2.5 20h19ZM12 10v4.5M12 17.3v.1',
  filter: 'M4 6h16M7 12h10M10 18h4',
  signed: 'M4 20l4-1L19 8l-3-3L5 16ZM14 7l3 3',
} as const;
export type Glyph = keyof typeof glyphs;

export function Icon({ glyph }: { glyph: Glyph }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={glyphs[glyph]} />
    </svg>
  );
}
