import type { FormEvent } from "react";
import { useCallback, useEffect, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { focusFirstError } from "./focus-error.ts";
import { refusedField } from "./refused-field.ts";
import type { Spellings } from "./refused-field.ts";
import { useDraft } from "./use-draft.ts";
import type { Draft } from "./use-draft.ts";
import { useNewest, useReadAnew } from "./use-newest.ts";

export type Errors<V> = Readonly<Partial<Record<keyof V, string | undefined>>>;

interface FormOptions<V> {
  /** What is saved now. Fields follow it while they are not changed. */
  readonly stored: V;
  /**
   * Route that `stored` is read from: it is read anew before a save, so that nobody undoes unseen what somebody else saved meanwhile.
   * `undefined` where nothing can be read or only the change is sent.
   */
  readonly source: string | undefined;
  /** Names of the fields, in the order of the form: for the summaries of changes and of errors. */
  readonly labels: Readonly<Record<keyof V, string>>;
  readonly check?: (values: V) => Errors<V>;
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

/** What a save bar and a draft guard need to know of a form. */
export interface FormState {
  readonly dirty: boolean;
  readonly busy: boolean;
  /** What is wrong with the fields, or the server's own message. */
  readonly error: string | undefined;
  /** Names of the changed fields. */
  readonly changed: readonly string[];
  readonly summary: string;
  /** Fields that somebody else changed too, each with what it is now; "" without any. Nothing is saved until it is said whose counts. */
  readonly clash: string;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}

/** Names of the fields that hold a `T`. */
type Holding<V, T> = { [K in keyof V]: V[K] extends T ? K : never }[keyof V];

export interface Form<V> {
  readonly values: V;
  readonly errors: Errors<V>;
  readonly set: (change: Partial<V>) => void;
  /** What a text, area or select field needs: `<TextField {...form.text("name")} />`. */
  readonly text: (field: Holding<V, string>) => {
    readonly label: string;
    readonly value: string;
    readonly error: string | undefined;
    readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
  };
  /** What a switch needs. */
  readonly toggle: (field: Holding<V, boolean>) => {
    readonly label: string;
    readonly checked: boolean;
    readonly onChange: (checked: boolean) => void;
  };
  readonly submit: (event: FormEvent) => void;
  readonly bar: FormState;
}

/** Values, errors and the save bar of a form. Errors show once saving was tried, and go while typing. */
export function useForm<V extends object>(options: FormOptions<V>): Form<V> {
  const { stored, labels, check, fresh = false, onSaved } = options;
  const { t, list } = useFormats();
  const draft = useDraft(stored);
  const { values, set } = draft;
  const changed = changedFields(stored, values);
  const found = blockingErrors(check?.(values) ?? noErrors<V>(), changed, fresh);
  const wrong = wrongFields(found, labels);
  const saving = useSaving({ ...options, draft, wrong });
  useAfterSave(saving.saves, onSaved);
  const names = changed.map((key) => labels[key]);
  const { refusal } = saving;
  const refused = refusal === undefined ? undefined : refusedField(refusal, keysOf(labels), options.spellings);
  const errors: Errors<V> = {
    ...(saving.tried ? found : noErrors<V>()),
    ...(refused === undefined ? {} : noErrors<V>(refused)),
  };
  // The name of the field decides its type, which a computed key cannot say.
  const setOne = (field: keyof V, value: string | boolean) => set({ [field]: value } as Partial<V>);
  return {
    values,
    errors,
    set,
    text: (field) => ({
      label: labels[field],
      value: String(values[field]),
      error: errors[field],
      onChange: (event) => setOne(field, event.target.value),
    }),
    toggle: (field) => ({ label: labels[field], checked: Boolean(values[field]), onChange: (checked) => setOne(field, checked) }),
    submit(event) {
      event.preventDefault();
      saving.start();
    },
    bar: {
      dirty: changed.length > 0,
      busy: saving.busy,
      error:
        (refused === undefined ? refusal : `${labels[refused.field]}: ${refused.text}`) ??
        (saving.tried && wrong.length > 0 ? t("form.check", { fields: list(wrong.map((key) => labels[key])) }) : undefined),
      changed: names,
      summary: t("form.changed", { fields: list(names) }),
      clash: list(draft.clashing.map((key) => fieldNow(labels[key], stored[key]))),
      onKeepMine: draft.keepMine,
      onTakeTheirs: draft.takeTheirs,
      onSave: saving.start,
      onDiscard() {
        draft.clear();
        saving.forget();
      },
    },
  };
}

interface SavingOptions<V> extends FormOptions<V> {
  readonly draft: Draft<V>;
  readonly wrong: readonly (keyof V)[];
}

/** Checks, looks whether somebody else was faster, and saves. */
function useSaving<V extends object>(options: SavingOptions<V>) {
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
  const start = useCallback(() => void run(), [run]);
  const forget = () => {
    setTried(false);
    setRefusal(undefined);
  };
  return { tried, busy, refusal, saves, start, forget };
}

const LONGEST_SHOWN = 60;

/** A field with what is stored of it now, where that is short and can be read. */
function fieldNow(label: string, value: unknown): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return text === "" || text.length > LONGEST_SHOWN ? label : `${label} (${text})`;
}

/** Tells of a save after the commit that made the form clean, so that no guard still sees a draft. */
function useAfterSave(saves: number, onSaved: (() => void) | undefined): void {
  const newest = useNewest(onSaved);
  useEffect(() => {
    if (saves > 0) newest.current?.();
  }, [saves, newest]);
}

/** No field is wrong, or one. */
function noErrors<V extends object>(only?: { readonly field: keyof V; readonly text: string }): Errors<V> {
  const errors: { [K in keyof V]?: string | undefined } = {};
  if (only !== undefined) errors[only.field] = only.text;
  return errors;
}

const keysOf = <V extends object>(labels: Readonly<Record<keyof V, string>>) => Object.keys(labels) as (keyof V)[];

/** Fields whose values differ, in the order of the form. */
export function changedFields<V extends object>(stored: V, values: V): (keyof V)[] {
  return (Object.keys(values) as (keyof V)[]).filter((key) => JSON.stringify(values[key]) !== JSON.stringify(stored[key]));
}

/**
 * Errors that keep a form from being saved: a stored value that goes back unchanged is accepted whatever a newer check says of it,
 * or rows from before the check could never be edited again. Of a new thing every field counts.
 */
export function blockingErrors<V extends object>(found: Errors<V>, changed: readonly (keyof V)[], fresh: boolean): Errors<V> {
  if (fresh) return found;
  const kept: { [K in keyof V]?: string | undefined } = {};
  for (const key of changed) if (found[key] !== undefined) kept[key] = found[key];
  return kept;
}

/** Fields with an error, in the order of the labels. */
export function wrongFields<V extends object>(errors: Errors<V>, labels: Readonly<Record<keyof V, string>>): (keyof V)[] {
  return keysOf(labels).filter((key) => errors[key] !== undefined);
}
