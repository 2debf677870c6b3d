import { useId, useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { findEntries, readRecent, withRecent } from "./palette-model.ts";
import type { PaletteEntry } from "./palette-model.ts";

interface PaletteProps {
  readonly entries: readonly PaletteEntry[];
  readonly placeholder: string;
  /** Where the browser keeps what was gone to last. */
  readonly remembered: string;
  readonly onOpen: (entry: PaletteEntry) => void;
  readonly onClose: () => void;
}

/** Goes anywhere by name: arrows choose, Enter opens. */
export function PaletteDialog({ entries, placeholder, remembered, onOpen, onClose }: PaletteProps) {
  const { t } = useFormats();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const { preferences } = useApp();
  const [recent] = useState(() => readRecent(preferences.read(remembered)));
  const found = findEntries(entries, query, recent);
  const open = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    preferences.write(remembered, withRecent(recent, entry).join("\n"));
    onClose();
    onOpen(entry);
  };
  const move = (step: number) => {
    const next = Math.min(found.length - 1, Math.max(0, at + step));
    setAt(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 && event.key !== "Enter") return;
    event.preventDefault();
    if (step === 0) open(found[at]);
    else move(step);
  };
  return (
    <Dialog title={t("palette.title")} onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={found.length === 0 ? undefined : `${id}-${at}`}
        aria-label={t("palette.title")}
        className="wf-input"
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        data-focus=""
        value={query}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
      />
      <ul ref={list} id={id} role="listbox" aria-label={t("palette.results")} className="max-h-[50dvh] overflow-y-auto">
        {found.map((entry, i) => (
          <li
            key={`${entry.kind} ${entry.to} ${JSON.stringify(entry.search)} ${entry.name}`}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            className="flex min-h-9 cursor-pointer items-center gap-3 rounded-control px-3 aria-selected:bg-select"
            onPointerMove={() => setAt(i)}
            onClick={() => open(entry)}
          >
            <span className="min-w-0 flex-1 truncate font-medium">{entry.name}</span>
            <span className="max-w-48 truncate text-sm text-ink-2">{entry.aside}</span>
            <span className="w-20 text-end text-sm text-ink-2">{t(`palette.kind.${entry.kind}`)}</span>
          </li>
        ))}
      </ul>
      <p role="status" className="text-sm text-ink-3">
        {found.length === 0 ? t("palette.none", { query }) : t("palette.help")}
      </p>
    </Dialog>
  );
}
