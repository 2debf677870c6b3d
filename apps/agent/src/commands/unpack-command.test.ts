import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readState } from "../update/program-folder.ts";
import { runUnpackCommand } from "./unpack-command.ts";

let base: string;
let printed: string[];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "agent-unpack-"));
  printed = [];
  mkdirSync(join(base, "dist"));
  for (const name of ["agent.cjs", "nat.cjs", "launcher.cjs"]) writeFileSync(join(base, "dist", name), `// ${name}`);
});
afterEach(() => rmSync(base, { recursive: true }));

const run = (folder: string, entry = join(base, "dist/agent.cjs")) =>
  runUnpackCommand({ entry, version: "1.2.3", platform: "linux-x64", print: (line) => printed.push(line) }, folder);

function installTerminal(): void {
  for (const name of ["node-pty", "node-pty-linux-x64"]) {
    const folder = join(base, "node_modules/@lydell", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), `{"name":"@lydell/${name}"}`);
    writeFileSync(join(folder, "pty.node"), "native");
  }
}

test("the launcher, the version and what terminals need", () => {
  installTerminal();
  const folder = join(base, "opt/agent");
  expect(run(folder)).toEqual({ ok: true, value: undefined });
  expect(readdirSync(folder).toSorted()).toEqual(["agent.cjs", "node_modules", "state.json", "versions"]);
  expect(readFileSync(join(folder, "agent.cjs"), "utf8")).toBe("// launcher.cjs");
  expect(readdirSync(join(folder, "versions/1.2.3")).toSorted()).toEqual(["agent.cjs", "nat.cjs"]);
  expect(readState(folder)).toEqual({ current: "1.2.3" });
  expect(readFileSync(join(folder, "node_modules/@lydell/node-pty-linux-x64/pty.node"), "utf8")).toBe("native");
  expect(printed[1]).toContain("service install");
});

test("without the package for terminals it says so", () => {
  const folder = join(base, "agent");
  expect(run(folder).ok).toBe(true);
  expect(printed[0]).toContain("without terminals");
  expect(existsSync(join(folder, "node_modules"))).toBe(false);
});

test("a folder with something in it, and an agent that is not packed, are left alone", () => {
  expect(run(base)).toEqual({ ok: false, error: `${base} is not empty` });
  expect(run(join(base, "new"), join(base, "src/main.ts")).ok).toBe(false);
  expect(existsSync(join(base, "new"))).toBe(false);
});

test("what cannot be finished is taken away", () => {
  rmSync(join(base, "dist/nat.cjs"));
  mkdirSync(join(base, "dist/nat.cjs"));
  expect(run(join(base, "new")).ok).toBe(false);
  expect(existsSync(join(base, "new"))).toBe(false);
});
