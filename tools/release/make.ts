import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { KeyObject } from "node:crypto";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { addNode, makeArchive } from "./archive.ts";
import { billOfMaterials } from "./bill-of-materials.ts";
import { makeDebianPackage } from "./debian.ts";
import { makeExecutable } from "./executable.ts";
import { licenceTexts } from "./licences.ts";
import { npmPackages } from "./npm-packages.ts";
import { makeNpmPackage } from "./npm-tarball.ts";
import { publicPem, sha256, signedSums } from "./signing.ts";
import { TARGETS } from "./targets.ts";
import type { Target } from "./targets.ts";
import { layOutTree, makeUniform, writeText } from "./tree.ts";
import type { TreeSources } from "./tree.ts";

export interface ReleaseOrder {
  readonly root: string;
  readonly version: string;
  /** Where everything goes; what lies there is taken away first. */
  readonly output: string;
  /** What is fetched and laid out meanwhile. */
  readonly work: string;
  readonly key: KeyObject;
  /** Unix seconds that all files carry. */
  readonly time: number;
  readonly targets: readonly Target[];
  readonly print: (line: string) => void;
}

const CONTAINER = fileURLToPath(new URL("./container", import.meta.url));

/** Makes every artefact of a release. Packs and web pages have to be built. */
export async function makeRelease(order: ReleaseOrder): Promise<void> {
  const { root, version, output, work, key, time, print } = order;
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const packages = npmPackages(root, join(work, "packages"));
  const nodeOf = (target: Target): string => join(packages.folder(target.node.package), target.node.file);
  const licences = licenceTexts(root);
  const handedOut = handOut(order, nodeOf, packages.folder);
  const sources: TreeSources = { root, version, packages, licences, handedOut };
  const trees = join(work, "trees");
  rmSync(trees, { recursive: true, force: true });
  for (const target of order.targets) {
    const tree = join(trees, target.label, `windfire-${version}`);
    layOutTree(sources, tree, target);
    makeUniform(tree, time);
    if (target.form === "executable") {
      const name = `windfire-${version}-${target.label}${target.name.startsWith("win32") ? ".exe" : ""}`;
      print(name);
      await makeExecutable({ tree, version, node: nodeOf(target), work: join(work, "executable"), output: join(output, name) });
    } else {
      print(`windfire-${version}-${target.label}.tar.gz`);
      addNode(tree, nodeOf(target));
      makeArchive(tree, join(output, `windfire-${version}-${target.label}.tar.gz`), time);
    }
    if (target.debian !== undefined) {
      const name = `windfire_${version}_${target.debian}.deb`;
      print(name);
      addNode(tree, nodeOf(target));
      const place = { work: join(trees, `${target.label}-debian`), output: join(output, name) };
      makeDebianPackage({ tree, version, architecture: target.debian, time, ...place });
    }
    rmSync(join(trees, target.label), { recursive: true, force: true });
  }
  print(makeNpmPackage(sources, join(trees, "npm"), output));
  for (const name of readdirSync(CONTAINER)) {
    writeText(join(output, name), readFileSync(join(CONTAINER, name), "utf8").replaceAll("@VERSION@", version));
  }
  writeText(join(output, "THIRD-PARTY-LICENCES.txt"), licences);
  writeText(join(output, `windfire-${version}.cdx.json`), billOfMaterials(root, time));
  writeText(join(output, "release-key.pem"), publicPem(key));
  copyFileSync(join(root, "LICENSE"), join(output, "LICENSE"));
  const hashes = Object.fromEntries(readdirSync(output).map((name) => [name, sha256(readFileSync(join(output, name)))]));
  const { sums, signature } = signedSums(hashes, key);
  writeText(join(output, "SHA256SUMS"), sums);
  writeText(join(output, "SHA256SUMS.sig"), signature);
  rmSync(trees, { recursive: true, force: true });
}

/**
 * What a dashboard of this release hands out to hosts beside the agent: terminals for every system, and the signed list by which a host
 * knows that all of it, and Node too, is what was released.
 */
function handOut(
  { root, work, key }: ReleaseOrder,
  nodeOf: (target: Target) => string,
  folder: (name: string) => string,
): Map<string, Uint8Array> {
  const place = join(work, "terminals");
  rmSync(place, { recursive: true, force: true });
  const pairs = TARGETS.map(({ name }) => `${name}=${folder(`@lydell/node-pty-${name}`)}`);
  execFileSync(process.execPath, [join(root, "apps/agent/terminals.ts"), place, ...pairs], { stdio: ["ignore", "ignore", "inherit"] });
  const files = new Map(readdirSync(place).map((name) => [name, readFileSync(join(place, name))] as const));
  const hashes: Record<string, string> = { "agent.bundle": sha256(readFileSync(join(root, "apps/agent/dist/agent.bundle"))) };
  for (const [name, bytes] of files) hashes[basename(name, ".bundle")] = sha256(bytes);
  for (const target of TARGETS) hashes[`node-${target.name}`] = sha256(readFileSync(nodeOf(target)));
  const { sums, signature } = signedSums(hashes, key);
  return new Map([...files, ["SHA256SUMS", sums], ["SHA256SUMS.sig", signature], ["release-key.pem", Buffer.from(publicPem(key))]]);
}
