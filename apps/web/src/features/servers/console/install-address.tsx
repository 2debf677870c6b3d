import type { SettingPatch, SettingView } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useIsAdmin, useWrite } from "#shell/console/queries.ts";
import { settingPatch } from "#shell/console/setting-patch.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { SwitchField, TextField } from "#ui/field.tsx";
import { isAddress, isLoopback } from "./agent-address.ts";

interface AddressProps {
  readonly setting: SettingView;
  readonly address: string;
  readonly tls: boolean;
  readonly onAddress: (address: string) => void;
  readonly onTls: (tls: boolean) => void;
}

/** Where agents will connect, and why they could not. */
export function InstallAddress({ setting, address, tls, onAddress, onTls }: AddressProps) {
  const { t } = useFormats();
  const admin = useIsAdmin();
  const { config } = setting;
  const local = localListener(setting);
  const stored = config.install_host ?? "";
  const isNew = address.trim() !== stored || tls !== (config.tls ?? false);
  return (
    <>
      <TextField
        label={t("install.address")}
        help={t("install.addressHelp")}
        error={isAddress(address) ? undefined : t("install.addressWrong")}
        value={address}
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => onAddress(event.target.value)}
      />
      {isLoopback(address) || local !== undefined ? (
        <Note state="warn" title={t(isLoopback(address) ? "install.loopback" : "install.local")}>
          {isLoopback(address) ? t("install.loopbackHelp") : null}{" "}
          {local === undefined ? null : (
            <>
              {isLoopback(address) ? t("install.local") : null} {t("install.localHelp")}{" "}
              <code className="font-mono text-sm">listen_host: {local}</code>
            </>
          )}
        </Note>
      ) : null}
      <SwitchField label={t("install.tls")} checked={tls} onChange={onTls} />
      {admin && isAddress(address) && isNew ? <Remember setting={setting} address={address.trim()} tls={tls} /> : null}
    </>
  );
}

/** The address that keeps other machines out: the dashboard's own, while this page came without a proxy between. */
function localListener({ listen_host: host }: SettingView): string | undefined {
  if (host === undefined || !isLoopback(location.host)) return undefined;
  return isLoopback(host.includes(":") ? `[${host}]` : host) ? host : undefined;
}

/** Keeps the address as the site's own, for every command from now on. */
function Remember({ setting, address, tls }: { readonly setting: SettingView; readonly address: string; readonly tls: boolean }) {
  const { t } = useFormats();
  const save = useWrite((api, body: SettingPatch) => api.patch("/setting", body), ["/setting"]);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button
        size="small"
        disabled={save.isPending}
        onClick={() => save.mutate({ ...settingPatch(setting.config), install_host: address, tls })}
      >
        {t("install.remember")}
      </Button>
      {save.error === null ? null : (
        <p role="alert" className="text-sm text-crit-text">
          {save.error.message}
        </p>
      )}
    </div>
  );
}
