import type { DeliveryReport, ServerConfigUpdateInput } from "@windfire/api";
import { X } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button, IconButton } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SelectField } from "#ui/field.tsx";
import { CONFIG_FIELDS, isWrong, readConfig, writeConfig } from "./agent-config.ts";
import type { ConfigKey, ConfigValues } from "./agent-config.ts";
import { ConfigFieldInput } from "./config-field.tsx";
import type { ServerRow } from "./server-rows.ts";

/** Some settings for several agents at once; each setting that is not added stays as it is. */
export function BatchConfigDialog({ rows, onClose }: { readonly rows: readonly ServerRow[]; readonly onClose: () => void }) {
  const { t } = useFormats();
  const [values, setValues] = useState<Partial<ConfigValues>>({});
  const [tried, setTried] = useState(false);
  const [report, setReport] = useState<DeliveryReport>();
  const send = useWrite((api, body: ServerConfigUpdateInput) => api.post<DeliveryReport>("/server/config", body), []);
  const keys = CONFIG_FIELDS.map(({ key }) => key).filter((key) => values[key] !== undefined);
  const run = async () => {
    setTried(true);
    if (keys.length === 0 || keys.some((key) => isWrong(key, values[key] ?? ""))) return false;
    setReport(await send.mutateAsync({ servers: rows.map((row) => row.server.id), config: writeConfig(values) }));
    return false;
  };
  if (report !== undefined) return <Delivery rows={rows} report={report} onClose={onClose} />;
  const without = (key: ConfigKey) => setValues(Object.fromEntries(Object.entries(values).filter(([other]) => other !== key)));
  return (
    <FormDialog title={t("servers.configTitle")} verb={t("config.verb")} run={run} onClose={onClose}>
      <p className="text-ink-2">{rows.map((row) => row.server.name).join(", ")}</p>
      {keys.map((key) => (
        <div key={key} className="grid grid-cols-[minmax(0,1fr)_auto] gap-2">
          <ConfigFieldInput
            name={key}
            value={values[key] ?? ""}
            tried={tried}
            onChange={(value) => setValues({ ...values, [key]: value })}
          />
          <IconButton label={t("config.remove", { name: t(`config.field.${key}`) })} onClick={() => without(key)}>
            <X className="size-4" aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <SelectField
        label={t("config.add")}
        help={t("config.help")}
        error={tried && keys.length === 0 ? t("config.none") : undefined}
        value=""
        onChange={(event) => {
          const key = CONFIG_FIELDS.find((field) => field.key === event.target.value)?.key;
          if (key !== undefined) setValues({ ...values, [key]: readConfig({})[key] });
        }}
      >
        <option value="" disabled>
          {t("config.chooseSetting")}
        </option>
        {CONFIG_FIELDS.filter(({ key }) => values[key] === undefined).map(({ key }) => (
          <option key={key} value={key}>
            {t(`config.field.${key}`)}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}

function Delivery(props: { readonly rows: readonly ServerRow[]; readonly report: DeliveryReport; readonly onClose: () => void }) {
  const { t, list } = useFormats();
  const named = new Map(props.rows.map((row) => [row.server.id, row.server.name]));
  const names = (ids: readonly number[]) => list(ids.map((id) => named.get(id) ?? `#${id}`));
  const { success = [], failure = [], offline = [] } = props.report;
  return (
    <Dialog
      title={t("servers.configTitle")}
      onClose={props.onClose}
      footer={
        <Button kind="primary" onClick={props.onClose}>
          {t("action.done")}
        </Button>
      }
    >
      {success.length === 0 ? null : (
        <Note state="up" title={t("config.sentTo", { names: names(success) })}>
          {t("config.sent")}
        </Note>
      )}
      {offline.length === 0 ? null : <Note state="offline">{t("config.offlineOn", { names: names(offline) })}</Note>}
      {failure.length === 0 ? null : <Note state="critical">{t("config.failedOn", { names: names(failure) })}</Note>}
    </Dialog>
  );
}
