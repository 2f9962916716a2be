interface Props<Id extends string> {
  label: string;
  choices: readonly { id: Id; name: string }[];
  chosen: Id;
  choose: (id: Id) => void;
}

// A few choices side by side, one of which counts.
export function Segments<Id extends string>({ label, choices, chosen, choose }: Props<Id>) {
  return (
    <div class="segments segments-page" role="group" aria-label={label}>
      {choices.map(({ id, name }) => (
        <button key={id} type="button" aria-pressed={id === chosen} onClick={() => choose(id)}>
          {name}
        </button>
      ))}
    </div>
  );
}
