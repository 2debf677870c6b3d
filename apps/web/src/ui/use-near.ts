import type { RefObject } from "react";
import { useEffect, useState } from "react";

/** Pixels above and below the screen that are close to it. */
const AROUND = 800;
const watched = new WeakMap<Element, (near: boolean) => void>();
const observers = new Map<number, IntersectionObserver>();

function sharedObserver(around: number): IntersectionObserver {
  const known = observers.get(around);
  if (known !== undefined) return known;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) watched.get(entry.target)?.(entry.isIntersecting);
    },
    { rootMargin: `${around}px 0px` },
  );
  observers.set(around, observer);
  return observer;
}

/** Whether an element is on the screen or close to it; `first` until that is known. One observer serves all that call the same close. */
export function useNear(ref: RefObject<Element | null>, first = false, around = AROUND): boolean {
  const [near, setNear] = useState(first);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    watched.set(element, setNear);
    sharedObserver(around).observe(element);
    return () => {
      watched.delete(element);
      sharedObserver(around).unobserve(element);
    };
  }, [ref, around]);
  return near;
}
