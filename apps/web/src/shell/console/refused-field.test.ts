import { expect, test } from "vitest";
import { refusalOf, refusedField } from "./refused-field.ts";

interface Values {
  readonly slug: string;
  readonly maxLatency: string;
  readonly group: number;
  readonly bucket: string;
  readonly conditions: string;
  readonly expression: string;
}

const FIELDS: readonly (keyof Values)[] = ["slug", "maxLatency", "group", "bucket", "conditions", "expression"];
const find = (message: string) =>
  refusedField<Values>(message, FIELDS, { group: "notification_group_id", conditions: "rules", expression: /^expected exactly/ });

test("a refusal is at the field that it names, whatever the form calls it", () => {
  expect(find("slug: another page has this address")).toEqual({ field: "slug", text: "another page has this address" });
  expect(find("max_latency: must be a number")).toEqual({ field: "maxLatency", text: "must be a number" });
  expect(find("notification_group_id: does not exist")).toEqual({ field: "group", text: "does not exist" });
});

test("of a path the beginning counts, or the end", () => {
  expect(find("rules.0.max: must be a number")).toEqual({ field: "conditions", text: "must be a number" });
  expect(find("export.bucket: must be the name of a bucket")).toEqual({ field: "bucket", text: "must be the name of a bucket" });
});

test("texts that name no field are known by what they say", () => {
  expect(find("expected exactly 6 fields, found 1: [bad]")).toEqual({
    field: "expression",
    text: "expected exactly 6 fields, found 1: [bad]",
  });
});

test("what names nothing of the form stands above it", () => {
  expect(find("bcrypt: password length exceeds 72 bytes")).toBeUndefined();
  expect(find("permission denied")).toBeUndefined();
  expect(refusalOf("A text: with a colon")).toBeUndefined();
  expect(refusalOf("plan.from: is over already")).toEqual({ path: "plan.from", text: "is over already" });
});
