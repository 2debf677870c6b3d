import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { useKeyActions } from "../key-actions.ts";
import type { KeyPrefix, PressedKey } from "../key-actions.ts";
import { actionOf } from "./keys.ts";
import type { KeyAction, KeyPress } from "./keys.ts";
import { pressRowKey } from "./row-keys.ts";

/** Keys of the whole console. */
export function useKeys(onPalette: () => void, onHelp: () => void): void {
  const navigate = useNavigate();
  const run = useCallback(
    (action: Exclude<KeyAction, KeyPrefix>) => {
      if (action.kind === "palette") onPalette();
      else if (action.kind === "help") onHelp();
      else if (action.kind === "go") void navigate({ to: action.to });
      else if (action.kind === "search") document.querySelector<HTMLElement>("main input[type=search]")?.focus();
      else pressRowKey(document, action);
    },
    [navigate, onPalette, onHelp],
  );
  useKeyActions(meaningOf, run);
}

function meaningOf(press: PressedKey, target: EventTarget | null, prefix: string | undefined, single: boolean) {
  return actionOf({ ...press, place: placeOf(target) }, prefix, single);
}

/** Boxes to tick take no letters. */
const WRITING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], .xterm";

function placeOf(target: EventTarget | null): KeyPress["place"] {
  if (!(target instanceof Element)) return "page";
  if (target.closest(WRITING) !== null) return "writing";
  return target.closest("dialog, [popover]") === null ? "page" : "dialog";
}
