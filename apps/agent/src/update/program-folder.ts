import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { BundleFiles } from "./bundle.ts";
import { isVersion } from "./versions.ts";

/**
 * Where an installed agent lies (docs/formats/agent-release.md):
 *
 *     agent.cjs      the launcher, which stays
 *     state.json     which version runs
 *     versions/…     the versions, one of them on trial or not
 */
export interface ProgramState {
  readonly current: string;
  /** The version before, while it is kept. */
  readonly previous?: string;
  /** The current version has still to prove that it reports. */
  readonly trial?: { readonly patienceMs: number };
  /** Versions that did not: they are not taken again. */
  readonly refused?: readonly string[];
}

const STATE_FILE = "state.json";
const MAX_REFUSED = 20;
export const TRIAL_MS = 120_000;

export function versionFolder(root: string, version: string): string {
  return join(root, "versions", version);
}

/** @throws Error when there is none, or none that can be used */
export function readState(root: string): ProgramState {
  const parsed = JSON.parse(readFileSync(join(root, STATE_FILE), "utf8")) as ProgramState;
  if (typeof parsed.current !== "string" || !isVersion(parsed.current)) throw new Error(`${STATE_FILE} names no version`);
  if (parsed.previous !== undefined && !isVersion(parsed.previous)) throw new Error(`${STATE_FILE} names no version`);
  return parsed;
}

/** In one step, and for good. */
export function writeState(root: string, state: ProgramState): void {
  const temporary = join(root, `${STATE_FILE}.${randomBytes(6).toString("hex")}`);
  writeDurably(temporary, Buffer.from(`${JSON.stringify(state)}\n`));
  renameSync(temporary, join(root, STATE_FILE));
}

/** Puts a version beside the others; the state still names another one. */
export function storeVersion(root: string, version: string, files: BundleFiles): void {
  const folder = versionFolder(root, version);
  const temporary = join(root, "versions", `new-${randomBytes(6).toString("hex")}`);
  mkdirSync(temporary, { recursive: true, mode: 0o755 });
  try {
    for (const [name, bytes] of files) writeDurably(join(temporary, name), bytes);
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Makes a stored version the current one, on trial. What is neither it nor the one before goes. */
export function beginTrial(root: string, version: string, patienceMs = TRIAL_MS): void {
  const { current, refused = [] } = readState(root);
  writeState(root, { current: version, previous: current, trial: { patienceMs }, refused: refused.filter((one) => one !== version) });
  for (const name of readdirSync(join(root, "versions"))) {
    if (name !== version && name !== current) rmSync(versionFolder(root, name), { recursive: true, force: true });
  }
}

/** The current version reports. */
export function endTrial(root: string): void {
  const { trial, ...state } = readState(root);
  if (trial !== undefined) writeState(root, state);
}

/** The current version did not report: the one before is taken back. */
export function takeBack(root: string): ProgramState {
  const { current, previous, refused = [] } = readState(root);
  if (previous === undefined) throw new Error("there is no version before this one");
  const state = { current: previous, refused: [...refused.filter((one) => one !== current), current].slice(-MAX_REFUSED) };
  writeState(root, state);
  return state;
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "w", 0o644);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
