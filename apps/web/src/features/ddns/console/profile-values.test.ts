import type { DdnsProfile } from "@windfire/api";
import { expect, test } from "vitest";
import { checkProfile, fieldsOf, readProfile, writeProfile } from "./profile-values.ts";

const STORED: DdnsProfile = {
  id: 2,
  created_at: "",
  updated_at: "",
  enable_ipv4: false,
  enable_ipv6: true,
  max_retries: 5,
  name: "cf",
  provider: "webhook",
  domains: ["a.example.com", "b.example.com"],
  access_id: "me",
  webhook_method: 5,
  webhook_request_type: 2,
};

test("an untouched profile goes out without what is hidden, which keeps it", () => {
  expect(writeProfile(readProfile(STORED))).toEqual({
    name: "cf",
    provider: "webhook",
    domains: ["a.example.com", "b.example.com"],
    enable_ipv4: false,
    enable_ipv6: true,
    max_retries: 5,
    access_id: "me",
    access_secret: "",
    webhook_url: "",
    webhook_method: 5,
    webhook_request_type: 2,
    webhook_request_body: "",
    webhook_headers: "",
  });
});

test("a new profile lacks its name and its domains; one of a webhook its address too", () => {
  const values = readProfile(undefined);
  expect(checkProfile(values, false)).toEqual({ name: "form.required", domains: "ddns.domainNeeded" });
  expect(checkProfile({ ...values, provider: "webhook" }, false).url).toBe("form.url");
});

test("the address of a stored webhook may be left empty, or be another one", () => {
  const stored = readProfile(STORED);
  expect(checkProfile(stored, true)).toEqual({});
  expect(checkProfile({ ...stored, url: "dns.example.com" }, true)).toEqual({ url: "form.url" });
});

test("domains are separated by lines, blanks or commas", () => {
  expect(writeProfile({ ...readProfile(STORED), domains: " a.b, c.d\n\te.f " }).domains).toEqual(["a.b", "c.d", "e.f"]);
});

test.each(["0", "11", "x", "1.5", ""])("%j tries are refused", (retries) => {
  expect(checkProfile({ ...readProfile(STORED), retries }, true).retries).toBe("ddns.retriesError");
});

test("a provider that is not known shows every field", () => {
  expect(fieldsOf("new one")).toEqual({ id: true, secret: "ddns.secret", webhook: true });
});
