import type { BackupState } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/field.tsx";
import { FileField } from "./file-field.tsx";
import { useRestore } from "./use-restore.ts";

type Prepared = NonNullable<BackupState["prepared"]>;

interface RestoreDialogProps {
  /** A backup on the dashboard's disk; without it a file is asked for. */
  readonly name?: string | undefined;
  /** What was prepared already. */
  readonly prepared?: Prepared | undefined;
  readonly onClose: () => void;
}

/** From a backup to a dashboard that runs on it: choose, check, read what happens, and only then replace. */
export function RestoreDialog({ name, prepared: before, onClose }: RestoreDialogProps) {
  const { t } = useFormats();
  const [file, setFile] = useState<File | undefined>();
  const [passphrase, setPassphrase] = useState("");
  const restore = useRestore(before);
  const { step, error, prepared } = restore;
  const isBusy = step === "sending" || step === "preparing";
  const isOver = step === "starting" || step === "elsewhere";
  const close = () => {
    if (!isBusy && !isOver) onClose();
  };
  const discard = async () => {
    if (await restore.discard()) onClose();
  };
  return (
    <Dialog
      title={t("backup.restoring.title")}
      onClose={close}
      footer={
        isOver ? undefined : prepared === undefined ? (
          <>
            <Button disabled={isBusy} onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button
              kind="primary"
              disabled={isBusy || (name === undefined && file === undefined)}
              onClick={() => void restore.prepare({ name, file, passphrase })}
            >
              {isBusy ? t(`backup.restoring.${step}`) : t("backup.restoring.prepare")}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={() => void discard()}>{t("action.discard")}</Button>
            <Button kind="danger" onClick={() => void restore.apply()}>
              {t("backup.restoring.apply")}
            </Button>
          </>
        )
      }
    >
      {isOver ? (
        <Note state={step === "starting" ? "waiting" : "warn"}>{t(`backup.restoring.${step}`)}</Note>
      ) : prepared === undefined ? (
        <>
          <p className="text-ink-2">{t("backup.restoring.intro")}</p>
          {name === undefined ? (
            <FileField label={t("backup.restoring.chooseFile")} onChange={setFile} />
          ) : (
            <p className="font-mono text-xs wrap-anywhere">{name}</p>
          )}
          <TextField
            label={t("backup.restoring.opensWith")}
            type="password"
            autoComplete="off"
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
          />
        </>
      ) : (
        <PreparedFacts prepared={prepared} />
      )}
      {error === undefined ? null : (
        <Note state="critical" alert>
          {error}
        </Note>
      )}
    </Dialog>
  );
}

/** What will take the place of what runs, and what becomes of that. */
function PreparedFacts({ prepared }: { readonly prepared: Prepared }) {
  const { t, list, number, time } = useFormats();
  const { bytes, created_at: made, environment, kept_in: folder, own, program, signer } = prepared;
  const facts = { time: time.dateTime(parseTime(made) ?? 0), version: program, size: number.bytes(bytes) };
  return (
    <>
      <Note state={own ? "up" : "warn"} title={t("backup.restoring.ready", facts)}>
        {t(own ? "backup.own" : "backup.foreign", { signer })}
      </Note>
      {environment.length === 0 ? null : (
        <p className="text-ink-2 wrap-anywhere">{t("backup.restoring.environment", { names: list(environment) })}</p>
      )}
      <Note state="critical">{t("backup.restoring.replaces", { folder })}</Note>
    </>
  );
}
