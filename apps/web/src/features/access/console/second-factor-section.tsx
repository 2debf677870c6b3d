import type { NewSecondFactor, RecoveryCodes, SecondFactorView } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { CodeField } from "#shell/console/code-field.tsx";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useProfile, useRead, useWrite } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { QrCode } from "./qr-code.tsx";
import { RecoveryCodesDialog } from "./recovery-codes.tsx";

const STALE = ["/second-factor", "/profile", "/user"];

/** The own code generator: set up, recovery codes, turned off. */
export function SecondFactorSection() {
  const { t, time } = useFormats();
  const factor = useRead<SecondFactorView>("/second-factor").data;
  const asked = useProfile()?.second_factor === true;
  const [codes, setCodes] = useState<readonly string[]>();
  const [removing, setRemoving] = useState(false);
  const [error, setError] = useState<string>();
  const [started, setStarted] = useState<NewSecondFactor>();
  const begin = useWrite((api) => api.post<NewSecondFactor>("/second-factor"), []);
  const renew = useWrite((api) => api.post<RecoveryCodes>("/second-factor/recovery-codes"), STALE);
  const remove = useWrite((api) => api.remove("/second-factor"), STALE);
  if (factor === undefined) return null;
  const attempt = async (run: () => Promise<void>) => {
    setError(undefined);
    await run().catch((failure: unknown) => setError(failure instanceof Error ? failure.message : String(failure)));
  };
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t("factor.title")}</h2>
      <p className="text-ink-2">
        {factor.enabled
          ? t("factor.on", { date: time.date(parseTime(factor.since) ?? 0, Date.now()), left: factor.recovery_codes_left })
          : t("factor.off")}
      </p>
      {error === undefined ? null : (
        <Note state="critical" alert>
          {error}
        </Note>
      )}
      <div className="flex flex-wrap gap-2">
        {asked ? (
          <Button onClick={() => void attempt(async () => setCodes((await renew.mutateAsync(undefined)).recovery_codes))}>
            {t("factor.renew")}
          </Button>
        ) : null}
        {factor.enabled ? (
          <Button kind="quiet" onClick={() => setRemoving(true)}>
            {t("factor.remove")}
          </Button>
        ) : (
          <Button onClick={() => void attempt(async () => setStarted(await begin.mutateAsync(undefined)))}>{t("factor.setUp")}</Button>
        )}
      </div>
      {started === undefined ? null : <SetUp started={started} onCodes={setCodes} onClose={() => setStarted(undefined)} />}
      {codes === undefined ? null : <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} />}
      {removing ? (
        <ConfirmDialog
          title={t("factor.removeTitle")}
          names={[]}
          verb={t("factor.remove")}
          run={async () => void (await remove.mutateAsync(undefined))}
          onClose={() => setRemoving(false)}
        >
          {t("factor.removeHelp")}
        </ConfirmDialog>
      ) : null}
    </section>
  );
}

interface SetUpProps {
  readonly started: NewSecondFactor;
  readonly onCodes: (codes: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Scan, show a code, keep the recovery codes. */
function SetUp({ started, onCodes, onClose }: SetUpProps) {
  const { t } = useFormats();
  const [code, setCode] = useState("");
  const confirm = useWrite((api, shown: string) => api.post<RecoveryCodes>("/second-factor/confirm", { code: shown }), STALE);
  const run = async () => {
    onCodes((await confirm.mutateAsync(code)).recovery_codes);
  };
  return (
    <FormDialog title={t("factor.setUp")} verb={t("factor.turnOn")} run={run} onClose={onClose}>
      <p className="text-ink-2">{t("factor.scan")}</p>
      <div className="flex justify-center">
        <QrCode text={started.uri} label={t("factor.picture")} />
      </div>
      <CopyField label={t("factor.key")} text={started.secret} />
      <CodeField first value={code} onChange={setCode} />
    </FormDialog>
  );
}
