import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkImports } from "./check.ts";

const fixtures = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

async function expectedFindings(root: string): Promise<string[]> {
  const expected: string[] = [];
  for await (const file of glob("**/*.ts", { cwd: root })) {
    const lines = (await readFile(join(root, file), "utf8")).split("\n");
    for (const [index, line] of lines.entries()) {
      const rule = /\/\/ rejected: (\S+)/.exec(line)?.[1];
      if (rule) expected.push(`${file}:${index + 1} ${rule}`);
    }
  }
  return expected.toSorted();
}

test("every marked line of the fixtures is rejected by the rule it names, and no other line is", async () => {
  const { findings } = await checkImports(fixtures("rejected"));
  const expected = await expectedFindings(fixtures("rejected"));
  expect(expected.length).toBeGreaterThan(15);
  expect(findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`).toSorted()).toEqual(expected);
});

test("imports that follow the table pass", async () => {
  expect(await checkImports(fixtures("accepted"))).toEqual({ files: 8, findings: [] });
});

test("the repository keeps to the table", async () => {
  const { files, findings } = await checkImports(fileURLToPath(new URL("../..", import.meta.url)));
  expect(findings).toEqual([]);
  expect(files).toBeGreaterThan(100);
});
