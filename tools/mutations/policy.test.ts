import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mutantsOf } from "./mutants.ts";
import { cellsOf } from "./policy-cells.ts";
import type { Policy } from "./policy-cells.ts";

const ROOT = new URL("../../", import.meta.url);
const ROOM = new URL("apps/dashboard/src/access/policy/", ROOT);
const FILES = ["policy.ts", "coverage.ts"] as const;

let folder: string;
let sources: Readonly<Record<(typeof FILES)[number], string>>;
let expected: readonly string[];
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-mutants-"));
  const [policy, coverage] = await Promise.all(FILES.map((file) => readFile(new URL(file, ROOM), "utf8")));
  sources = { "policy.ts": policy ?? "", "coverage.ts": coverage ?? "" };
  expected = cellsOf(await load(sources));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the two files as they are, or changed, outside the repository. */
async function load(files: typeof sources): Promise<Policy> {
  const name = `m${made++}`;
  const elsewhere = (source: string): string =>
    source
      .replaceAll('"#kernel"', JSON.stringify(new URL("apps/dashboard/src/kernel/index.ts", ROOT).href))
      .replaceAll('"@windfire/api"', JSON.stringify(new URL("packages/api/src/index.ts", ROOT).href))
      .replaceAll('"./policy.ts"', `"./${name}-policy.ts"`);
  for (const file of FILES) await writeFile(join(folder, `${name}-${file}`), elsewhere(files[file]));
  const read = async (file: string): Promise<Partial<Policy>> =>
    (await import(/* @vite-ignore */ pathToFileURL(join(folder, `${name}-${file}`)).href)) as Partial<Policy>;
  // The two files together are the whole face.
  return { ...(await read("policy.ts")), ...(await read("coverage.ts")) } as Policy;
}

test("the cells tell apart who may and who may not", () => {
  expect(expected.length).toBeGreaterThan(10_000);
  expect(expected.filter((cell) => cell.includes("broke: "))).toEqual([]);
  for (const answer of ["true", "false", "undefined", "permission denied"])
    expect(expected.some((cell) => cell.endsWith(`: ${answer}`))).toBe(true);
});

test.each(FILES)(
  "no rule can be taken out of %s unnoticed",
  async (file) => {
    const mutants = mutantsOf(fileURLToPath(new URL(file, ROOM)), sources[file]);
    expect(mutants.length).toBeGreaterThan(15);
    const unnoticed: string[] = [];
    for (const { line, before, after, source } of mutants) {
      const cells = cellsOf(await load({ ...sources, [file]: source }));
      if (cells.every((cell, index) => cell === expected[index])) unnoticed.push(`${file}:${line}: ${before} → ${after}`);
    }
    expect(unnoticed).toEqual([]);
  },
  60_000,
);
