import type { RefObject } from "react";
import { useEffect, useState } from "react";

const LONGEST_HOLD_MS = 10_000;

/**
 * Keeps a list from moving under the hand: while pointer or focus is inside, the old order stays, at most ten seconds. Another `key`
 * (filter, sort) is a wish to move and counts at once.
 */
export function useHeldOrder(list: RefObject<HTMLElement | null>, wanted: readonly number[], key: string): readonly number[] {
  const held = useHeld(list);
  const [shown, setShown] = useState({ key, ids: wanted });
  const ids = held && shown.key === key ? keepOrder(shown.ids, wanted) : wanted;
  const moved = shown.key !== key || !sameIds(shown.ids, ids);
  // Adjusting state while drawing: the list draws once, with the order it shall have.
  if (moved) setShown({ key, ids });
  return moved ? ids : shown.ids;
}

function useHeld(list: RefObject<HTMLElement | null>): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const look = () => setHeld(element.matches(":hover, :focus-within"));
    const events = ["pointerenter", "pointerleave", "focusin", "focusout"];
    for (const event of events) element.addEventListener(event, look);
    return () => {
      for (const event of events) element.removeEventListener(event, look);
    };
  }, [list]);
  useEffect(() => {
    if (!held) return;
    const timer = setTimeout(() => setHeld(false), LONGEST_HOLD_MS);
    return () => clearTimeout(timer);
  }, [held]);
  return held;
}

/** The old order without what left; what is new comes at the end. */
export function keepOrder(before: readonly number[], wanted: readonly number[]): number[] {
  const present = new Set(wanted);
  const kept = before.filter((id) => present.has(id));
  const known = new Set(kept);
  return [...kept, ...wanted.filter((id) => !known.has(id))];
}

function sameIds(before: readonly number[], next: readonly number[]): boolean {
  return before.length === next.length && before.every((id, i) => id === next[i]);
}
