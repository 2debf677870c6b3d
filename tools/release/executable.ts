import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { applyBlockPatch, makeBlockPatch } from "@windfire/kit";
import type { BlockPatch } from "@windfire/kit";
import { build } from "rolldown";
import { filesBelow, json } from "./tree.ts";

export interface ExecutableOrder {
  /** The program as laid out for this system. */
  readonly tree: string;
  readonly version: string;
  /** The program of the Node for this system. */
  readonly node: string;
  readonly work: string;
  readonly output: string;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Room for the patch while it is not known: what it holds depends on where its own size moves the parts of the file. */
const FIRST_ROOM = 10 * 2 ** 20;

/**
 * One file that is Node and the program (tools/executable). Node itself comes out of it again, for hosts that get their agent from this
 * dashboard: what the injection changed is carried as a patch (docs/formats/release.md).
 *
 * @throws Error when Node would not come back
 */
export async function makeExecutable(order: ExecutableOrder): Promise<void> {
  mkdirSync(order.work, { recursive: true });
  mkdirSync(dirname(order.output), { recursive: true });
  const main = join(order.work, "main.cjs");
  await packMain(main);
  const files = Object.fromEntries(filesBelow(order.tree).map((path) => [path, join(order.tree, path)]));
  const hashes = Object.fromEntries(Object.entries(files).map(([path, file]) => [path, sha256(readFileSync(file))]));
  const index = join(order.work, "index.json");
  writeFileSync(index, json({ version: order.version, files: hashes }));
  const patch = join(order.work, "node.patch");
  const assets = { ...files, "index.json": index, "node.patch": patch };
  const node = readFileSync(order.node);
  let text: Buffer = Buffer.alloc(0);
  for (let room = FIRST_ROOM; text.length === 0; room *= 2) {
    writeFileSync(patch, Buffer.alloc(room));
    inject(order, main, assets);
    text = patchText(readFileSync(order.output), node);
    if (text.length > room) text = Buffer.alloc(0);
    else writeFileSync(patch, Buffer.concat([text, Buffer.alloc(room - text.length)]));
  }
  inject(order, main, assets);
  if (patchedHash(readFileSync(order.output), text) !== sha256(node)) throw new Error(`Node does not come back out of ${order.output}`);
  chmodSync(order.output, 0o755);
  rmSync(order.work, { recursive: true, force: true });
}

async function packMain(file: string): Promise<void> {
  await build({
    input: fileURLToPath(new URL("../executable/main.ts", import.meta.url)),
    platform: "node",
    logLevel: "warn",
    output: { file, format: "cjs", minify: true, codeSplitting: false },
  });
}

/** No cache of compiled code: it would be good on the system alone that the release is made on. */
function inject({ node, work, output }: ExecutableOrder, main: string, assets: Readonly<Record<string, string>>): void {
  const config = join(work, "sea.json");
  const settings = { main, output, executable: node, assets, useCodeCache: false, disableExperimentalSEAWarning: true };
  writeFileSync(config, json({ ...settings, execArgvExtension: "cli" }));
  execFileSync(process.execPath, ["--build-sea", config], { stdio: ["ignore", "ignore", "inherit"] });
}

function patchText(executable: Uint8Array, node: Uint8Array): Buffer {
  const { size, runs, literals } = makeBlockPatch(executable, node, (block) => createHash("sha1").update(block).digest("latin1"));
  const packed = zstdCompressSync(literals);
  const head = JSON.stringify({ size, sha256: sha256(node), runs, literals: packed.length });
  return Buffer.concat([Buffer.from(`${head}\n`), packed]);
}

function patchedHash(executable: Uint8Array, text: Buffer): string {
  const end = text.indexOf("\n");
  const { size, runs } = JSON.parse(text.toString("utf8", 0, end)) as Pick<BlockPatch, "size" | "runs">;
  const hash = createHash("sha256");
  const literals = zstdDecompressSync(text.subarray(end + 1));
  for (const piece of applyBlockPatch(executable, { size, runs, literals })) hash.update(piece);
  return hash.digest("hex");
}
