import type { BackupForm, BackupState } from "@windfire/api";

/** The settings as they stand in fields. Secrets are empty when they stay. */
export interface BackupValues {
  readonly every: BackupForm["every"];
  readonly at: string;
  readonly keep: string;
  readonly toDisk: boolean;
  readonly toS3: boolean;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly encrypt: boolean;
  readonly passphrase: string;
  /** Who is told when one fails; 0: nobody. */
  readonly group: number;
}

export function valuesOf(state: BackupState): BackupValues {
  const { every, at, keep, to_disk: toDisk, to_s3: toS3, s3, passphrase_set: encrypt, notification_group_id: group } = state;
  const { endpoint = "", region = "", bucket = "", prefix = "", access_key: accessKey = "" } = s3 ?? {};
  const target = { endpoint, region, bucket, prefix, accessKey, secretKey: "" };
  return { every, at, keep: String(keep), toDisk, toS3, ...target, encrypt, passphrase: "", group };
}

/** What is saved: a secret that was not typed stays, one that is switched off goes. */
export function formOf(values: BackupValues): BackupForm {
  const { every, at, toDisk, toS3, endpoint, region, bucket, prefix, accessKey, secretKey, encrypt, passphrase, group } = values;
  const hasBucket = [endpoint, region, bucket, prefix, accessKey, secretKey].some((text) => text !== "");
  const s3 = {
    endpoint: endpoint.trim(),
    region: region.trim(),
    bucket: bucket.trim(),
    prefix: prefix.trim(),
    access_key: accessKey.trim(),
  };
  return {
    every,
    at: at.trim(),
    keep: Number(values.keep),
    to_disk: toDisk,
    to_s3: toS3,
    notification_group_id: group,
    ...(hasBucket ? { s3: { ...s3, ...(secretKey === "" ? {} : { secret_key: secretKey }) } } : {}),
    ...(encrypt ? (passphrase === "" ? {} : { passphrase }) : { passphrase: "" }),
  };
}

/** What is stored is for the address and the key that it was entered with. */
export function lacksSecret(values: BackupValues, { s3 }: Pick<BackupState, "s3">): boolean {
  const isSame = s3?.endpoint === values.endpoint.trim() && s3.access_key === values.accessKey.trim();
  return values.toS3 && values.secretKey === "" && !(isSame && s3.secret_key_set);
}

/** Backups that are to be encrypted, and there is nothing to do it with. */
export const lacksPassphrase = ({ encrypt, passphrase }: BackupValues, { passphrase_set: isSet }: Pick<BackupState, "passphrase_set">) =>
  encrypt && passphrase === "" && !isSet;

export const isWrongTime = ({ at }: BackupValues): boolean => !/^([01]\d|2[0-3]):[0-5]\d$/.test(at.trim());

export function wrongKeep({ keep }: BackupValues): boolean {
  return !/^\d{1,3}$/.test(keep.trim()) || Number(keep) < 1 || Number(keep) > 365;
}
