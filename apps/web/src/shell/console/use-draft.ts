import { useMemo, useState } from "react";
import { clashingFields, only, without } from "./clash.ts";

export interface Draft<V> {
  /** What is stored, with the changes over it: a field that is changed elsewhere only is the newest one. */
  readonly values: V;
  /** The changes alone; the same object until one is made. */
  readonly made: Partial<V>;
  /** Fields that were changed here and elsewhere. */
  readonly clashing: readonly (keyof V)[];
  set(change: Partial<V>): void;
  clear(): void;
  /** Lets the changes stand for what is stored now. */
  keepMine(): void;
  /** Gives the changes of the clashing fields up. */
  takeTheirs(): void;
}

interface Changes<V> {
  readonly made: Partial<V>;
  /** What was stored of a field when it was first changed. */
  readonly begun: Partial<V>;
}

/** Changes over what is stored, which may become another meanwhile. */
export function useDraft<V extends object>(stored: V): Draft<V> {
  const [{ made, begun }, change] = useState<Changes<V>>({ made: {}, begun: {} });
  const values = useMemo(() => ({ ...stored, ...made }), [stored, made]);
  const clashing = clashingFields(begun, stored, values);
  return {
    values,
    made,
    clashing,
    set: (part) =>
      change((before) => ({
        made: { ...before.made, ...part },
        begun: { ...only(stored, Object.keys(part) as (keyof V)[]), ...before.begun },
      })),
    clear: () => change({ made: {}, begun: {} }),
    keepMine: () => change((before) => ({ ...before, begun: { ...before.begun, ...only(stored, clashing) } })),
    takeTheirs: () => change((before) => ({ made: without(before.made, clashing), begun: without(before.begun, clashing) })),
  };
}
