import type { BackupForm, BackupState } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FieldRow } from "#shell/console/editor-drawer.tsx";
import { GroupSelect } from "#shell/console/fields/group-select.tsx";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { SelectField, SwitchField, TextField } from "#ui/field.tsx";
import { BucketFields } from "./bucket-fields.tsx";
import { formOf, isWrongTime, lacksPassphrase, lacksSecret, wrongKeep } from "./backup-values.ts";
import type { BackupValues } from "./backup-values.ts";
import { valuesOf } from "./backup-values.ts";

const EVERIES = ["never", "daily", "weekly"] as const;

/** When backups are made, where they go, and whether they are encrypted. */
export function BackupDialog({ state, onClose }: { readonly state: BackupState; readonly onClose: () => void }) {
  const { t, number } = useFormats();
  const [values, setValues] = useState<BackupValues>(() => valuesOf(state));
  const [tried, setTried] = useState(false);
  const save = useWrite((api, body: BackupForm) => api.patch("/backup", body), ["/backup"]);
  const set = (changed: Partial<BackupValues>) => setValues({ ...values, ...changed });
  const run = async () => {
    setTried(true);
    if (isWrongTime(values) || wrongKeep(values)) return false;
    if (lacksSecret(values, state) || lacksPassphrase(values, state)) return false;
    await save.mutateAsync(formOf(values));
    return true;
  };
  return (
    <FormDialog title={t("backup.change")} verb={t("action.save")} wide run={run} onClose={onClose}>
      <FieldRow>
        <SelectField
          label={t("backup.every")}
          value={values.every}
          onChange={(event) => set({ every: EVERIES.find((every) => every === event.target.value) ?? "never" })}
        >
          {EVERIES.map((every) => (
            <option key={every} value={every}>
              {t(`backup.everies.${every}`)}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t("backup.at")}
          name="at"
          value={values.at}
          placeholder="03:30"
          error={tried && isWrongTime(values) ? t("backup.wrongTime") : undefined}
          onChange={(event) => set({ at: event.target.value })}
        />
        <TextField
          label={t("backup.keep")}
          name="keep"
          inputMode="numeric"
          value={values.keep}
          error={tried && wrongKeep(values) ? t("config.range", { min: number.count(1), max: number.count(365) }) : undefined}
          onChange={(event) => set({ keep: event.target.value })}
        />
      </FieldRow>
      <GroupSelect label={t("notify.tell")} value={values.group} onChange={(group) => set({ group })} />
      <SwitchField label={t("backup.toDisk")} help={state.folder} checked={values.toDisk} onChange={(toDisk) => set({ toDisk })} />
      <SwitchField label={t("backup.toS3")} help={t("backup.toS3Help")} checked={values.toS3} onChange={(toS3) => set({ toS3 })} />
      {values.toS3 ? <BucketFields values={values} set={set} lacksSecret={lacksSecret(values, state)} tried={tried} /> : null}
      <SwitchField
        label={t("backup.encrypt")}
        help={t("backup.encryptHelp")}
        checked={values.encrypt}
        onChange={(encrypt) => set({ encrypt })}
      />
      {values.encrypt ? (
        <TextField
          label={t("backup.passphrase")}
          name="passphrase"
          type="password"
          autoComplete="new-password"
          value={values.passphrase}
          placeholder={state.passphrase_set ? t("backup.unchanged") : ""}
          error={tried && lacksPassphrase(values, state) ? t("form.required") : undefined}
          onChange={(event) => set({ passphrase: event.target.value })}
        />
      ) : null}
    </FormDialog>
  );
}
