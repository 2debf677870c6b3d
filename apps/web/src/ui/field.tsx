import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { useId } from "react";
import { useRefusalOf } from "./refusal.ts";
import { StateIcon } from "./state-icon.tsx";

interface FieldProps {
  readonly label: string;
  readonly help?: ReactNode | undefined;
  readonly error?: string | undefined;
  /** Said after the label: "optional". */
  readonly aside?: string;
  /** How the server calls it: what it refuses of that stands here. */
  readonly name?: string | undefined;
}

interface Described {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean | undefined;
}

/** Label above, help below, error at the place. `children` gets what ties the control to them. */
export function Field({
  label,
  help,
  error: wrong,
  aside,
  name,
  children,
}: FieldProps & { readonly children: (described: Described) => ReactNode }) {
  const id = useId();
  const refusal = useRefusalOf(name);
  const error = wrong ?? refusal;
  const notes = [help === undefined ? undefined : `${id}-help`, error === undefined ? undefined : `${id}-error`];
  const describedBy = notes.filter((note) => note !== undefined).join(" ");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
        {aside === undefined ? null : <span className="ms-2 text-sm font-normal text-ink-3">{aside}</span>}
      </label>
      {children({
        id,
        "aria-describedby": describedBy === "" ? undefined : describedBy,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {help === undefined ? null : (
        <p id={`${id}-help`} className="text-sm text-ink-3">
          {help}
        </p>
      )}
      {error === undefined ? null : <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

/** What is wrong, below what it is about. */
function FieldError({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  return (
    <span id={id} className="flex items-start gap-1.5 text-sm text-crit-text">
      <StateIcon state="critical" className="mt-0.5" />
      {children}
    </span>
  );
}

/** Tells the dialog around, which opens after its fields wanted the focus. */
const FOCUSED = { "data-focus": "" };

type TextFieldProps = FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, "className"> & { readonly mono?: boolean };

export function TextField({ label, help, error, aside, name, mono = false, ...input }: TextFieldProps) {
  return (
    <Field label={label} help={help} error={error} name={name} {...optional("aside", aside)}>
      {(described) => (
        <input
          type="text"
          name={name}
          {...input}
          {...described}
          {...(input.autoFocus === true ? FOCUSED : {})}
          className={`wf-input ${mono ? "font-mono text-sm" : ""}`}
        />
      )}
    </Field>
  );
}

type AreaFieldProps = FieldProps & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "className"> & { readonly mono?: boolean };

export function AreaField({ label, help, error, aside, name, mono = false, ...area }: AreaFieldProps) {
  return (
    <Field label={label} help={help} error={error} name={name} {...optional("aside", aside)}>
      {(described) => <textarea rows={3} name={name} {...area} {...described} className={`wf-input ${mono ? "font-mono text-sm" : ""}`} />}
    </Field>
  );
}

type SelectFieldProps = FieldProps & Omit<SelectHTMLAttributes<HTMLSelectElement>, "className">;

export function SelectField({ label, help, error, aside, name, ...select }: SelectFieldProps) {
  return (
    <Field label={label} help={help} error={error} name={name} {...optional("aside", aside)}>
      {(described) => <select name={name} {...select} {...described} className="wf-input" />}
    </Field>
  );
}

/** A yes or no that holds when saved. */
export function SwitchField(props: {
  readonly label: string;
  readonly help?: ReactNode | undefined;
  readonly error?: string | undefined;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  const id = useId();
  const isNoted = props.help !== undefined || props.error !== undefined;
  return (
    <label className="wf-switch">
      <input
        type="checkbox"
        role="switch"
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={isNoted ? id : undefined}
        aria-invalid={props.error === undefined ? undefined : true}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <i aria-hidden="true" />
      <span className="grid">
        <b>{props.label}</b>
        {isNoted ? (
          <span id={id} className="grid text-sm text-ink-3">
            {props.help}
            {props.error === undefined ? null : <FieldError>{props.error}</FieldError>}
          </span>
        ) : null}
      </span>
    </label>
  );
}

/** A box to tick; `mixed` when some of many are. */
export function Checkbox(props: {
  readonly label: string;
  readonly checked: boolean;
  readonly mixed?: boolean;
  readonly onChange: (checked: boolean, shift: boolean) => void;
}) {
  return (
    <input
      type="checkbox"
      className="wf-check"
      aria-label={props.label}
      checked={props.checked}
      ref={(box) => {
        if (box !== null) box.indeterminate = props.mixed === true;
      }}
      onChange={(event) => props.onChange(event.target.checked, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
    />
  );
}

/** Leaves a property out instead of setting it to `undefined`. */
function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
