import { useId, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormSection } from "#shell/console/editor-drawer.tsx";
import type { Form } from "#shell/console/use-form.ts";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/field.tsx";
import type { PageValues } from "./page-values.ts";

/** What the dashboard takes: a data URL of 96 KiB, which is a picture of three quarters of that. */
const MOST_BYTES = 70 * 1024;
const TYPES = "image/png,image/jpeg,image/webp,image/gif";
const COLOUR = /^#[0-9a-fA-F]{6}$/;

/** Pictures and colours; colours on which nobody could read are refused by the dashboard. */
export function LooksFields({ form }: { readonly form: Form<PageValues> }) {
  const { t } = useFormats();
  return (
    <>
      <FormSection title={t("statusPages.field.logo")}>
        <Picture label={t("statusPages.field.logo")} value={form.values.logo} onChange={(logo) => form.set({ logo })} />
        <Picture label={t("statusPages.field.logo_dark")} value={form.values.logo_dark} onChange={(logo_dark) => form.set({ logo_dark })} />
      </FormSection>
      <FormSection title={t("statusPages.colours")}>
        <p className="text-sm text-ink-2">{t("statusPages.coloursHelp")}</p>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,13rem),1fr))] gap-4">
          {(["accent", "accent_dark", "ground", "ground_dark"] as const).map((field) => (
            <Colour key={field} field={field} form={form} />
          ))}
        </div>
      </FormSection>
    </>
  );
}

interface PictureProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Picture({ label, value, onChange }: PictureProps) {
  const { t, number } = useFormats();
  const id = useId();
  const [error, setError] = useState("");
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > MOST_BYTES) return setError(t("statusPages.pictureLarge", { size: number.bytes(MOST_BYTES) }));
    setError("");
    onChange(await dataUrl(file));
  };
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {value === "" ? null : (
        <img src={value} alt={label} className="max-h-14 max-w-60 justify-self-start rounded-control border border-line p-2" />
      )}
      <div className="flex flex-wrap items-center gap-2">
        <input
          id={id}
          type="file"
          accept={TYPES}
          className="max-w-full text-sm file:me-3 file:cursor-pointer file:rounded-control file:border file:border-solid file:border-line file:bg-surface file:px-3 file:py-1.5 file:font-medium file:text-ink"
          aria-describedby={error === "" ? undefined : `${id}-error`}
          onChange={(event) => void take(event.target.files?.[0])}
        />
        {value === "" ? null : (
          <Button size="small" onClick={() => onChange("")}>
            {t("action.delete")}
          </Button>
        )}
      </div>
      {error === "" ? null : (
        <p id={`${id}-error`} className="text-sm text-crit-text">
          {error}
        </p>
      )}
    </div>
  );
}

function dataUrl(file: File): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.addEventListener("load", () => resolve(typeof reader.result === "string" ? reader.result : ""));
  reader.addEventListener("error", () => reject(reader.error ?? new Error(file.name)));
  reader.readAsDataURL(file);
  return promise;
}

type ColourField = "accent" | "accent_dark" | "ground" | "ground_dark";

function Colour({ field, form }: { readonly field: ColourField; readonly form: Form<PageValues> }) {
  const { t } = useFormats();
  const value = form.values[field];
  const set = (colour: string) => {
    const change: Partial<PageValues> = {};
    change[field] = colour;
    form.set(change);
  };
  return (
    <div className="flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <TextField {...form.text(field)} placeholder="#1a57c2" mono spellCheck={false} />
      </div>
      <input
        type="color"
        aria-label={`${t(`statusPages.field.${field}`)}: ${t("statusPages.pick")}`}
        className="h-9 w-11 cursor-pointer rounded-control border border-line bg-surface p-1"
        value={COLOUR.test(value) ? value : "#808080"}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  );
}
