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

test("a new profile lacks its name, its domains and its token; one of a webhook its address too", () => {
  const values = readProfile(undefined);
  expect(checkProfile(values, undefined)).toEqual({ name: "form.required", domains: "ddns.domainNeeded", secret: "form.required" });
  expect(checkProfile({ ...values, provider: "webhook" }, undefined).url).toBe("form.url");
});

test("the address of a stored webhook may be left empty, or be another one", () => {
  const stored = readProfile(STORED);
  expect(checkProfile(stored, stored)).toEqual({});
  expect(checkProfile({ ...stored, url: "dns.example.com" }, stored)).toEqual({ url: "form.url" });
});

test("domains are separated by lines, blanks or commas", () => {
  expect(writeProfile({ ...readProfile(STORED), domains: " a.b, c.d\n\te.f " }).domains).toEqual(["a.b", "c.d", "e.f"]);
});

test.each(["0", "11", "x", "1.5", ""])("%j tries are refused", (retries) => {
  expect(checkProfile({ ...readProfile(STORED), retries }, readProfile(STORED)).retries).toBe("ddns.retriesError");
});

test("a profile of no kind of address, and one without what another provider asks for, are refused", () => {
  const stored = readProfile(STORED);
  expect(checkProfile({ ...stored, ipv4: false, ipv6: false }, stored)).toEqual({ ipv4: "ddns.familyNeeded" });
  expect(checkProfile({ ...stored, provider: "he" }, stored)).toEqual({ secret: "form.required" });
  expect(checkProfile({ ...stored, provider: "tencentcloud", id: "", secret: "s" }, stored)).toEqual({ id: "form.required" });
  expect(checkProfile({ ...stored, provider: "dummy" }, stored)).toEqual({});
});

test("a provider that is not known shows every field", () => {
  expect(fieldsOf("new one")).toEqual({ id: true, secret: "ddns.secret", webhook: true });
});
