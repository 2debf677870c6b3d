import type { ReactNode } from "react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";

interface SaveBarProps {
  /** Shown only while something differs. */
  readonly dirty: boolean;
  readonly busy: boolean;
  /** What changed, in words. */
  readonly summary: string;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
  /** What keeps it from being saved. */
  readonly children: ReactNode;
}

/** Ctrl S saves while something differs. */
export function useSaveKey(dirty: boolean, onSave: () => void): void {
  useEffect(() => {
    if (!dirty) return;
    const save = (event: KeyboardEvent) => {
      if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      onSave();
    };
    addEventListener("keydown", save);
    return () => removeEventListener("keydown", save);
  }, [dirty, onSave]);
}

/** At the bottom as soon as something differs. */
export function SaveBar({ dirty, busy, summary, onSave, onDiscard, children }: SaveBarProps) {
  const { t } = useTranslation();
  useSaveKey(dirty, onSave);
  if (!dirty) return null;
  return (
    <div className="sticky bottom-0 z-10 -mx-1 mt-2 grid gap-2 rounded-t-card bg-surface p-3 shadow-bar max-md:bottom-14">
      {children}
      <div className="flex flex-wrap items-center gap-3">
        <span className="min-w-0 flex-1 truncate text-sm text-ink-2">{summary}</span>
        <Button onClick={onDiscard}>{t("action.discard")}</Button>
        <Button kind="primary" disabled={busy} onClick={onSave}>
          {t("action.save")}
        </Button>
      </div>
    </div>
  );
}
