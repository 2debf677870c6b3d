import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { analyse } from "scslre";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const OF_TESTS = /\.test\.tsx?$|fixture|\/testing\/|testkit|node_modules|\/dist\//;
const FOLDERS = [
  "apps/agent/src",
  "apps/dashboard/src",
  "apps/web/src",
  ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/src`),
];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name}`)
    .filter((file) => /\.tsx?$/.test(file) && !OF_TESTS.test(file)),
);

/** Patterns that are put together when the program runs. All of what they are made of is written in the sources. */
const MADE_OF_OUR_OWN_WORDS = [
  "apps/agent/src/collect/gpu.ts",
  "apps/agent/src/collect/linux/cgroup.ts",
  "apps/dashboard/src/features/notifications/delivery/placeholders.ts",
  "apps/dashboard/src/platform/http/path-twin.ts",
  "apps/dashboard/src/platform/pages/known-pages.ts",
  "apps/web/src/features/notifications/console/kind-fields.ts",
  "packages/kit/src/plain-text.ts",
];

interface Pattern {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

interface Findings {
  readonly written: readonly Pattern[];
  /** Files that make patterns of texts. */
  readonly made: readonly string[];
}

function read(): Findings {
  const written: Pattern[] = [];
  const made = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    new Visitor({
      Literal(node) {
        if ("regex" in node) written.push({ file, source: node.regex.pattern, flags: node.regex.flags });
      },
      NewExpression(node) {
        if (node.callee.type === "Identifier" && node.callee.name === "RegExp") made.add(file);
      },
      CallExpression(node) {
        if (node.callee.type === "Identifier" && node.callee.name === "RegExp") made.add(file);
      },
    }).visit(parseSync(file, text).program);
  }
  return { written, made: [...made].toSorted() };
}

const { written, made } = read();
const slow = ({ source, flags }: Pattern, kind: "exponential" | "polynomial"): boolean =>
  analyse({ source, flags }, { reportTypes: { Move: true } }).reports.some(({ exponential }) => kind === "polynomial" || exponential);
const shown = ({ file, source, flags }: Pattern): string => `${file}: /${source}/${flags}`;

test("no regular expression takes time that grows exponentially with a text", () => {
  expect(written.length).toBeGreaterThan(200);
  expect(written.filter((pattern) => slow(pattern, "exponential")).map(shown)).toEqual([]);
});

test("none of the dashboard, which anybody may send texts to, more than linearly", () => {
  const strangers = written.filter(({ file }) => !/^apps\/(agent|web)\//.test(file));
  expect(strangers.length).toBeGreaterThan(100);
  expect(strangers.filter((pattern) => slow(pattern, "polynomial")).map(shown)).toEqual([]);
});

test("none is made of a text that somebody typed", () => {
  expect(made).toEqual(MADE_OF_OUR_OWN_WORDS);
});
