import { useSearchState } from "../navigation.ts";

interface ChoiceProps {
  /** The search parameter that keeps it. */
  readonly name: string;
  readonly label: string;
  /** Parameters that mean nothing any more when this one changes: the page, what is open. */
  readonly clears?: readonly string[];
  readonly choices: readonly { readonly value: string | number; readonly label: string }[];
}

/** One of the filters above a list, kept in the address: it shows its name while it is not used. */
export function FilterChoice({ name, label, clears = ["before"], choices }: ChoiceProps) {
  const [search, change] = useSearchState();
  return (
    <select
      aria-label={label}
      className="wf-input w-auto! max-w-44 min-w-0 text-sm max-sm:max-w-36"
      value={search[name] ?? ""}
      onChange={(event) => change({ ...Object.fromEntries(clears.map((key) => [key, ""])), [name]: event.target.value })}
    >
      <option value="">{label}</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
