import { useFormats } from "#lib/formats.ts";
import { FieldRow } from "#shell/console/editor-drawer.tsx";
import { TextField } from "#ui/field.tsx";
import type { BackupValues } from "./backup-values.ts";

interface BucketFieldsProps {
  readonly values: BackupValues;
  readonly set: (changed: Partial<BackupValues>) => void;
  /** There is none that is stored for this address and key. */
  readonly lacksSecret: boolean;
  /** Saving was tried. */
  readonly tried: boolean;
}

const TEXTS = ["endpoint", "region", "bucket", "prefix", "accessKey"] as const;
const EXAMPLES: Readonly<Record<(typeof TEXTS)[number], string>> = {
  endpoint: "https://s3.eu-central-1.amazonaws.com",
  region: "eu-central-1",
  bucket: "",
  prefix: "windfire/",
  accessKey: "",
};

/** A bucket of an S3-compatible storage. */
export function BucketFields({ values, set, lacksSecret, tried }: BucketFieldsProps) {
  const { t } = useFormats();
  return (
    <FieldRow>
      {TEXTS.map((name) => (
        <TextField
          key={name}
          label={t(`backup.s3.${name}`)}
          mono
          autoComplete="off"
          value={values[name]}
          placeholder={EXAMPLES[name]}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      ))}
      <TextField
        label={t("backup.s3.secretKey")}
        type="password"
        autoComplete="new-password"
        value={values.secretKey}
        placeholder={values.secretKey === "" && !lacksSecret ? t("backup.unchanged") : ""}
        error={tried && lacksSecret ? t("backup.secretAgain") : undefined}
        onChange={(event) => set({ secretKey: event.target.value })}
      />
    </FieldRow>
  );
}
