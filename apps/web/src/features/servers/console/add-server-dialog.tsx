import type { Profile, SettingPatch, SettingView } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { settingPatch } from "#shell/console/setting-patch.ts";
import { useProfile, useSetting, useWrite } from "#shell/console/queries.ts";
import { useServers } from "#shell/live-hooks.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SwitchField, TextField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { systemName } from "../shared/system-name.ts";
import { addressOfPage, isAddress, isLoopback } from "./agent-address.ts";
import { installCommand, PROGRAMS, SYSTEMS } from "./install-command.ts";
import type { Program, System } from "./install-command.ts";

/** After this long it is said what may be wrong. */
const SLOW_MS = 60_000;
const MASK = "••••••••••••••••";

/** The command that makes a host a server, and a live word when it has connected. With `uuid` it re-installs a known server. */
export function AddServerDialog({ uuid, onClose }: { readonly uuid: string | undefined; readonly onClose: () => void }) {
  const { t } = useFormats();
  const setting = useSetting();
  const profile = useProfile();
  return (
    <Dialog
      title={t("install.title")}
      wide
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t("action.done")}
        </Button>
      }
    >
      {setting === undefined || profile === undefined ? (
        <Skeleton className="h-32 w-full" />
      ) : (
        <Installation setting={setting} profile={profile} uuid={uuid} />
      )}
    </Dialog>
  );
}

interface InstallationProps {
  readonly setting: SettingView;
  readonly profile: Profile;
  readonly uuid: string | undefined;
}

function Installation({ setting, profile, uuid }: InstallationProps) {
  const { t } = useFormats();
  const { config } = setting;
  const stored = config.install_host ?? "";
  const [program, setProgram] = useState<Program>("windfire");
  const [system, setSystem] = useState<System>("linux");
  const [address, setAddress] = useState(stored === "" ? addressOfPage(location) : stored);
  const [tls, setTls] = useState(stored === "" ? location.protocol === "https:" : config.tls === true);
  const command = installCommand(system, { program, server: address.trim(), tls, secret: profile.agent_secret, uuid });
  return (
    <>
      <AddressFields address={address} tls={tls} onAddress={setAddress} onTls={setTls} />
      {profile.role === 0 && isAddress(address) && (address.trim() !== stored || tls !== (config.tls ?? false)) ? (
        <Remember setting={setting} address={address.trim()} tls={tls} />
      ) : null}
      <div className="flex flex-wrap gap-3">
        <Segmented
          label={t("install.program")}
          value={program}
          onChange={setProgram}
          segments={PROGRAMS.map((value) => ({ value, label: t(`install.programs.${value}`) }))}
        />
        <Segmented
          label={t("install.system")}
          value={system}
          onChange={setSystem}
          segments={SYSTEMS.map((value) => ({ value, label: t(`install.systems.${value}`) }))}
        />
      </div>
      <p className="text-ink-2">{t(`install.help.${program}.${system}`)}</p>
      {isAddress(address) ? (
        <CopyField label={t("install.command")} text={command} shown={command.replaceAll(profile.agent_secret, MASK)} />
      ) : null}
      <p className="text-sm text-ink-3">{t("install.secret", { name: profile.username })}</p>
      <Arrivals />
    </>
  );
}

interface AddressProps {
  readonly address: string;
  readonly tls: boolean;
  readonly onAddress: (address: string) => void;
  readonly onTls: (tls: boolean) => void;
}

function AddressFields({ address, tls, onAddress, onTls }: AddressProps) {
  const { t } = useFormats();
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
      {isLoopback(address) ? (
        <Note state="warn" title={t("install.loopback")}>
          {t("install.loopbackHelp")}
        </Note>
      ) : null}
      <SwitchField label={t("install.tls")} checked={tls} onChange={onTls} />
    </>
  );
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

/** Servers that appeared while the dialog was open. */
function Arrivals() {
  const { t } = useFormats();
  const servers = useServers();
  const known = useRef<ReadonlySet<number> | undefined>(undefined);
  known.current ??= servers.length === 0 ? undefined : new Set(servers.map((record) => record.id));
  const arrived = servers.filter((record) => known.current?.has(record.id) === false);
  const slow = useAfter(SLOW_MS);
  if (arrived.length === 0) {
    return (
      <Note state="waiting" title={slow ? t("install.slow") : t("install.waiting")}>
        {slow ? t("install.slowHelp") : t("install.waitingHelp")}
      </Note>
    );
  }
  return arrived.map((record) => (
    <Note
      key={record.id}
      state="up"
      title={t("install.connected", { name: record.name })}
      action={
        <Link to="/servers" search={{ s: String(record.id) }}>
          {t("servers.open")}
        </Link>
      }
    >
      {systemName(record.host)}
    </Note>
  ));
}

function useAfter(ms: number): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return over;
}
