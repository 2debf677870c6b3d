import type { RefObject } from "react";
import { useEffect, useState } from "react";

const AROUND = "800px 0px";
const watched = new WeakMap<Element, (near: boolean) => void>();
let observer: IntersectionObserver | undefined;

function sharedObserver(): IntersectionObserver {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) watched.get(entry.target)?.(entry.isIntersecting);
    },
    { rootMargin: AROUND },
  );
  return observer;
}

/** Whether an element is on the screen or close to it; `first` until that is known. One observer serves all. */
export function useNear(ref: RefObject<Element | null>, first = false): boolean {
  const [near, setNear] = useState(first);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    watched.set(element, setNear);
    sharedObserver().observe(element);
    return () => {
      watched.delete(element);
      sharedObserver().unobserve(element);
    };
  }, [ref]);
  return near;
}
