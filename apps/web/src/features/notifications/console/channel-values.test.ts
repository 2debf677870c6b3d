import type { Notification } from "@windfire/api";
import { expect, test } from "vitest";
import { checkChannel, readChannel, writeChannel } from "./channel-values.ts";

const STORED: Notification = {
  id: 1,
  created_at: "",
  updated_at: "",
  name: "bot",
  url: "",
  request_method: 1,
  request_type: 2,
  request_header: "",
  request_body: "",
  verify_tls: true,
};

test("an untouched channel goes out without secrets, which keeps them", () => {
  expect(writeChannel(readChannel(STORED))).toEqual({
    name: "bot",
    url: "",
    request_method: 1,
    request_type: 2,
    request_header: "",
    request_body: "",
    verify_tls: true,
    format_metric_units: false,
    skip_check: true,
  });
});

test("a new channel checks certificates, is tried before it is saved, says what it is told, and lacks name and address", () => {
  const values = readChannel(undefined);
  expect(writeChannel(values).request_body).toContain("#NEZHA#");
  expect(values).toMatchObject({ verify: true, test: true, method: "POST", type: "json" });
  expect(checkChannel(values)).toEqual({ name: "form.required", url: "form.url" });
});

test.each([
  [{ header: "X-Key: k" }, "header"],
  [{ header: "[1]" }, "header"],
  [{ type: "form", method: "POST", body: "text" }, "body"],
] as const)("%j is no JSON object", (change, field) => {
  const values = { ...readChannel(STORED), url: "https://a.example", ...change };
  expect(checkChannel(values)).toEqual({ [field]: "channels.object" });
});

test("placeholders may stand anywhere in a JSON text", () => {
  expect(checkChannel({ ...readChannel(STORED), url: "https://a.example/?m=#NEZHA#", type: "json", body: "#NEZHA#" })).toEqual({});
});
