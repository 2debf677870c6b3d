import type { NotificationKind } from "@windfire/api";
import { expect, test } from "vitest";
import { checkSettings, fieldsOf, readSettings, writeSettings } from "./kind-fields.ts";

const kind: NotificationKind = {
  kind: "mail",
  name: "Mail",
  secrets: ["password", "headers"],
  joins: true,
  usual_title: "",
  usual_body: "",
  schema: {
    type: "object",
    properties: {
      host: { type: "string", minLength: 1, maxLength: 8192, title: "Server", examples: ["smtp.example.org"] },
      port: { default: 587, title: "Port", description: "587 with STARTTLS", type: "integer", minimum: 1, maximum: 65_535 },
      security: { default: "starttls", title: "Encryption", type: "string", enum: ["starttls", "tls"] },
      topic: { default: "", type: "string", maxLength: 8192, pattern: "^\\d*$" },
      password: { title: "Password", writeOnly: true, type: "string", minLength: 1, maxLength: 8192 },
      headers: { default: "", title: "Headers", writeOnly: true, type: "string", maxLength: 65_536 },
      body: { default: "{}", title: "Body", type: "string", maxLength: 65_536 },
      verify_tls: { default: true, title: "Check the certificate", type: "boolean" },
      silent: { default: false, type: "boolean" },
    },
    required: ["host", "password"],
  },
};
const fields = fieldsOf(kind);
const usual = readSettings(fields);

test("each setting has the field that its schema asks for", () => {
  expect(fields.map(({ name, shape, required }) => `${name} ${shape}${required ? " required" : ""}`)).toEqual([
    "host line required",
    "port number",
    "security choice",
    "topic line",
    "password secret required",
    "headers secretText",
    "body text",
    "verify_tls switch",
    "silent switch",
  ]);
  expect(fields[0]).toMatchObject({ label: "Server", placeholder: "smtp.example.org", help: undefined });
  expect(fields[2]?.choices).toEqual(["starttls", "tls"]);
});

test("a new form begins with what is usual, a stored one with what is stored", () => {
  expect(usual).toEqual({
    host: "",
    port: "587",
    security: "starttls",
    topic: "",
    password: "",
    headers: "",
    body: "{}",
    verify_tls: true,
    silent: false,
  });
  expect(readSettings(fields, { host: "a", port: 25, verify_tls: false, silent: true })).toMatchObject({
    host: "a",
    port: "25",
    password: "",
    verify_tls: false,
    silent: true,
  });
});

test("figures go out as figures, lines without blanks, texts as they are", () => {
  const written = writeSettings(fields, { ...usual, host: " a ", body: " {} ", port: "25" });
  expect(written).toMatchObject({ host: "a", port: 25, body: " {} ", verify_tls: true, password: "" });
});

test.each([
  [{}, [], { host: "form.required", password: "form.required" }],
  [{ host: "a" }, ["password"], {}],
  [{ host: " " }, ["password"], { host: "form.required" }],
  [{ host: "a", port: "" }, ["password"], { port: "form.whole" }],
  [{ host: "a", port: "1.5" }, ["password"], { port: "form.whole" }],
  [{ host: "a", port: "65536" }, ["password"], { port: "channels.outOfRange" }],
  [{ host: "a", port: "0" }, ["password"], { port: "channels.outOfRange" }],
  [{ host: "a", topic: "x" }, ["password"], { topic: "channels.badForm" }],
  [{ host: "a", topic: "12" }, ["password"], {}],
])("%j with %j stored", (changed, kept, wrong) => {
  expect(checkSettings(fields, { ...usual, ...changed }, kept)).toEqual(wrong);
});

test("a schema that says nothing has no fields", () => {
  expect(fieldsOf({ ...kind, schema: {} })).toEqual([]);
});
