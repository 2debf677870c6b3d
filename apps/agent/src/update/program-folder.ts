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
  /** Was taken back because no report came of it; whether it or the dashboard failed is known when the version before reports. */
  readonly suspect?: string;
  /** Versions of which no report came once, although the dashboard could be reached. */
  readonly failed?: readonly string[];
  /** Versions that ended on trial, or failed twice: they are not taken again. */
  readonly refused?: readonly string[];
}

/** How a trial failed: the version came to an end by itself, or ran and no report came of it. */
export type TrialFailure = "ended" | "silent";

const STATE_FILE = "state.json";
/** Versions that are remembered. */
const MAX_VERSIONS = 20;
export const TRIAL_MS = 120_000;
/** A version that needs no longer for its first report found the dashboard there: while the one before it was tried too. */
const PROMPT_MS = 30_000;

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
  const { current, failed, refused = [] } = readState(root);
  writeState(root, {
    current: version,
    previous: current,
    trial: { patienceMs },
    ...(failed && { failed }),
    refused: refused.filter((one) => one !== version),
  });
  for (const name of readdirSync(join(root, "versions"))) {
    if (name !== version && name !== current) rmSync(versionFolder(root, name), { recursive: true, force: true });
  }
}

/**
 * The dashboard has taken the first report of the current version: its trial is over, and it is known what to think of a version that was
 * taken back. An outage of the dashboard condemns none; one that ends while the version before starts might, so once is not enough.
 *
 * @param afterMs how long the first report took from the start of the program
 */
export function noteReport(root: string, afterMs: number): void {
  const { trial, suspect, ...state } = readState(root);
  if (trial === undefined && suspect === undefined) return;
  if (suspect === undefined || afterMs > PROMPT_MS) return writeState(root, state);
  const { failed = [], refused = [] } = state;
  const others = failed.filter((one) => one !== suspect);
  if (failed.includes(suspect)) return writeState(root, { ...state, failed: others, refused: withVersion(refused, suspect) });
  return writeState(root, { ...state, failed: withVersion(others, suspect) });
}

/** The current version did not pass its trial: the one before is taken back. */
export function takeBack(root: string, failure: TrialFailure): ProgramState {
  const { current, previous, failed, refused = [] } = readState(root);
  if (previous === undefined) throw new Error("there is no version before this one");
  const state = {
    current: previous,
    ...(failed && { failed }),
    ...(failure === "silent" ? { suspect: current, refused } : { refused: withVersion(refused, current) }),
  };
  writeState(root, state);
  return state;
}

function withVersion(versions: readonly string[], version: string): string[] {
  return [...versions.filter((one) => one !== version), version].slice(-MAX_VERSIONS);
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
