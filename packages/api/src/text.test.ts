import { expect, test } from "vitest";
import { CronForm } from "./cron.ts";
import { NatForm } from "./nat.ts";
import { ServerPatch } from "./server.ts";
import { SettingPatch } from "./setting.ts";
import { bytes, characters } from "./text.ts";

const said = (
  schema: { safeParse(value: unknown): { error?: { issues: { path: PropertyKey[]; message: string }[] } } },
  value: unknown,
) => {
  const issue = schema.safeParse(value).error?.issues[0];
  return issue && `${issue.path.join(".")}: ${issue.message}`;
};

test.each([
  ["a name", ServerPatch, "name", 256, "characters"],
  ["an address behind a tunnel", NatForm, "host", 8 * 1024, "bytes"],
  ["a note", ServerPatch, "note", 64 * 1024, "bytes"],
  ["a public note", ServerPatch, "public_note", 64 * 1024, "bytes"],
  ["a command", CronForm, "command", 64 * 1024, "bytes"],
  ["custom code", SettingPatch, "custom_code", 1024 * 1024, "bytes"],
  ["custom code of the console", SettingPatch, "custom_code_dashboard", 1024 * 1024, "bytes"],
])("%s has a most, and the refusal names the field", (_name, schema, field, most, unit) => {
  expect(said(schema, { [field]: "x".repeat(most) })).toBeUndefined();
  expect(said(schema, { [field]: "x".repeat(most + 1) })).toBe(`${field}: must have at most ${most} ${unit}`);
});

test("characters are code points, bytes are those of UTF-8", () => {
  expect(characters(2).safeParse("🔥🔥").success).toBe(true);
  expect(characters(2).safeParse("🔥🔥🔥").success).toBe(false);
  expect(bytes(4).safeParse("🔥").success).toBe(true);
  expect(bytes(4).safeParse("🔥x").success).toBe(false);
  expect(bytes(4).safeParse("ää").success).toBe(true);
  expect(bytes(4).safeParse("ääx").success).toBe(false);
});
