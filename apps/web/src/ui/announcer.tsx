import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 5000;

/** The one polite live region of a page: says `text` when it changes, at most every five seconds, the newest of what came meanwhile. */
export function Announcer({ text }: { readonly text: string }) {
  const [said, setSaid] = useState("");
  const last = useRef(0);
  useEffect(() => {
    if (text === "" || text === said) return;
    const wait = Math.max(0, last.current + PAUSE_MS - Date.now());
    const timer = setTimeout(() => {
      last.current = Date.now();
      setSaid(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text, said]);
  return (
    <p aria-live="polite" className="sr-only">
      {said}
    </p>
  );
}
