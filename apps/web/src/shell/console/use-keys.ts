import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { STORAGE_KEYS } from "#lib/storage.ts";
import { useApp } from "../app-context.tsx";
import { actionOf } from "./keys.ts";
import type { KeyPress } from "./keys.ts";
import { pressRowKey } from "./row-keys.ts";

/** A letter after `g` counts this long. */
const PREFIX_MS = 1500;

/** Keys of the whole console. */
export function useKeys(onPalette: () => void, onHelp: () => void): void {
  const navigate = useNavigate();
  const { preferences } = useApp();
  useEffect(() => {
    let previous: { key: string; at: number } | undefined;
    const onKey = (event: KeyboardEvent) => {
      const press = { key: event.key, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, place: placeOf(event.target) };
      const before = previous !== undefined && event.timeStamp - previous.at < PREFIX_MS ? previous.key : undefined;
      const action = actionOf(press, before, preferences.read(STORAGE_KEYS.singleKeys) !== "off");
      previous = action?.kind === "prefix" ? { key: event.key, at: event.timeStamp } : undefined;
      if (action === undefined || action.kind === "prefix") return;
      event.preventDefault();
      if (action.kind === "palette") onPalette();
      else if (action.kind === "help") onHelp();
      else if (action.kind === "go") void navigate({ to: action.to });
      else if (action.kind === "search") document.querySelector<HTMLElement>("main input[type=search]")?.focus();
      else pressRowKey(document, action);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [navigate, preferences, onPalette, onHelp]);
}

/** Boxes to tick take no letters. */
const WRITING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], .xterm";

function placeOf(target: EventTarget | null): KeyPress["place"] {
  if (!(target instanceof Element)) return "page";
  if (target.closest(WRITING) !== null) return "writing";
  return target.closest("dialog, [popover]") === null ? "page" : "dialog";
}
