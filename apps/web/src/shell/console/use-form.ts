import type { FormEvent } from "react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useFormats } from "#lib/formats.ts";

type Errors<V> = Readonly<Partial<Record<keyof V, string | undefined>>>;

interface FormOptions<V> {
  /** What is saved now. The form follows it while nothing is changed. */
  readonly stored: V;
  /** Names of the fields, for the summary of changes. */
  readonly labels: Readonly<Record<keyof V, string>>;
  readonly check?: (values: V) => Errors<V>;
  readonly save: (values: V) => Promise<void>;
}

/** Values, errors and the save bar of a form. Errors show once saving was tried, and go while typing. */
export function useForm<V extends object>({ stored, labels, check, save }: FormOptions<V>) {
  const { t, list } = useFormats();
  const [changes, setChanges] = useState<Partial<V>>({});
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const values = useMemo(() => ({ ...stored, ...changes }), [stored, changes]);
  const changed = changedFields(stored, values);
  const found: Errors<V> = check?.(values) ?? noErrors();
  const errors: Errors<V> = tried ? found : noErrors();
  const invalid = Object.values(found).some((text) => text !== undefined);
  const run = useCallback(async () => {
    setTried(true);
    setError(undefined);
    if (invalid) return focusFirstError();
    setBusy(true);
    try {
      await save(values);
      setChanges({});
      setTried(false);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  }, [invalid, save, values]);
  const onSave = useCallback(() => void run(), [run]);
  useEffect(() => setError(undefined), [changes]);
  return {
    values,
    errors,
    set: (change: Partial<V>) => setChanges((before) => ({ ...before, ...change })),
    submit(event: FormEvent) {
      event.preventDefault();
      onSave();
    },
    bar: {
      dirty: changed.length > 0,
      busy,
      error,
      summary: t("form.changed", { fields: list(changed.map((key) => labels[key])) }),
      onSave,
      onDiscard() {
        setChanges({});
        setTried(false);
      },
    },
  };
}

/** No field is wrong. */
function noErrors<V extends object>(): Errors<V> {
  const none: { [K in keyof V]?: string | undefined } = {};
  return none;
}

/** Fields whose values differ, in the order of the form. */
export function changedFields<V extends object>(stored: V, values: V): (keyof V)[] {
  return (Object.keys(values) as (keyof V)[]).filter((key) => JSON.stringify(values[key]) !== JSON.stringify(stored[key]));
}

function focusFirstError(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
