/** Pages by the letter after `g`. */
const PAGES: Readonly<Record<string, string>> = {
  h: "/",
  s: "/servers",
  v: "/service",
  a: "/alert-rule",
  t: "/cron",
  n: "/notification",
};

export type KeyAction =
  | { readonly kind: "palette" }
  | { readonly kind: "search" }
  | { readonly kind: "go"; readonly to: string }
  | { readonly kind: "prefix" };

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  /** Whether the focus is where letters are written: a field, a terminal, an open dialog. */
  readonly writing: boolean;
}

/** What a key does, with the one before it. Letters alone do nothing where something is written, or when they are switched off. */
export function actionOf(press: KeyPress, previous: string | undefined, single: boolean): KeyAction | undefined {
  if (press.ctrl && press.key.toLowerCase() === "k") return { kind: "palette" };
  if (press.ctrl || press.alt || press.writing || !single) return undefined;
  if (previous === "g") {
    const to = PAGES[press.key];
    return to === undefined ? undefined : { kind: "go", to };
  }
  if (press.key === "g") return { kind: "prefix" };
  return press.key === "/" ? { kind: "search" } : undefined;
}
