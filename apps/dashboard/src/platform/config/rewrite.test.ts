import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "./index.ts";
import type { ConfigStore } from "./index.ts";

const KEY = "k".repeat(64);
const SETTLED = `agent_secret_key: agent\njwt_secret_key: ${KEY}\njwt_secret_key_last_rotated_version: 2.3.7\n`;
let directory = "";
let path = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-rewrite-"));
  path = join(directory, "config.yaml");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function loadText(text: string | Uint8Array): Promise<ConfigStore> {
  await writeFile(path, text);
  const store = await loadConfig({ path, env: {}, version: "2.3.7", randomText: (length) => "r".repeat(length) });
  await store.settle();
  return store;
}
const fileText = (): Promise<string> => readFile(path, "utf8");

/** The lines that a save of `site_name: new` left as they were, in order. */
async function savedLines(text: string, settings: Parameters<ConfigStore["save"]>[0] = { siteName: "new" }): Promise<string[]> {
  const store = await loadText(text);
  await store.save(settings);
  return (await fileText()).split("\n");
}

test.each([
  "1234567890123456789",
  "00998877",
  "12345678901234567890123456789012",
  "1e5",
  "0x1F",
  "0777",
  "0o17",
  "1_000",
  "3.140",
  "+5",
  ".5",
  "1:30",
  "2024-01-02",
  "2024-01-02T03:04:05Z",
  "yes",
  "NO",
  "on",
  "True",
  "~",
  "null",
  "'quoted'",
  '"\\u00e9 \\x41"',
  "!!str 5",
  "&anchor x",
  "[1, 00998877, 0x1F]   # a list",
  "{a: 00998877, b: ~}",
  "plain text   # with blanks before this",
  "多行 text",
  "a #no comment",
])("a value written as %s keeps its text, known key or not", async (value) => {
  const lines = [`mine: ${value}`, `reserved_hosts: ${/^[[{]/.test(value) ? "x" : value}`, `nested:`, `    deep: ${value}`];
  const after = await savedLines(`${SETTLED}${lines.join("\n")}\nsite_name: old # why\n`);
  for (const line of [...SETTLED.trim().split("\n"), ...lines]) expect(after).toContain(line);
  expect(after).toContain("site_name: new # why");
});

test.each([
  ["1234567890123456789"],
  ["00998877"],
  ["12345678901234567890123456789012"],
  ["0x1234567890123456789012345678901234567890"],
  ["1e400"],
  ["0777"],
  ["yes"],
])("a secret that looks like something else is its text: %s", async (secret) => {
  const { current } = await loadText(
    `agent_secret_key: ${secret}\njwt_secret_key: ${secret.padEnd(32, "0")}\njwt_secret_key_last_rotated_version: 2.3.7\n`,
  );
  expect(current).toMatchObject({ agentSecretKey: secret, jwtSecretKey: secret.padEnd(32, "0") });
});

test.each([
  ["0777", 511],
  ["0x1F", 31],
  ["0b11", 3],
  ["1e2", 100],
  ["1_000", 1000],
  ["08", 8],
])("a number written as %s is %d, as the reference reads it", async (text, value) => {
  expect((await loadText(`${SETTLED}jwt_timeout: ${text}\n`)).current.jwtTimeout).toBe(value);
});

test("byte order mark, line ends, blank lines, indents and the comment at the end stay", async () => {
  const text = `\ufeff# top\r\n\r\n\r\n${SETTLED.replaceAll("\n", "\r\n")}https:\r\n      listen_port:   0443\r\n\r\n      # inside\r\nsite_name:   old   # why\r\n# end\r\n`;
  const lines = await savedLines(text, { siteName: "a\nb" });
  expect(lines.every((line) => line === "" || line.endsWith("\r"))).toBe(true);
  const kept = text.split("\n").filter((line) => !line.startsWith("site_name"));
  expect(lines.filter((line) => kept.includes(line))).toEqual(kept);
  expect(lines).toContain('site_name:   "a\\nb"   # why\r');
  expect((await loadText(await readFile(path))).current).toMatchObject({ siteName: "a\nb", https: { listenPort: 0o443 } });
});

test.each([
  ["a key", "zebra: 1\n"],
  ["a key that sorts behind the new ones", `tls: true\nzebra: 1\n`],
  ["a key that goes away", "Debug: true\nsite_name: old\n"],
  ["nothing", ""],
  ["a comment", "# mine\nzebra: 1\n"],
  ["an indented key", "  zebra: 1\n"],
  ["the mark of a document", "---\nzebra: 1\n"],
  ["JSON", '{"zebra": 1}\n'],
])("a byte order mark before %s is kept once, at the start", async (_what, text) => {
  const store = await loadText(`\ufeff${text}`);
  await store.save({ siteName: "new" });
  const saved = await fileText();
  expect(saved.lastIndexOf("\ufeff")).toBe(0);
  expect((await loadText(saved)).current.siteName).toBe("new");
  if (text.includes("zebra")) expect(parse(saved.slice(1))).toMatchObject({ zebra: 1 });
});

test.each([
  ["a reference to itself", "a: &a [*a]\n", "nested more than 16 levels deep"],
  [
    "references that unfold without end",
    `a: &a [${"x,".repeat(100)}]\nb: &b [${"*a,".repeat(100)}]\nc: [${"*b,".repeat(100)}]\n`,
    "more than 100000 values, references included",
  ],
  ["two documents", "a: 1\n---\na: 2\n", "the file must hold one document, not several behind ---"],
])("%s: refused with the name of the file", async (_what, text, message) => {
  await expect(loadText(text)).rejects.toThrow(`${path}: ${message}`);
});

