import type { Server, ServerPatchInput } from "@windfire/api";
import { useCallback } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormBar } from "#shell/console/form-bar.tsx";
import { useForm } from "#shell/console/use-form.ts";
import { useWrite } from "#shell/console/queries.ts";
import { AreaField, SwitchField, TextField } from "#ui/field.tsx";

interface Values {
  readonly name: string;
  readonly note: string;
  readonly public_note: string;
  readonly display_index: string;
  readonly hide_for_guest: boolean;
}

/** Search parameters that keep this form on the screen. */
const HOLDS = ["s", "t"];
const WHOLE = /^-?\d{1,15}$/;

/** A save replaces all editable fields (spec 11 section 1.3): what this form does not show goes along as it is. */
export function ServerSettings({ server }: { readonly server: Server }) {
  const { t } = useFormats();
  const save = useWrite((api, body: ServerPatchInput) => api.patch(`/server/${server.id}`, body), ["/server"]);
  const check = useCallback(
    (values: Values) => ({
      name: values.name.trim() === "" ? t("form.required") : undefined,
      display_index: WHOLE.test(values.display_index) ? undefined : t("form.whole"),
    }),
    [t],
  );
  const form = useForm<Values>({
    stored: {
      name: server.name,
      note: server.note ?? "",
      public_note: server.public_note ?? "",
      display_index: String(server.display_index),
      hide_for_guest: server.hide_for_guest === true,
    },
    labels: {
      name: t("form.name"),
      note: t("fact.note"),
      public_note: t("fact.publicNote"),
      display_index: t("fact.weight"),
      hide_for_guest: t("fact.hide"),
    },
    check,
    save: async (values) => {
      await save.mutateAsync({
        ...values,
        display_index: Number(values.display_index),
        enable_ddns: server.enable_ddns ?? false,
        ddns_profiles: server.ddns_profiles ?? [],
        override_ddns_domains: server.override_ddns_domains ?? {},
      });
    },
  });
  const { values, errors, set } = form;
  return (
    <form className="grid gap-4" onSubmit={form.submit}>
      <TextField label={t("form.name")} value={values.name} error={errors.name} onChange={(event) => set({ name: event.target.value })} />
      <TextField
        label={t("fact.weight")}
        help={t("fact.weightHelp")}
        inputMode="numeric"
        value={values.display_index}
        error={errors.display_index}
        onChange={(event) => set({ display_index: event.target.value })}
      />
      <SwitchField
        label={t("fact.hide")}
        help={t("fact.hideHelp")}
        checked={values.hide_for_guest}
        onChange={(checked) => set({ hide_for_guest: checked })}
      />
      <AreaField
        label={t("fact.note")}
        help={t("fact.noteHelp")}
        value={values.note}
        onChange={(event) => set({ note: event.target.value })}
      />
      <AreaField
        label={t("fact.publicNote")}
        help={t("fact.publicNoteHelp")}
        mono
        rows={6}
        value={values.public_note}
        onChange={(event) => set({ public_note: event.target.value })}
      />
      <FormBar form={form.bar} holds={HOLDS} />
    </form>
  );
}
