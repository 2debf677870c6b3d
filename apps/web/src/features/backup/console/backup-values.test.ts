import type { BackupState } from "@windfire/api";
import { expect, test } from "vitest";
import { formOf, isWrongTime, lacksPassphrase, lacksSecret, valuesOf, wrongKeep } from "./backup-values.ts";

const state: BackupState = {
  every: "daily",
  at: "03:30",
  keep: 7,
  to_disk: true,
  to_s3: true,
  s3: { endpoint: "https://s3.example.com", region: "eu", bucket: "b", prefix: "", access_key: "id", secret_key_set: true },
  passphrase_set: true,
  notification_group_id: 4,
  folder: "/data/backups",
  signer: "",
  running: false,
  runs: [],
  kept: [],
};

test("what was not touched goes back as it was, and secrets stay", () => {
  expect(formOf(valuesOf(state))).toEqual({
    every: "daily",
    at: "03:30",
    keep: 7,
    to_disk: true,
    to_s3: true,
    s3: { endpoint: "https://s3.example.com", region: "eu", bucket: "b", prefix: "", access_key: "id" },
    notification_group_id: 4,
  });
});

test("secrets that are typed are sent, switching encryption off removes the passphrase", () => {
  expect(formOf({ ...valuesOf(state), secretKey: "s", passphrase: "p" })).toMatchObject({ s3: { secret_key: "s" }, passphrase: "p" });
  expect(formOf({ ...valuesOf(state), encrypt: false })).toMatchObject({ passphrase: "" });
});

test.each([
  ["03:30", "7", false, false],
  ["3:30", "0", true, true],
  ["24:00", "366", true, true],
  ["", "x", true, true],
])("%s, %s", (at, keep, time, count) => {
  const values = { ...valuesOf(state), at, keep };
  expect([isWrongTime(values), wrongKeep(values)]).toEqual([time, count]);
});

test.each([
  [{}, false],
  [{ endpoint: "https://s3.example.net" }, true],
  [{ accessKey: "other" }, true],
  [{ endpoint: "https://s3.example.net", secretKey: "s" }, false],
  [{ endpoint: "https://s3.example.net", toS3: false }, false],
  [{ bucket: "other", prefix: "p/" }, false],
])("a stored secret is for the address and the key it was entered with: %j lacks one: %s", (change, lacks) => {
  expect(lacksSecret({ ...valuesOf(state), ...change }, state)).toBe(lacks);
});

test("encryption needs a passphrase, typed or stored", () => {
  expect(lacksPassphrase(valuesOf(state), state)).toBe(false);
  expect(lacksPassphrase(valuesOf(state), { passphrase_set: false })).toBe(true);
  expect(lacksPassphrase({ ...valuesOf(state), passphrase: "p" }, { passphrase_set: false })).toBe(false);
  expect(lacksPassphrase({ ...valuesOf(state), encrypt: false }, { passphrase_set: false })).toBe(false);
});