test("references: a value that others refer to changes alone, and may become empty", async () => {
  const store = await loadText(`${SETTLED}custom_code: &code <b>\ncustom_code_dashboard: *code\n<<: {install_host: merged}\n`);
  expect(store.current).toMatchObject({ customCodeDashboard: "<b>", installHost: "merged" });
  await store.save({ customCode: "<i>", installHost: "" });
  expect((await loadText(await readFile(path))).current).toMatchObject({ customCode: "<i>", customCodeDashboard: "<b>", installHost: "" });
  const again = await loadText(`${SETTLED}custom_code: &code <b>\ncustom_code_dashboard: *code\n`);
  await again.save({ customCode: "" });
  expect((await loadText(await readFile(path))).current).toMatchObject({ customCode: "", customCodeDashboard: "<b>" });
});

test("block texts, lists below their key and empty values are replaced as a whole; JSON becomes lines", async () => {
  const store = await loadText(
    `custom_code: | # what\n  a\n    b\n\ncustom_code_dashboard: >-\n  c\n  d\nsite_name:\ntls: # no\n${SETTLED}mine:\n- 007\n`,
  );
  await store.save({ customCode: "x", customCodeDashboard: "y\nz\n", siteName: "s", tls: true });
  expect(await fileText()).toContain("custom_code: x # what\n");
  expect(await fileText()).toContain("\ncustom_code_dashboard: |\n  y\n  z\nsite_name: s\ntls: true # no\nagent_secret_key: agent\n");
  expect(await fileText()).toContain("mine:\n- 007\n");
  const json = await loadText(
    `{"agent_secret_key": "007", "jwt_secret_key": "${KEY}",\n  "mine": [1,\n   00998877],"jwt_secret_key_last_rotated_version": "2.3.7"}\n`,
  );
  await json.save({ siteName: "s" });
  expect(parse(await fileText(), { schema: "failsafe" })).toMatchObject({
    agent_secret_key: "007",
    mine: ["1", "00998877"],
    site_name: "s",
  });
});

test.each([
  ["Latin-1", Buffer.from(`site_name: caf\xe9\n${SETTLED}`, "latin1")],
  ["UTF-16", Buffer.from(`\ufeff${SETTLED}`, "utf16le")],
  ["half a character", Buffer.from([...Buffer.from(SETTLED), 0xe5, 0xa4])],
])("a file in %s is refused and keeps its bytes, also when it became so after the start", async (_what, bytes) => {
  await expect(loadText(bytes)).rejects.toThrow(`the configuration ${path} is not UTF-8 text`);
  expect((await readFile(path)).equals(bytes)).toBe(true);
  const store = await loadText(SETTLED);
  await writeFile(path, bytes);
  await expect(store.save({ siteName: "new" })).rejects.toThrow("is not UTF-8 text");
  expect((await readFile(path)).equals(bytes)).toBe(true);
  expect(store.current.siteName).toBe("");
});

test("a save that changes nothing writes nothing", async () => {
  const store = await loadText(SETTLED);
  await store.save({ siteName: "new" });
  const text = await fileText();
  await store.save({ siteName: "new" });
  expect(await fileText()).toBe(text);
});

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string(),
  fc.constantFrom("\r\n", "a\n\n", " x\n y", "\u2028", "\t", "- a", "#", "%", "a: b"),
);

test("any text is read back as it was saved, whatever stood there before", async () => {
  const befores = [
    "",
    "site_name: old\n",
    "site_name: |\n  old\n",
    "site_name: >+ # c\n  old\n\n",
    "site_name: [a]\n# c\n",
    "site_name:\n  - b\n",
    "site_name: &a x\nmine_too: *a\n",
    "SiteName: 'x' # c",
  ];
  await fc.assert(
    fc.asyncProperty(anyText, anyText, fc.constantFrom(...befores), async (siteName, customCode, before) => {
      const store = await loadText(SETTLED);
      await writeFile(path, `${before.startsWith("site") ? SETTLED : ""}mine: 007 # kept\n${before}`);
      await store.save({ siteName, customCode });
      const text = await fileText();
      expect(text).toContain("mine: 007 # kept\n");
      expect(parse(text, { schema: "failsafe" })).toMatchObject({ site_name: siteName });
      const { current } = await loadConfig({ path, env: {}, version: "2.3.7", randomText: (length) => "r".repeat(length) });
      expect([current.siteName, current.customCode]).toEqual([siteName, customCode]);
    }),
    { numRuns: 200 },
  );
});

test("keys of others keep their text and their order, whatever they are", async () => {
  const value = fc.oneof(
    fc.integer().map(String),
    fc.bigInt().map(String),
    fc.double().map(String),
    fc.stringMatching(/^0[0-9]{0,40}$/),
    fc.string().map((text) => JSON.stringify(text)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.stringMatching(/^my_[a-z]{1,6}$/), value), { selector: ([name]) => name }),
      async (pairs) => {
        const lines = pairs.map(([name, text]) => `${name}: ${text}`);
        const after = await savedLines(`${lines.map((line) => `${line}\n`).join("")}${SETTLED}`);
        const before = [...lines, ...SETTLED.trim().split("\n")];
        const names = new Set(before.map((line) => line.split(":")[0] ?? ""));
        expect(after.filter((line) => names.has(line.split(":")[0] ?? ""))).toEqual(before);
      },
    ),
    { numRuns: 100 },
  );
});
