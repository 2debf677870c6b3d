import { useFormats } from "#lib/formats.ts";
import { useList, useServerRows } from "#shell/console/queries.ts";
import { SelectField, SwitchField, TextField } from "#ui/field.tsx";
import { Picker } from "#ui/picker.tsx";
import { readIds } from "./setting-values.ts";
import type { SettingFieldsProps } from "./setting-values.ts";
import { SeenHosts } from "./seen-hosts.tsx";

/** Stands for "the address of the connection itself" (spec 10 section 2.1). */
const PEER = "NZ::Use-Peer-IP";

export function AgentFields({ values, set }: SettingFieldsProps) {
  const { t } = useFormats();
  return (
    <>
      <TextField
        label={t("settings.field.install_host")}
        help={t("settings.help.install_host")}
        placeholder="status.example.net:443"
        value={values.install_host}
        onChange={(event) => set({ install_host: event.target.value })}
      />
      <SwitchField label={t("settings.field.tls")} help={t("settings.help.tls")} checked={values.tls} onChange={(tls) => set({ tls })} />
      <SwitchField
        label={t("settings.field.enrolment_only")}
        help={t("settings.help.enrolment_only")}
        checked={values.enrolment_only ?? false}
        onChange={(enrolment_only) => set({ enrolment_only })}
      />
      <HeaderField
        label={t("settings.field.agent_real_ip_header")}
        value={values.agent_real_ip_header}
        onChange={(agent_real_ip_header) => set({ agent_real_ip_header })}
      />
      <AddressChanges values={values} set={set} />
    </>
  );
}

function AddressChanges({ values, set }: Pick<SettingFieldsProps, "values" | "set">) {
  const { t } = useFormats();
  const groups = useList("/notification-group").rows;
  const servers = useServerRows().rows;
  return (
    <fieldset className="wf-card grid gap-4 p-5">
      <legend className="sr-only">{t("settings.addresses")}</legend>
      <SwitchField
        label={t("settings.field.enable_ip_change_notification")}
        checked={values.enable_ip_change_notification}
        onChange={(enable_ip_change_notification) => set({ enable_ip_change_notification })}
      />
      {values.enable_ip_change_notification ? (
        <>
          <SelectField
            label={t("settings.field.ip_change_notification_group_id")}
            value={String(values.ip_change_notification_group_id)}
            onChange={(event) => set({ ip_change_notification_group_id: Number(event.target.value) })}
          >
            <option value="0">{t("settings.nobody")}</option>
            {groups.map(({ group }) => (
              <option key={group.id} value={group.id}>
                {group.name}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t("settings.field.cover")}
            value={String(values.cover)}
            onChange={(event) => set({ cover: Number(event.target.value) })}
          >
            <option value="1">{t("settings.cover.allBut")}</option>
            <option value="2">{t("settings.cover.only")}</option>
          </SelectField>
          <Picker
            label={t("settings.field.ignored_ip_notification")}
            options={servers.map((server) => ({ id: server.id, name: server.name }))}
            chosen={readIds(values.ignored_ip_notification)}
            onChange={(ids) => set({ ignored_ip_notification: ids.join(",") })}
          />
          <SwitchField
            label={t("settings.field.enable_plain_ip_in_notification")}
            help={t("settings.help.enable_plain_ip_in_notification")}
            checked={values.enable_plain_ip_in_notification}
            onChange={(enable_plain_ip_in_notification) => set({ enable_plain_ip_in_notification })}
          />
        </>
      ) : null}
    </fieldset>
  );
}

export function NetworkFields({ values, set, setting }: SettingFieldsProps) {
  const { t } = useFormats();
  return (
    <>
      <HeaderField
        label={t("settings.field.web_real_ip_header")}
        value={values.web_real_ip_header}
        onChange={(web_real_ip_header) => set({ web_real_ip_header })}
      />
      <TextField
        label={t("settings.field.reserved_hosts")}
        help={t("settings.help.reserved_hosts")}
        value={values.reserved_hosts}
        onChange={(event) => set({ reserved_hosts: event.target.value })}
      />
      <SeenHosts hosts={setting.seen_hosts ?? []} />
      <TextField
        label={t("settings.field.dns_servers")}
        help={t("settings.help.dns_servers")}
        placeholder="1.1.1.1:53,9.9.9.9:53"
        value={values.dns_servers}
        onChange={(event) => set({ dns_servers: event.target.value })}
      />
    </>
  );
}

/** Where the visitor's address comes from: a header of the proxy, or the connection itself. */
function HeaderField(props: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useFormats();
  const peer = props.value === PEER;
  return (
    <div className="grid gap-2">
      <TextField
        label={props.label}
        help={t("settings.help.header")}
        placeholder="X-Real-IP"
        disabled={peer}
        value={peer ? "" : props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
      <SwitchField label={t("settings.peer")} checked={peer} onChange={(checked) => props.onChange(checked ? PEER : "")} />
    </div>
  );
}
