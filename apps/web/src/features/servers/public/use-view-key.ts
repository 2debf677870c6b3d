import { useEffect } from "react";
import { usesSingleKeys } from "#lib/single-keys.ts";
import { useApp } from "#shell/app-context.tsx";
import { isWriting } from "#shell/key-actions.ts";
import { VIEWS } from "./list-model.ts";
import type { View } from "./list-model.ts";

/** The key `v` shows the next view, unless something is written or single keys are switched off. */
export function useViewKey(view: View, onView: (next: View) => void): void {
  const { preferences } = useApp();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "v" || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (!usesSingleKeys(preferences)) return;
      onView(VIEWS[(VIEWS.indexOf(view) + 1) % VIEWS.length] ?? view);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
}
