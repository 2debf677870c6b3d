import { useId, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { chooseSingleKeys, usesSingleKeys } from "#lib/single-keys.ts";
import { useApp } from "#shell/app-context.tsx";
import { Dialog } from "#ui/dialog.tsx";

const KEYS = [
  { keys: ["Ctrl K"], text: "keys.palette" },
  { keys: ["/"], text: "keys.filter" },
  { keys: ["j", "k"], text: "keys.next" },
  { keys: ["v"], text: "keys.view" },
  { keys: ["1", "5"], text: "keys.range", through: true },
  { keys: ["0"], text: "keys.whole" },
  { keys: ["g h"], text: "keys.servers" },
  { keys: ["g v"], text: "keys.services" },
  { keys: ["?"], text: "keys.list" },
] as const;

/** What each key does, and the switch for those without Ctrl. */
export function KeyList({ onClose }: { readonly onClose: () => void }) {
  const { t } = useFormats();
  const { preferences } = useApp();
  const id = useId();
  const [single, setSingle] = useState(usesSingleKeys(preferences));
  const choose = (on: boolean) => {
    chooseSingleKeys(preferences, on);
    setSingle(on);
  };
  return (
    <Dialog title={t("keys.title")} onClose={onClose}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-4 gap-y-2 text-sm">
        {KEYS.map(({ keys, text, ...how }) => (
          <div key={text} className="contents">
            <dt className="whitespace-nowrap">
              {keys.map((key, at) => (
                <span key={key}>
                  {at === 0 ? null : "through" in how ? " – " : " "}
                  <kbd className="rounded-chip border border-line bg-sunken px-1.5 py-0.5 font-mono text-xs">{key}</kbd>
                </span>
              ))}
            </dt>
            <dd className="text-ink-2">{t(text)}</dd>
          </div>
        ))}
      </dl>
      <label htmlFor={id} className="flex items-center gap-2 text-sm">
        <input id={id} type="checkbox" checked={single} onChange={(event) => choose(event.target.checked)} />
        {t("keys.single")}
      </label>
    </Dialog>
  );
}
