import type { Profile, SettingView } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useProfile, useSetting } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { addressOfPage, isAddress } from "./agent-address.ts";
import { EnrolmentCommand } from "./enrolment-command.tsx";
import { InstallAddress } from "./install-address.tsx";
import { Arrivals } from "./install-arrivals.tsx";
import { nezhaCommand, PROGRAMS, SYSTEMS } from "./install-command.ts";
import type { InstallTarget, Program, System } from "./install-command.ts";

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
  const systems: readonly System[] = SYSTEMS[program];
  const chosen = systems.includes(system) ? system : "manual";
  const target = { server: address.trim(), tls, uuid };
  return (
    <>
      <div className="flex flex-wrap gap-3">
        <Segmented
          label={t("install.program")}
          value={program}
          onChange={setProgram}
          segments={PROGRAMS.map((value) => ({ value, label: t(`install.programs.${value}`) }))}
        />
        <Segmented
          label={t("install.system")}
          value={chosen}
          onChange={setSystem}
          segments={systems.map((value) => ({ value, label: t(`install.systems.${value}`) }))}
        />
      </div>
      <InstallAddress setting={setting} address={address} tls={tls} onAddress={setAddress} onTls={setTls} />
      {isAddress(address) ? (
        <>
          <p className="text-ink-2">{t(`install.help.${program}.${chosen}`)}</p>
          {program === "windfire" ? (
            <EnrolmentCommand system={chosen} target={target} />
          ) : (
            <SharedCommand system={chosen} target={target} profile={profile} refused={config.enrolment_only === true} />
          )}
        </>
      ) : null}
      <Arrivals uuid={uuid} />
    </>
  );
}

interface SharedProps {
  readonly system: System;
  readonly target: InstallTarget;
  readonly profile: Profile;
  readonly refused: boolean;
}

/** The official agent signs in with the secret that all hosts of its owner share. */
function SharedCommand({ system, target, profile, refused }: SharedProps) {
  const { t } = useFormats();
  const command = nezhaCommand(system, target, profile.agent_secret);
  return (
    <>
      {refused ? <Note state="warn">{t("install.sharedOff")}</Note> : null}
      <CopyField label={t("install.command")} text={command} shown={command.replaceAll(profile.agent_secret, MASK)} />
      <p className="text-sm text-ink-3">{t("install.secret", { name: profile.username })}</p>
    </>
  );
}
