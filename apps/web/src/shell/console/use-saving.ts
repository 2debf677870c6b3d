import { useCallback, useEffect, useState } from "react";
import { focusFirstError } from "./focus-error.ts";
import { keysOf } from "./form-errors.ts";
import { refusedField } from "./refused-field.ts";
import type { Spellings } from "./refused-field.ts";
import type { Draft } from "./use-draft.ts";
import { useNewest, useReadAnew } from "./use-newest.ts";

/** What is known of a form when it is saved. */
export interface SaveOptions<V> {
  /**
   * Route that the stored values are read from: it is read anew before a save, so that nobody undoes unseen what somebody else saved meanwhile.
   * `undefined` where nothing can be read or only the change is sent.
   */
  readonly source: string | undefined;
  /** Names of the fields, in the order of the form: for the summaries of changes and of errors. */
  readonly labels: Readonly<Record<keyof V, string>>;
  /** Fields that the dashboard calls otherwise than the form in snake case: a refusal stands at its field. */
  readonly spellings?: Spellings<V> | undefined;
  /** Something new: every field has to pass the check, also those that nobody touched. */
  readonly fresh?: boolean;
  /** Shows a wrong field that is out of sight: opens its tab or section. */
  readonly reveal?: (field: keyof V) => void;
  readonly save: (values: V) => Promise<void>;
  /** Called once the form is clean after a save. */
  readonly onSaved?: () => void;
}

interface SavingOptions<V> extends SaveOptions<V> {
  readonly draft: Draft<V>;
  readonly wrong: readonly (keyof V)[];
}

/** Checks, looks whether somebody else was faster, and saves. */
export function useSaving<V extends object>(options: SavingOptions<V>) {
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | undefined>();
  const [saves, setSaves] = useState(0);
  const readAnew = useReadAnew();
  const newest = useNewest(options);
  const { made } = options.draft;
  useEffect(() => setRefusal(undefined), [made]);
  const run = useCallback(async () => {
    const { wrong, reveal, source, fresh = false } = newest.current;
    setTried(true);
    setRefusal(undefined);
    const first = wrong[0];
    if (first !== undefined) {
      reveal?.(first);
      return focusFirstError();
    }
    setBusy(true);
    try {
      if (source !== undefined && !fresh) await readAnew(source);
      const { draft, save } = newest.current;
      if (draft.clashing.length === 0) {
        await save(draft.values);
        draft.clear();
        setTried(false);
        setSaves((count) => count + 1);
      }
    } catch (failure) {
      const { labels, spellings } = newest.current;
      const text = failure instanceof Error ? failure.message : String(failure);
      setRefusal(text);
      const refused = refusedField(text, keysOf(labels), spellings);
      if (refused !== undefined) {
        newest.current.reveal?.(refused.field);
        focusFirstError();
      }
    }
    setBusy(false);
  }, [newest, readAnew]);
  useAfterSave(saves, options.onSaved);
  const start = useCallback(() => void run(), [run]);
  const forget = () => {
    setTried(false);
    setRefusal(undefined);
  };
  return { tried, busy, refusal, start, forget };
}

/** Tells of a save after the commit that made the form clean, so that no guard still sees a draft. */
function useAfterSave(saves: number, onSaved: (() => void) | undefined): void {
  const newest = useNewest(onSaved);
  useEffect(() => {
    if (saves > 0) newest.current?.();
  }, [saves, newest]);
}
