import { useDeferredValue, useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * False while a page is drawn for the first time, then true without haste: what is not on the first screen comes after it, and a key or
 * a click in between is answered first.
 */
export function useSettled(): boolean {
  return useDeferredValue(true, false);
}

/** False where the dashboard draws, and in the browser until what it drew has been taken over; the same picture both times. */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
