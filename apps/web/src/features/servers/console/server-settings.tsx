import type { ReachedThrough, Server, ServerPatchInput } from "@windfire/api";
import { useCallback } from "react";
import { useFormats } from "#lib/formats.ts";
import { ReachedThroughField } from "#shell/console/fields/reached-through-field.tsx";
import { FormBar } from "#shell/console/form-bar.tsx";
import type { Together } from "#shell/console/form-errors.ts";
import { useForm } from "#shell/console/use-form.ts";
import { useList, useWrite } from "#shell/console/queries.ts";
import type { Form } from "#shell/console/use-form.ts";
import { AreaField, SwitchField, TextField } from "#ui/field.tsx";
import { Picker } from "#ui/picker.tsx";
import { serverBody } from "./server-body.ts";
import { readTags, tagsError, writeTags } from "./tag-text.ts";

const SPELLINGS = { through: "reached_through", ddns: "enable_ddns", profiles: "ddns_profiles", domains: "override_ddns_domains" } as const;

interface Values {
  readonly name: string;
  readonly note: string;
  /** Parted by spaces. */
  readonly tags: string;
  readonly through: ReachedThrough | null;
  readonly display_index: string;
  readonly hide_for_guest: boolean;
  readonly ddns: boolean;
  readonly profiles: readonly number[];
  /** Domains of profile ids, one a line. */
  readonly domains: Readonly<Record<string, string>>;
}

const TOGETHER: Together<Values> = [["ddns", "profiles"]];
/** Search parameters that keep this form on the screen. */
const HOLDS = ["s", "t"];
const WHOLE = /^-?\d{1,15}$/;

/** Everything that can be changed of a server: a save replaces it all (spec 11 section 1.3). */
export function ServerSettings({ server }: { readonly server: Server }) {
  const { t } = useFormats();
  const form = useServerForm(server);
  const { values, errors, set } = form;
  return (
    <form className="grid gap-4" onSubmit={form.submit}>
      <TextField label={t("form.name")} value={values.name} error={errors.name} onChange={(event) => set({ name: event.target.value })} />
      <TextField {...form.text("tags")} help={t("tags.help")} aside={t("form.optional")} autoCapitalize="none" spellCheck={false} />
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
      <ReachedThroughField own={{ kind: "server", id: server.id }} value={values.through} onChange={(through) => set({ through })} />
      <SwitchField {...form.toggle("ddns")} />
      {values.ddns ? <DdnsFields form={form} /> : null}
      <FormBar form={form.bar} holds={HOLDS} />
    </form>
  );
}

/** What is stored of the server, as the form holds it, and how it is saved. */
function useServerForm(server: Server): Form<Values> {
  const { t } = useFormats();
  const save = useWrite((api, body: ServerPatchInput) => api.patch(`/server/${server.id}`, body), ["/server"]);
  const check = useCallback(
    (values: Values) => ({
      name: values.name.trim() === "" ? t("form.required") : undefined,
      tags: tagsError(values.tags) === undefined ? undefined : t("tags.wrong"),
      display_index: WHOLE.test(values.display_index) ? undefined : t("form.whole"),
      profiles: values.ddns && values.profiles.length === 0 ? t("ddns.profileNeeded") : undefined,
    }),
    [t],
  );
  return useForm<Values>({
    stored: {
      name: server.name,
      note: server.note ?? "",
      tags: writeTags(server.tags),
      through: server.reached_through ?? null,
      display_index: String(server.display_index),
      hide_for_guest: server.hide_for_guest === true,
      ddns: server.enable_ddns === true,
      profiles: server.ddns_profiles ?? [],
      domains: writtenDomains(server.override_ddns_domains),
    },
    source: "/server",
    spellings: SPELLINGS,
    labels: {
      name: t("form.name"),
      tags: t("tags.label"),
      note: t("fact.note"),
      through: t("through.label"),
      display_index: t("fact.weight"),
      hide_for_guest: t("fact.hide"),
      ddns: t("fact.ddns"),
      profiles: t("fact.ddnsProfiles"),
      domains: t("ddns.domains"),
    },
    check,
    together: TOGETHER,
    save: async (values) => {
      const { name, note, tags, through, display_index, hide_for_guest, ddns, profiles, domains } = values;
      const change = {
        name,
        note,
        tags: readTags(tags),
        display_index: Number(display_index),
        hide_for_guest,
        enable_ddns: ddns,
        ddns_profiles: [...profiles],
        override_ddns_domains: readDomains(domains),
        reached_through: through,
      };
      await save.mutateAsync(serverBody(server, change));
    },
  });
}

function DdnsFields({ form }: { readonly form: Form<Values> }) {
  const { t } = useFormats();
  const profiles = useList("/ddns").rows;
  const { values, set } = form;
  const nameOf = (id: number) => profiles.find((profile) => profile.id === id)?.name ?? `#${id}`;
  return (
    <>
      <Picker
        label={t("fact.ddnsProfiles")}
        options={profiles.map((profile) => ({ id: profile.id, name: profile.name }))}
        chosen={values.profiles}
        error={form.errors.profiles}
        onChange={(chosen) => set({ profiles: chosen })}
      />
      {values.profiles.map((id) => (
        <AreaField
          key={id}
          label={t("fact.ddnsDomains", { name: nameOf(id) })}
          help={t("fact.ddnsDomainsHelp")}
          rows={2}
          value={values.domains[String(id)] ?? ""}
          onChange={(event) => set({ domains: { ...values.domains, [String(id)]: event.target.value } })}
        />
      ))}
    </>
  );
}

function writtenDomains(domains: Readonly<Record<string, readonly string[]>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(domains ?? {}).map(([id, list]) => [id, list.join("\n")]));
}

/** Profiles without a domain of their own use those of the profile. */
function readDomains(domains: Readonly<Record<string, string>>): Record<string, string[]> {
  const lists = Object.entries(domains).map(([id, text]) => [id, text.split(/[\s,]+/).filter((domain) => domain !== "")] as const);
  return Object.fromEntries(lists.filter(([, list]) => list.length > 0));
}
