import { useEffect, useRef } from "react";
import { usesSingleKeys } from "#lib/single-keys.ts";
import { useApp } from "./app-context.tsx";

/** A letter after `g` counts this long. */
const PREFIX_MS = 1500;

/** A key and what was held with it. */
export interface PressedKey {
  /** As `KeyboardEvent.key` says it. */
  readonly key: string;
  /** Ctrl, or Command on a Mac. */
  readonly ctrl: boolean;
  readonly alt: boolean;
}

/** The key does nothing by itself: the next one counts with it. */
export interface KeyPrefix {
  readonly kind: "prefix";
}

/** What a key does where the focus is, with the prefix before it. `single`: whether keys without Ctrl do something. */
type KeyMeaning<A> = (
  press: PressedKey,
  target: EventTarget | null,
  prefix: string | undefined,
  single: boolean,
) => A | KeyPrefix | undefined;

const isPrefix = (action: { readonly kind: string }): action is KeyPrefix => action.kind === "prefix";

/** Does what keys say anywhere on the page, in place of what the browser would do. Both functions are the same at each drawing. */
export function useKeyActions<A extends { readonly kind: string }>(meaning: KeyMeaning<A>, run: (action: A) => void): void {
  const { preferences } = useApp();
  // A page that opens between the two keys brings another `run`, and takes the first key from nobody.
  const prefix = useRef<{ readonly key: string; readonly at: number }>(undefined);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const press = { key: event.key, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey };
      const { current } = prefix;
      const before = current !== undefined && event.timeStamp - current.at < PREFIX_MS ? current.key : undefined;
      const action = meaning(press, event.target, before, usesSingleKeys(preferences));
      prefix.current = action !== undefined && isPrefix(action) ? { key: event.key, at: event.timeStamp } : undefined;
      if (action === undefined || isPrefix(action)) return;
      event.preventDefault();
      run(action);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [preferences, meaning, run]);
}

/** Whether letters are written where the focus is, or belong to an open dialog. */
export function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}
