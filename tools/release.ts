import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pack } from "./programs.ts";
import { makeRelease } from "./release/make.ts";
import { releaseKey } from "./release/signing.ts";
import { TARGETS } from "./release/targets.ts";
import { buildWebOutput, webOutputExists } from "./web-output.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const USAGE = `Makes the artefacts of a release (docs/formats/release.md).

Usage: npm run release -- [--key <file>] [--out <folder>] [--only <system,…>] [--built]

  --key <file>    Ed25519 private key (PEM) that signs the release; also in WINDFIRE_RELEASE_KEY. Without either, one is made
                  in .release, which is good for trying alone
  --out <folder>  where everything goes, dist unless given; emptied first
  --only <names>  of ${TARGETS.map(({ label }) => label).join(", ")}
  --built         pages and packs are taken as they are

SOURCE_DATE_EPOCH is the time that all files carry; without it, that of the last commit.
`;

function commitTime(): number {
  const given = process.env["SOURCE_DATE_EPOCH"];
  if (given) return Number(given);
  try {
    return Number(execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  } catch {
    return 0;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      key: { type: "string" },
      out: { type: "string", default: join(ROOT, "dist") },
      only: { type: "string" },
      built: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  const names = values.only?.split(",");
  const targets = TARGETS.filter(({ label }) => names?.includes(label) ?? true);
  if (targets.length !== (names ?? TARGETS).length)
    throw new Error(`--only names systems of ${TARGETS.map(({ label }) => label).join(", ")}`);
  const path = values.key ?? process.env["WINDFIRE_RELEASE_KEY"] ?? join(ROOT, ".release/key.pem");
  const { key, made } = releaseKey(resolve(path));
  if (made) console.log(`a new key was made: ${path}`);
  if (values.built !== true || !webOutputExists()) await buildWebOutput();
  await pack("dashboard");
  await pack("agent");
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const output = resolve(values.out);
  const print = (line: string): void => console.log(line);
  await makeRelease({ root: ROOT, version, output, work: join(ROOT, ".release"), key, time: commitTime(), targets, print });
  console.log(`made in ${output}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
