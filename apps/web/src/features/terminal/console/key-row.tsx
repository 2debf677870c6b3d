import { useFormats } from "#lib/formats.ts";

/** Keys that phones do not have, and what they send. */
const KEYS: readonly (readonly [string, string])[] = [
  ["Esc", "\u001b"],
  ["Tab", "\t"],
  ["Ctrl C", "\u0003"],
  ["Ctrl D", "\u0004"],
  ["Ctrl Z", "\u001a"],
  ["↑", "\u001b[A"],
  ["↓", "\u001b[B"],
  ["←", "\u001b[D"],
  ["→", "\u001b[C"],
  ["/", "/"],
  ["|", "|"],
];

export function KeyRow({ onKey }: { readonly onKey: (keys: string) => void }) {
  const { t } = useFormats();
  return (
    <div role="group" aria-label={t("terminal.keys")} className="hidden gap-1 overflow-x-auto bg-surface p-1.5 pointer-coarse:flex">
      {KEYS.map(([name, keys]) => (
        <button key={name} type="button" className="wf-btn flex-none" data-size="small" onClick={() => onKey(keys)}>
          {name}
        </button>
      ))}
    </div>
  );
}
