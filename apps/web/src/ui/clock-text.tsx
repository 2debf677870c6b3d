import { useInBrowser } from "./use-settled.ts";

/** A text with a time of day. The dashboard, which draws the first screen, does not know the visitor's clock: there it keeps its place unseen. */
export function ClockText({ text }: { readonly text: string }) {
  if (useInBrowser()) return text;
  return (
    <span className="invisible" suppressHydrationWarning>
      {text}
    </span>
  );
}
