import { createHash, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packFiles } from "./src/update/bundle.ts";
import { publicKeyOf, signRelease } from "./src/update/manifest.ts";
import { RELEASE } from "./src/release.ts";

const DIST = fileURLToPath(new URL("./dist", import.meta.url));
const USAGE = `Packs the agent of this repository as a release that agents can update to.

Usage: npm run release:manifest -- --key <file> [--out <folder>]

  --key <file>    Ed25519 private key (PEM); made when it is missing
  --out <folder>  where the manifest and the bundle go, release unless given

Put both files behind one address, and into the configuration of each agent:

  update:
    manifest: https://…/agent-manifest.json
    key: <the key that is printed>
`;

function main(): void {
  const { values } = parseArgs({
    options: { key: { type: "string" }, out: { type: "string", default: "release" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help === true || values.key === undefined) {
    process.stdout.write(USAGE);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  const key = privateKey(resolve(values.key));
  const bundle = packFiles(new Map(programFiles().map((name) => [name, readFileSync(join(DIST, name))])));
  const file = `windfire-agent-${RELEASE}.bundle`;
  const release = { version: RELEASE, file, sha256: createHash("sha256").update(bundle).digest("hex"), size: bundle.length };
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, file), bundle);
  writeFileSync(join(out, "agent-manifest.json"), signRelease(release, key));
  process.stdout.write(
    `version   ${RELEASE}\nbundle    ${join(out, file)} (${bundle.length} bytes)\nmanifest  ${join(out, "agent-manifest.json")}\nkey       ${publicKeyOf(key)}\n`,
  );
}

function privateKey(path: string): string {
  if (!existsSync(path)) {
    const { privateKey: made } = generateKeyPairSync("ed25519");
    writeFileSync(path, made.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  }
  return readFileSync(path, "utf8");
}

/** All of the packed agent but its launcher, which stays on the hosts. */
function programFiles(): string[] {
  return readdirSync(DIST).filter((name) => name.endsWith(".cjs") && name !== "launcher.cjs");
}

main();
