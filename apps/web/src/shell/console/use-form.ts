import type { FormEvent } from "react";
import { useFormats } from "#lib/formats.ts";
import { blockingErrors, changedFields, keysOf, noErrors, wrongFields } from "./form-errors.ts";
import type { Errors, Together } from "./form-errors.ts";
import { refusedField } from "./refused-field.ts";
import { useDraft } from "./use-draft.ts";
import { useSaving } from "./use-saving.ts";
import type { SaveOptions } from "./use-saving.ts";

interface FormOptions<V> extends SaveOptions<V> {
  /** What is saved now. Fields follow it while they are not changed. */
  readonly stored: V;
  readonly check?: (values: V) => Errors<V>;
  readonly together?: Together<V>;
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
    readonly error: string | undefined;
    readonly checked: boolean;
    readonly onChange: (checked: boolean) => void;
  };
  readonly submit: (event: FormEvent) => void;
  readonly bar: FormState;
}

/** Values, errors and the save bar of a form. Errors show once saving was tried, and go while typing. */
export function useForm<V extends object>(options: FormOptions<V>): Form<V> {
  const { stored, labels, check, fresh = false } = options;
  const { t, list } = useFormats();
  const draft = useDraft(stored);
  const { values, set } = draft;
  const changed = changedFields(stored, values);
  const found = blockingErrors(check?.(values) ?? noErrors<V>(), changed, fresh, options.together);
  const wrong = wrongFields(found, labels);
  const saving = useSaving({ ...options, draft, wrong });
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
    toggle: (field) => ({
      label: labels[field],
      checked: Boolean(values[field]),
      error: errors[field],
      onChange: (checked) => setOne(field, checked),
    }),
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

const LONGEST_SHOWN = 60;

/** A field with what is stored of it now, where that is short and can be read. */
function fieldNow(label: string, value: unknown): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return text === "" || text.length > LONGEST_SHOWN ? label : `${label} (${text})`;
}
