// Drawn here, so that nothing comes from outside: the sun, the hills, mandalas, the badges.

const points = (count: number) => Array.from({ length: count }, (_, i) => i);

// Small numbers that are always the same for the same ticket.
function dice(seed: number) {
  let state = (seed * 2654435761) >>> 0 || 1;
  return (sides: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

function petal(length: number, width: number) {
  const low = -length * 0.35;
  const high = -length * 0.75;
  const right = `C${width} ${low} ${width} ${high} 0 ${-length}`;
  const left = `C${-width} ${high} ${-width} ${low} 0 0`;
  return `M0 0${right}${left}Z`;
}

// A mandala of petal rings; every ticket number grows its own.
export function Mandala({ seed, class: name }: { seed: number; class?: string }) {
  const roll = dice(seed);
  const folds = 8 + 2 * roll(4);
  const rings = [94, 76, 56, 36].map((length, depth) => ({
    length,
    width: 10 + roll(9) + depth,
    turn: (roll(2) * 180) / folds,
    dots: roll(3) > 0,
  }));
  return (
    <svg class={`mandala ${name ?? ''}`} viewBox="-100 -100 200 200" aria-hidden="true">
      {rings.map(({ length, width, turn, dots }, depth) => (
        <g key={depth} class={`ring ring-${depth}`}>
          {points(folds).map((i) => (
            <g key={i} transform={`rotate(${(360 / folds) * i + turn})`}>
              <path d={petal(length, width)} />
              {dots && <circle cy={-length * 0.68} r={2.6} class="dot" />}
            </g>
          ))}
        </g>
      ))}
      <circle r="12" class="heart" />
      <circle r="5" class="pupil" />
    </svg>
  );
}

export function Horizon() {
  return (
    <svg class="horizon" viewBox="0 0 1200 220" preserveAspectRatio="none" aria-hidden="true">
      <path
        class="hill hill-far"
        d="M0 130C120 70 220 60 340 100S560 150 700 90s260-60 500 20V220H0Z"
      />
      <path
        class="hill hill-mid"
        d="M0 160C160 110 300 130 460 160s300 20 420-20 210-40 320 0V220H0Z"
      />
      <path class="hill hill-near" d="M0 190C200 150 380 170 600 195s420-10 600-20V220H0Z" />
    </svg>
  );
}

// The wordmark the payer must see before paying by SimplePay.
export function SimplePayBadge() {
  return (
    <svg class="simplepay-badge" viewBox="0 0 172 48" role="img" aria-label="SimplePay">
      <rect width="172" height="48" rx="10" fill="#fff" />
      <rect
        x=".75"
        y=".75"
        width="170.5"
        height="46.5"
        rx="9.4"
        fill="none"
        stroke="#c9d3c4"
        stroke-width="1.5"
      />
      <circle cx="27" cy="24" r="13" fill="#6a9c1f" />
      <path
        d="M20.5 24.6l4.7 4.7 8.6-9.6"
        fill="none"
        stroke="#fff"
        stroke-width="3.4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
      <text
        x="48"
        y="31.5"
        font-family="inherit"
        font-size="21.5"
        font-weight="700"
        letter-spacing="-.3"
      >
        <tspan fill="#2f3a2c">Simple</tspan>
        <tspan fill="#557f14">Pay</tspan>
      </text>
    </svg>
  );
}

export function CardIcon() {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <rect x="2.5" y="5" width="19" height="14" rx="2.5" />
      <path d="M2.5 10h19M6 15h4" />
    </svg>
  );
}

const glyphs = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6.5 6.5l11 11m0-11l-11 11',
  clock: 'M12 7v5.5l3.5 2M21 12a9 9 0 11-18 0 9 9 0 0118 0Z',
  back: 'M10 6L4 12l6 6M4.5 12H20',
  eye:
    'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z' +
    'm12.5 0a3 3 0 11-6 0 3 3 0 016 0Z',
  moon: 'M20 14.5A8.5 8.5 0 019.5 4a8.5 8.5 0 1010.5 10.5Z',
  day:
    'M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6L7 7m10 10l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4' +
    'M16 12a4 4 0 11-8 0 4 4 0 018 0Z',
  arrow: 'M4 12h15.5M13.5 6l6 6-6 6',
} as const;
export type Glyph = keyof typeof glyphs;

export function Icon({ glyph }: { glyph: Glyph }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={glyphs[glyph]} />
    </svg>
  );
}
