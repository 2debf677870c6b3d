import { expect, test } from "vitest";
import { NOBODY_IN_PARTICULAR } from "#platform/config";
import { judge, nameOf } from "./people.ts";

const people = (more: object) => ({ ...NOBODY_IN_PARTICULAR, ...more });
const roles = (more: object) => people({ roles: { administrator: ["root"], member: ["staff", "root"], viewer: ["guests"], ...more } });
const said = (...verdict: Parameters<typeof judge>): string => {
  const { outcome, ...rest } = judge(...verdict);
  return outcome === "refused" ? outcome : `welcome ${"role" in rest ? rest.role : "as before"}`;
};

test.each([
  ["nothing is asked", people({}), {}, "welcome as before"],
  ["a domain", people({ allowedDomains: ["Example.com"] }), { email: "a@EXAMPLE.com", email_verified: true }, "welcome as before"],
  ["another domain", people({ allowedDomains: ["example.com"] }), { email: "a@example.org", email_verified: true }, "refused"],
  ["a domain below", people({ allowedDomains: ["example.com"] }), { email: "a@sub.example.com", email_verified: true }, "refused"],
  [
    "a domain that only ends so",
    people({ allowedDomains: ["example.com"] }),
    { email: "a@badexample.com", email_verified: true },
    "refused",
  ],
  ["two at-signs", people({ allowedDomains: ["example.com"] }), { email: "a@example.com@example.org", email_verified: true }, "refused"],
  ["an address nobody verified", people({ allowedDomains: ["example.com"] }), { email: "a@example.com", email_verified: false }, "refused"],
  ["of which nobody says so", people({ allowedDomains: ["example.com"] }), { email: "a@example.com" }, "refused"],
  ["no address", people({ allowedDomains: ["example.com"] }), {}, "refused"],
  ["a group", people({ allowedGroups: ["ops"] }), { groups: ["dev", "ops"] }, "welcome as before"],
  ["another group", people({ allowedGroups: ["ops"] }), { groups: ["dev"] }, "refused"],
  ["no groups", people({ allowedGroups: ["ops"] }), {}, "refused"],
  ["a group as a text", people({ allowedGroups: ["ops"] }), { groups: "ops" }, "welcome as before"],
  ["groups that are no texts", people({ allowedGroups: ["7"] }), { groups: [7, null, { ops: true }] }, "refused"],
  [
    "groups elsewhere",
    people({ groupsClaim: "realm_access.roles", allowedGroups: ["ops"] }),
    { realm_access: { roles: ["ops"] } },
    "welcome as before",
  ],
  [
    "a claim with dots",
    people({ groupsClaim: "https://a.b/groups", allowedGroups: ["ops"] }),
    { "https://a.b/groups": ["ops"] },
    "welcome as before",
  ],
  ["a claim of every object", people({ groupsClaim: "constructor.name", allowedGroups: ["Object"] }), {}, "refused"],
  ["the highest role counts", roles({}), { groups: ["guests", "staff", "root"] }, "welcome administrator"],
  ["a member", roles({}), { groups: ["guests", "staff"] }, "welcome member"],
  ["a viewer", roles({}), { groups: ["guests"] }, "welcome viewer"],
  ["no role, no entry", roles({}), { groups: ["others"] }, "refused"],
  ["letters count", roles({}), { groups: ["ROOT"] }, "refused"],
  [
    "domain and role",
    { ...roles({}), allowedDomains: ["example.com"] },
    { groups: ["root"], email: "a@example.org", email_verified: true },
    "refused",
  ],
])("%s", (_label, given, claims, expected) => {
  expect(said(given, claims)).toBe(expected);
});

test.each([
  [{ preferred_username: " ada ", email: "a@example.com", sub: "1" }, "ada"],
  [{ preferred_username: "", email: "a@example.com", sub: "1" }, "a@example.com"],
  [{ login: "ada", sub: "1" }, "ada"],
  [{ sub: "1" }, "1"],
  [{ preferred_username: 7 }, ""],
])("a new account of %j is called %j", (claims, expected) => {
  expect(nameOf(claims)).toBe(expected);
});
