import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const long = (lines: number) => Array.from({ length: lines }, (_, index) => `  sum += ${index};`).join("\n");

/** One file for each rule of the house that a linter can see, with a line that breaks it. */
const REJECTED: Record<string, readonly [path: string, source: string]> = {
  "eslint(max-lines)": ["apps/dashboard/src/long.ts", `export const lines = 1;\n${"// line\n".repeat(330)}`],
  "eslint(max-lines-per-function)": [
    "apps/dashboard/src/endless.ts",
    `export function endless(): number {\n  let sum = 0;\n${long(150)}\n  return sum;\n}\n`,
  ],
  "import(no-default-export)": ["apps/dashboard/src/default.ts", "export default 1;\n"],
  "import(no-cycle)": ["apps/dashboard/src/one.ts", 'import { two } from "./two.ts";\nexport const one = (): number => two();\n'],
  "unicorn(filename-case)": ["apps/dashboard/src/fileName.ts", "export const a = 1;\n"],
  "typescript(no-explicit-any)": ["apps/dashboard/src/any.ts", "export const a = (b: any): unknown => b;\n"],
  "typescript(no-floating-promises)": ["apps/dashboard/src/floating.ts", "export function a(): void {\n  Promise.resolve(1);\n}\n"],
  "typescript(no-unsafe-return)": ["apps/dashboard/src/unsafe.ts", "export const a = (b: string): number => JSON.parse(b);\n"],
  "typescript(no-non-null-assertion)": ["apps/dashboard/src/trust.ts", "export const a = (b: number[]): number => b[0]!;\n"],
  "typescript(ban-ts-comment)": ["apps/dashboard/src/ignore.ts", '// @ts-ignore\nexport const a: number = "1";\n'],
  "eslint(no-warning-comments)": ["apps/dashboard/src/later.ts", "// TODO: later\nexport const a = 1;\n"],
  "eslint(no-restricted-imports)": [
    "apps/web/src/wire.ts",
    'import { METRIC_NAMES } from "@windfire/api";\nexport const names = METRIC_NAMES;\n',
  ],
};

/** Short for a file, long for a door. */
const DOOR = "apps/dashboard/src/features/room/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lint-"));
  const put = async (path: string, source: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), source);
  };
  for (const [path, source] of Object.values(REJECTED)) await put(path, source);
  await put("apps/dashboard/src/two.ts", 'import { one } from "./one.ts";\nexport const two = (): number => one();\n');
  await put("apps/dashboard/src/egg.ts", 'import type { Hen } from "./hen.ts";\nexport interface Egg {\n  readonly of: Hen;\n}\n');
  await put(
    "apps/dashboard/src/hen.ts",
    'import type { Egg } from "./egg.ts";\nexport interface Hen {\n  readonly eggs: readonly Egg[];\n}\n',
  );
  await put("apps/web/src/types.ts", 'import type { MetricName } from "@windfire/api";\nexport const name: MetricName = "cpu";\n');
  await put(DOOR, `export const lines = 1;\n${"// line\n".repeat(60)}`);
  await put("tsconfig.json", '{ "extends": "./tsconfig.base.json", "include": ["apps"] }');
  for (const name of [".oxlintrc.json", "tsconfig.base.json"]) await cp(join(ROOT, name), join(folder, name));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

function lint(): Promise<Diagnostic[]> {
  const oxlint = join(ROOT, "node_modules/oxlint/bin/oxlint");
  return new Promise((resolve) => {
    execFile(process.execPath, [oxlint, "-f", "json", "apps"], { cwd: folder }, (_error, output) => {
      resolve((JSON.parse(output) as { diagnostics: Diagnostic[] }).diagnostics);
    });
  });
}

test("every rule rejects the file made for it, files that need each other for types too, and doors that do the work; types alone may come from the API package", async () => {
  const found = (await lint()).map(({ code, filename }) => `${code} ${filename}`);
  const expected = Object.entries(REJECTED).map(([rule, [path]]) => `${rule} ${path}`);
  expect(found).toEqual(expect.arrayContaining([...expected, "import(no-cycle) apps/dashboard/src/egg.ts", `eslint(max-lines) ${DOOR}`]));
  expect(found.filter((line) => line.endsWith("apps/web/src/types.ts"))).toEqual([]);
});
