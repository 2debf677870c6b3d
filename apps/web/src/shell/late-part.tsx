import type { ComponentProps, ComponentType, FunctionComponent } from "react";
import { use, useEffect, useReducer, useTransition } from "react";
import { browserTimers } from "#wire/browser.ts";
import { isFileMissing, mendStyles, whyMissing } from "#wire/missing-part.ts";
import type { Missing } from "#wire/missing-part.ts";
import { within } from "#wire/within.ts";

export interface MissingProps {
  readonly missing: Missing;
  readonly onRetry: () => void;
  /** It is being tried. */
  readonly trying: boolean;
}

/** A component that is loaded when it is drawn for the first time, and already when it is asked to prepare for that. */
export type LatePart<P> = FunctionComponent<P> & { readonly preload: () => Promise<void> };

/** A network that swallows what is asked says nothing for minutes. */
const PATIENCE_MS = 15_000;

/**
 * What cannot be loaded gives way to `Instead`, in its place: what stands around stays as it is, and nothing has to be loaded anew that the
 * dashboard, while it is away, would not give. What comes after all takes its place back.
 */
export function latePart<P extends object>(load: () => Promise<ComponentType<P>>, Instead: ComponentType<P & MissingProps>): LatePart<P> {
  let coming: Promise<ComponentType<P> | Missing> | undefined;
  let come: ComponentType<P> | undefined;
  const latecomers = new Set<() => void>();
  /** Asked for, and neither come nor refused: asking again would wait for the same. */
  let asked: { readonly since: number; readonly arriving: Promise<ComponentType<P>> } | undefined;
  const arrive = async (): Promise<ComponentType<P>> => {
    try {
      come = await load();
    } finally {
      asked = undefined;
    }
    for (const tell of latecomers) tell();
    return come;
  };
  const start = async (): Promise<ComponentType<P> | Missing> => {
    try {
      const { since, arriving } = (asked ??= { since: browserTimers.now(), arriving: arrive() });
      return (await within(PATIENCE_MS - (browserTimers.now() - since), arriving, browserTimers)) ?? "away";
    } catch (error) {
      if (!isFileMissing(error)) throw error;
      return (await within(PATIENCE_MS, whyMissing(), browserTimers)) ?? "away";
    }
  };
  const part = () => (coming ??= start());
  const forget = (which: typeof coming) => {
    if (coming === which) coming = undefined;
  };
  /** Without a hook of its own but `use`, which is not asked any more once the part is there. */
  function Arrived({ now, again, props }: { readonly now: ReturnType<typeof start>; readonly again: () => void; readonly props: P }) {
    const found = come ?? use(now);
    if (typeof found === "string") return <Missed missing={found} now={now} again={again} props={props} />;
    const Found = found;
    return <Found {...props} />;
  }
  function Missed({ missing, now, again, props }: ComponentProps<typeof Arrived> & { readonly missing: Missing }) {
    const [trying, startTrying] = useTransition();
    // Whoever comes back asks anew.
    useEffect(() => () => forget(now), [now]);
    useEffect(() => {
      const tell = () => startTrying(again);
      latecomers.add(tell);
      return () => void latecomers.delete(tell);
    }, [again]);
    const retry = () =>
      startTrying(async () => {
        await mendStyles(document);
        forget(now);
        await part();
        startTrying(again);
      });
    return <Instead {...props} missing={missing} onRetry={retry} trying={trying} />;
  }
  function Late(props: P) {
    const [, again] = useReducer((count: number) => count + 1, 0);
    return <Arrived now={part()} again={again} props={props} />;
  }
  // A failure shows when the part is drawn, which tries anew; getting ready for it is only a wish.
  const preload = async () => {
    const now = part();
    if (!(await now.then(isComponent, () => true))) forget(now);
  };
  return Object.assign(Late, { preload });
}

const isComponent = (found: unknown) => typeof found !== "string";
