import { useEffect } from "react";
import { STORAGE_KEYS } from "#lib/storage.ts";
import { useApp } from "#shell/app-context.tsx";
import { VIEWS } from "./list-model.ts";
import type { View } from "./list-model.ts";

/** The key `v` shows the next view, unless something is written or single keys are switched off. */
export function useViewKey(view: View, onView: (next: View) => void): void {
  const { preferences } = useApp();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "v" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (preferences.read(STORAGE_KEYS.singleKeys) === "off") return;
      onView(VIEWS[(VIEWS.indexOf(view) + 1) % VIEWS.length] ?? view);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
}

/** Whether keys write something where the focus is. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
