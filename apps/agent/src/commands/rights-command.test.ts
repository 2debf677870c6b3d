import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@windfire/kit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { MONITOR_ONLY, rightsText } from "../gate/index.ts";
import { changeRights, warningFor } from "./change-rights.ts";
import { parseDuration } from "./durations.ts";
import { runRightsCommand } from "./rights-command.ts";

test.each<[string, number | undefined]>([
  ["90s", 90],
  ["30m", 1800],
  ["2h", 7200],
  ["7d", 604_800],
  ["0h", undefined],
  ["2", undefined],
  ["h", undefined],
  ["-2h", undefined],
  ["2 h", undefined],
  ["99999d", undefined],
  ["", undefined],
])("%j is %s seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

describe("changes", () => {
  const after = (verb: "permit" | "deny", words: string[], duration?: string): string => {
    const next = changeRights(MONITOR_ONLY, { verb, words, duration }, 1_795_910_400);
    return next.ok ? rightsText(next.value) : next.error;
  };
  test.each<[string[], string | undefined, string]>([
    [["terminal"], "2h", "report, probes, terminal until 2026-11-29T02:00:00Z"],
    [["Commands"], undefined, "report, probes, commands"],
    [["files", "/srv", "/var/log"], undefined, "report, probes, files /srv, /var/log"],
    [["nat", "127.0.0.1:80"], "1d", "report, probes, nat 127.0.0.1:80, until 2026-11-30T00:00:00Z"],
    [[], undefined, "which right? there are probes"],
    [["root"], undefined, '"root" is no right; there are probes'],
    [["report"], undefined, "an agent always reports"],
    [["terminal", "/srv"], undefined, "terminal takes no limits but a time"],
    [["files", "srv"], undefined, 'files: "srv" is no absolute path'],
    [["terminal"], "soon", '"soon" is no time such as 90s'],
  ])("permit %j for %s", (words, duration, text) => {
    expect(after("permit", words, duration)).toContain(text);
  });
  test("deny", () => {
    expect(after("deny", ["probes"])).toBe("report");
    expect(after("deny", ["terminal"])).toBe("report, probes");
    expect(after("deny", ["files", "/srv"])).toContain("deny takes a whole right away");
    expect(after("deny", ["report"])).toContain("an agent always reports");
  });
});

test("whoever gives all there is is told so", () => {
  expect(warningFor(MONITOR_ONLY)).toBeUndefined();
  expect(warningFor(new Map([["files", { only: ["/srv"] }]]))).toBeUndefined();
  for (const permits of [
    new Map([["commands" as const, {}]]),
    new Map([["terminal" as const, {}]]),
    new Map([["files" as const, { only: ["/"] }]]),
  ]) {
    expect(warningFor(permits)).toContain("trusts its dashboard entirely");
  }
});

describe("the file", () => {
  let folder: string;
  let path: string;
  let printed: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "agent-rights-"));
    path = join(folder, "config.yml");
    printed = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const run = (verb?: "permit" | "deny", words: string[] = []) =>
    runRightsCommand(
      { clock: systemClock, path, print: (line) => printed.push(line) },
      verb === undefined ? undefined : { verb, words, duration: undefined },
    );

  test("keeps all the rest, comments and digits", async () => {
    const text =
      "# windfire agent\n# mine\nclient_secret: 01234567890123456789012345678901 # all of it\nserver: a:1\npermits:\n  probes: true\nunknown: [1, 2]\n";
    writeFileSync(path, text, { mode: 0o644 });
    expect(await run("permit", ["terminal"])).toEqual({ ok: true, value: undefined });
    expect(readFileSync(path, "utf8")).toBe(text.replace("  probes: true\n", "  report: true\n  probes: true\n  terminal: true\n"));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(printed.join("\n")).toContain("trusts its dashboard entirely");
    expect(await run("deny", ["terminal"])).toEqual({ ok: true, value: undefined });
    expect(readFileSync(path, "utf8")).not.toContain("terminal");
  });

  test("of an official agent keeps its rights by their names", async () => {
    writeFileSync(path, "server: a:1\nclient_secret: x\nuuid: y\ndisable_nat: true\n");
    await run();
    expect(printed[0]).toBe(`${path} permits: report, probes, commands, terminal, files, config, update`);
    await run("deny", ["terminal"]);
    const written = readFileSync(path, "utf8");
    expect(written.startsWith("# windfire agent")).toBe(true);
    expect(Object.keys((parse(written) as { permits: object }).permits)).toEqual([
      "report",
      "probes",
      "commands",
      "files",
      "config",
      "update",
    ]);
  });

  test("that is missing, or wrong, is left alone", async () => {
    expect(await run("permit", ["terminal"])).toMatchObject({ ok: false, error: expect.stringContaining("there is no") as string });
    for (const text of ["# windfire agent\nserver: a\n", "permits: [all]\n", "- a\n"]) {
      writeFileSync(path, text);
      expect((await run("permit", ["terminal"])).ok).toBe(false);
      expect(readFileSync(path, "utf8")).toBe(text);
    }
  });
});
