import type { DeliveryReport, Server, ServerConfigUpdateInput } from "@windfire/api";
import { useMemo, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormBar } from "#shell/console/form-bar.tsx";
import { useRead, useWrite } from "#shell/console/queries.ts";
import { useForm } from "#shell/console/use-form.ts";
import { Note } from "#ui/banner.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { CONFIG_FIELDS, isWrong, parseConfig, readConfig, writeConfig } from "./agent-config.ts";
import type { ConfigKey, ConfigValues } from "./agent-config.ts";
import { ConfigFieldInput } from "./config-field.tsx";

const HOLDS = ["s", "t"];

/** The agent's own settings, asked from it and changed there. */
export function ServerAgent({ server }: { readonly server: Server }) {
  const { t } = useFormats();
  const { data, isPending, error } = useRead<string | null>(`/server/config/${server.id}`);
  if (isPending) {
    return (
      <div role="status" className="grid gap-3">
        <p className="text-ink-2">{t("config.reading")}</p>
        <Skeleton className="h-60 w-full" />
      </div>
    );
  }
  if (error !== null) {
    return (
      <Note state="critical" alert>
        {error.message}
      </Note>
    );
  }
  if (data === null || data === "") return <Note state="offline">{t("config.offline")}</Note>;
  const config = parseConfig(data);
  return config === undefined ? <Note state="warn">{t("config.unreadable")}</Note> : <ConfigForm id={server.id} config={config} />;
}

function ConfigForm({ id, config }: { readonly id: number; readonly config: Readonly<Record<string, unknown>> }) {
  const { t } = useFormats();
  const [sent, setSent] = useState(false);
  const send = useWrite((api, body: ServerConfigUpdateInput) => api.post<DeliveryReport>("/server/config", body), []);
  const stored = useMemo(() => readConfig(config), [config]);
  const [saved, setSaved] = useState<Partial<ConfigValues>>({});
  const shown = useMemo(() => ({ ...stored, ...saved }), [stored, saved]);
  const labels = Object.fromEntries(CONFIG_FIELDS.map(({ key }) => [key, t(`config.field.${key}`)])) as Record<ConfigKey, string>;
  const form = useForm<ConfigValues>({
    stored: shown,
    source: undefined,
    labels,
    check: (values) => Object.fromEntries(CONFIG_FIELDS.filter(({ key }) => isWrong(key, values[key])).map(({ key }) => [key, "-"])),
    save: async (values) => {
      const changed = CONFIG_FIELDS.filter(({ key }) => values[key] !== shown[key]).map(({ key }) => [key, values[key]] as const);
      const part: Partial<ConfigValues> = Object.fromEntries(changed);
      const report = await send.mutateAsync({ servers: [id], config: writeConfig(part) });
      if (report.success?.includes(id) !== true) throw new Error(t("config.offline"));
      setSaved({ ...saved, ...part });
      setSent(true);
    },
  });
  return (
    <form className="grid grid-cols-[minmax(0,1fr)] gap-4" noValidate onSubmit={form.submit}>
      {sent && !form.bar.dirty ? <Note state="up">{t("config.sent")}</Note> : null}
      {CONFIG_FIELDS.map(({ key }) => (
        <ConfigFieldInput
          key={key}
          name={key}
          value={form.values[key]}
          tried={form.errors[key] !== undefined}
          onChange={(value) => form.set({ [key]: value })}
        />
      ))}
      <p className="text-sm text-ink-3">{t("config.kept")}</p>
      <FormBar form={form.bar} holds={HOLDS} />
    </form>
  );
}
