import { fileURLToPath } from "node:url";
import { runNode } from "./run-node.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Everything a change has to pass, cheapest first. The completeness of the lock file is among the tests. */
const CHECKS = {
  format: ["node_modules/oxfmt/bin/oxfmt", "--check"],
  lint: ["node_modules/oxlint/bin/oxlint"],
  types: ["node_modules/typescript/bin/tsc", "-b"],
  imports: ["tools/import-table.ts"],
  unused: ["node_modules/knip/bin/knip.js", "--no-progress"],
  tests: ["node_modules/vitest/vitest.mjs", "run"],
} as const;

const USAGE = `usage: npm run verify -- [--no-tests] [${Object.keys(CHECKS).join("|")} …]`;

type CheckName = keyof typeof CHECKS;
const isCheck = (name: string): name is CheckName => Object.hasOwn(CHECKS, name);

function chosen(args: readonly string[]): CheckName[] | undefined {
  const named = args.filter((arg) => arg !== "--no-tests");
  if (!named.every(isCheck)) return undefined;
  const all = named.length > 0 ? named : Object.keys(CHECKS).filter(isCheck);
  return args.includes("--no-tests") ? all.filter((name) => name !== "tests") : all;
}

const names = chosen(process.argv.slice(2));
if (names === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const failed: string[] = [];
  for (const name of names) {
    console.log(`\n== ${name}`);
    if ((await runNode({ args: CHECKS[name], cwd: ROOT })) !== 0) failed.push(name);
  }
  console.log(failed.length === 0 ? `\nverified: ${names.join(", ")}` : `\nfailed: ${failed.join(", ")}`);
  if (failed.length > 0) process.exitCode = 1;
}
