import { expect, test } from "vitest";
import { changeProvider } from "./provider-text.ts";
import { parseConfig } from "./raw.ts";

const changed = (text: string, name: string, fields: Parameters<typeof changeProvider>[2]): string =>
  changeProvider(parseConfig(text, "config.yaml"), name, fields);

const BEFORE = `# the top
listen_port:   8008   # odd spacing stays
oauth2:
  # from the wiki
  GitHub:
    ClientID: 0123
    client_secret: "s"   # mind
    custom: kept
site_name: 'x'
`;

test("one provider changes; every other byte, unknown keys and comments stay", () => {
  const text = changed(BEFORE, "GitHub", { client_id: "yes", allowed_groups: ["a", "1"], client_secret: undefined });
  expect(text.startsWith("# the top\nlisten_port:   8008   # odd spacing stays\n")).toBe(true);
  expect(text.endsWith("\nsite_name: 'x'\n")).toBe(true);
  expect(text).toContain("# from the wiki");
  expect(text).toContain("custom: kept");
  expect(text).not.toMatch(/ClientID|client_secret/);
  const github = (parseConfig(text, "").values.get("oauth2") as Map<string, Map<string, unknown>>).get("GitHub");
  expect(github?.get("client_id")).toBe("yes");
  expect(github?.get("allowed_groups")).toEqual(["a", "1"]);
});

test.each([
  ["an empty file", ""],
  ["a file without the section", "site_name: x"],
  ["an empty section", "oauth2:\nsite_name: x\n"],
  ["a section in braces", "oauth2: {}\nsite_name: x\n"],
  ["a section at the end, no line end", "site_name: x\noauth2: {A: {client_id: a}}"],
  ["line ends of Windows", "site_name: x\r\noauth2:\r\n  A:\r\n    client_id: a\r\n"],
])("a provider is added to %s, and taken out again", (_label, before) => {
  const added = changed(before, "My SSO", { client_id: "id: #1", scopes: ["openid"], roles: { administrator: ["root"] } });
  const section = parseConfig(added, "").values.get("oauth2") as Map<string, Map<string, unknown>>;
  expect(section.get("My SSO")?.get("client_id")).toBe("id: #1");
  const removed = changed(added, "My SSO", undefined);
  expect(removed).not.toContain("My SSO");
  expect(parseConfig(removed, "").values.get("site_name")).toBe(parseConfig(before, "").values.get("site_name"));
});

test.each([
  ["what others refer to", "oauth2: &all\n  A: {client_id: a}\nother: *all\n"],
  ["a file in braces", '{"oauth2": {"A": {}}, "x": 1}'],
])("%s is not rewritten", (_label, before) => {
  expect(() => changed(before, "A", { client_id: "b" })).toThrow("cannot be changed without changing its meaning");
});
