import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { STORAGE_KEYS } from "#lib/storage.ts";
import { useApp } from "../app-context.tsx";
import { actionOf } from "./keys.ts";

/** A letter after `g` counts this long. */
const PREFIX_MS = 1500;

/** Keys of the whole console. */
export function useKeys(onPalette: () => void): void {
  const navigate = useNavigate();
  const { preferences } = useApp();
  useEffect(() => {
    let previous: { key: string; at: number } | undefined;
    const onKey = (event: KeyboardEvent) => {
      const press = { key: event.key, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, writing: isWriting(event.target) };
      const before = previous !== undefined && event.timeStamp - previous.at < PREFIX_MS ? previous.key : undefined;
      const action = actionOf(press, before, preferences.read(STORAGE_KEYS.singleKeys) !== "off");
      previous = action?.kind === "prefix" ? { key: event.key, at: event.timeStamp } : undefined;
      if (action === undefined || action.kind === "prefix") return;
      event.preventDefault();
      if (action.kind === "palette") onPalette();
      else if (action.kind === "go") void navigate({ to: action.to });
      else document.querySelector<HTMLElement>("main input[type=search]")?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [navigate, preferences, onPalette]);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog, .xterm") !== null;
}
