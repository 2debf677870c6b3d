import type { ComponentType, FunctionComponent } from "react";
import { use, useEffect, useReducer, useTransition } from "react";
import { isFileMissing, mendStyles, whyMissing } from "#wire/missing-part.ts";
import type { Missing } from "#wire/missing-part.ts";

export interface MissingProps {
  readonly missing: Missing;
  readonly onRetry: () => void;
  /** It is being tried. */
  readonly trying: boolean;
}

/** A component that is loaded when it is drawn for the first time, and already when it is asked to prepare for that. */
export type LatePart<P> = FunctionComponent<P> & { readonly preload: () => Promise<void> };

/**
 * What cannot be loaded gives way to `Instead`, in its place: what stands around stays as it is, and nothing has to be loaded anew that the
 * dashboard, while it is away, would not give.
 */
export function latePart<P extends object>(load: () => Promise<ComponentType<P>>, Instead: ComponentType<P & MissingProps>): LatePart<P> {
  let coming: Promise<ComponentType<P> | Missing> | undefined;
  let come: ComponentType<P> | undefined;
  const start = async (): Promise<ComponentType<P> | Missing> => {
    try {
      return (come = await load());
    } catch (error) {
      if (!isFileMissing(error)) throw error;
      return whyMissing();
    }
  };
  const part = () => (coming ??= start());
  function Late(props: P) {
    const [, again] = useReducer((count: number) => count + 1, 0);
    const [trying, startTrying] = useTransition();
    const now = part();
    const found = come ?? use(now);
    const missing = typeof found === "string";
    // Whoever comes back asks anew.
    useEffect(
      () => () => {
        if (missing && coming === now) coming = undefined;
      },
      [missing, now],
    );
    if (typeof found !== "string") {
      const Found = found;
      return <Found {...props} />;
    }
    const retry = () =>
      startTrying(async () => {
        await mendStyles(document);
        if (coming === now) coming = undefined;
        await part();
        startTrying(again);
      });
    return <Instead {...props} missing={found} onRetry={retry} trying={trying} />;
  }
  // A failure shows when the part is drawn, which tries anew; getting ready for it is only a wish.
  const preload = async () => {
    const now = part();
    const ready = await now.then(isComponent, () => true);
    if (!ready && coming === now) coming = undefined;
  };
  return Object.assign(Late, { preload });
}

const isComponent = (found: unknown) => typeof found !== "string";
