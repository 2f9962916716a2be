// The brand's sign: a sun with sixteen rays.
const rays = Array.from({ length: 16 }, (_, i) => i);

export function Sun({ class: name }: { class?: string }) {
  return (
    <svg class={`sun ${name ?? ''}`} viewBox="-50 -50 100 100" aria-hidden="true">
      <g class="rays">
        {rays.map((i) => (
          <path
            key={i}
            d={i % 2 ? 'M-4 -29L0 -41L4 -29Z' : 'M-5 -29L0 -49L5 -29Z'}
            transform={`rotate(${22.5 * i})`}
          />
        ))}
      </g>
      <circle r="25" class="disc" />
      <path class="spiral" d="M0 0c0-4 7-4 7 1s-7 9-13 5-6-15 2-19 19 1 19 12-9 18-20 16" />
    </svg>
  );
}
