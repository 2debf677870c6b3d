import type { NatFormInput, NatProfile } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { EditorDrawer, FormSection } from "#shell/console/editor-drawer.tsx";
import { ServerSelect } from "#shell/console/fields/server-select.tsx";
import { useIsAdmin, useWrite } from "#shell/console/queries.ts";
import type { EditorPlace } from "#shell/console/resource-page.tsx";
import { translated } from "#shell/console/translated.ts";
import { useForm } from "#shell/console/use-form.ts";
import { Note } from "#ui/banner.tsx";
import { SwitchField, TextField } from "#ui/field.tsx";
import { asksToConfirm, checkTunnel, readTunnel, writeTunnel } from "./tunnel-values.ts";
import type { TunnelValues } from "./tunnel-values.ts";

const SPELLINGS = { server: "server_id", confirm: /confirm_domain/ } as const;

/** A name that leads into a server's network. Taking one that agents use needs it written twice. */
export function TunnelEditor({ row, like, onClose }: EditorPlace<NatProfile>) {
  const { t } = useFormats();
  const admin = useIsAdmin();
  const save = useWrite(
    (api, body: NatFormInput) => (row === undefined ? api.post("/nat", body) : api.patch(`/nat/${row.id}`, body)),
    ["/nat"],
  );
  // A domain leads to one place only.
  const stored = useMemo(() => (like === undefined ? readTunnel(row) : { ...readTunnel(like), domain: "" }), [row, like]);
  const form = useForm<TunnelValues>({
    stored,
    source: "/nat",
    spellings: SPELLINGS,
    labels: {
      name: t("form.name"),
      server: t("nat.server"),
      host: t("nat.host"),
      domain: t("nat.domain"),
      enabled: t("nat.enabled"),
      confirm: t("nat.confirm"),
    },
    fresh: row === undefined,
    check: (values) => translated(t, checkTunnel(values)),
    save: async (values) => void (await save.mutateAsync(writeTunnel(values))),
    onSaved: onClose,
  });
  const confirming = form.values.confirm !== "" || (admin && asksToConfirm(save.error?.message));
  return (
    <EditorDrawer
      title={row === undefined ? t("nat.add") : t("nat.title", { name: row.name })}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      <FormSection>
        <TextField {...form.text("name")} />
        <ServerSelect {...form.text("server")} help={t("nat.serverHelp")} />
        <TextField {...form.text("host")} help={t("nat.hostHelp")} placeholder="127.0.0.1:5000" autoCapitalize="none" spellCheck={false} />
        <TextField
          {...form.text("domain")}
          help={t("nat.domainHelp")}
          placeholder="nas.example.com"
          autoCapitalize="none"
          spellCheck={false}
        />
        <SwitchField {...form.toggle("enabled")} />
        {confirming ? (
          <>
            <Note state="warn">{t("nat.confirmHelp", { domain: form.values.domain })}</Note>
            <TextField {...form.text("confirm")} autoComplete="off" autoCapitalize="none" spellCheck={false} />
          </>
        ) : null}
      </FormSection>
    </EditorDrawer>
  );
}
