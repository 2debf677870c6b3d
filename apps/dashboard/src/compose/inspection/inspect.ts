import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@windfire/kit";
import { shownAddress } from "#platform/database";
import { note, stop } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { copyPlaces, findPlaces, sizeOf } from "./places.ts";
import { rehearse } from "./rehearsal.ts";
import { inspectRows } from "./rows.ts";
import type { Counts } from "./rows.ts";
import { inspectConfig, inspectFolders, inspectKey, inspectPorts, inspectSpace } from "./surroundings.ts";

export interface InspectOptions {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const SEALED_TABLES = ["wf_channels", "wf_totp"];
const SLOW_MS = 60_000;

/**
 * Says what the first start on a folder will do and meet, without changing a byte of it: what can be tried is tried on a copy in the
 * system's temporary folder.
 */
export async function inspectFolder(folder: string, options: InspectOptions): Promise<Finding[]> {
  const places = await findPlaces(folder);
  const scratch = await mkdtemp(join(tmpdir(), "windfire-check-"));
  try {
    const size = await sizeOf(places.databasePath);
    const copy = await copyPlaces(places, scratch);
    const { config, findings } = await inspectConfig(places, copy, options.env);
    const all = [...findings, ...(await inspectFolders(places, config))];
    if (config !== undefined) all.push(...(await inspectPorts(config, places)));
    // A trial would work on the rows themselves: of those there is no copy.
    if (config !== undefined && config.databaseAddress !== "") {
      return [note(`the rows are in ${shownAddress(config.databaseAddress)}, which is not looked at`), ...all];
    }
    if (size === undefined)
      return [note(`${places.databasePath} is missing: the dashboard begins anew, with a password that it prints`), ...all];
    return [...(await inspectDatabase(copy.databasePath, all, places, options, copy))];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function inspectDatabase(
  path: string,
  others: readonly Finding[],
  places: Parameters<typeof inspectSpace>[0],
  options: InspectOptions,
  copy: Parameters<typeof rehearse>[0],
): Promise<Finding[]> {
  const rows = readable(path);
  if ("text" in rows) return [rows, ...others];
  const { counts, findings } = rows;
  const isForeign = !counts.has("wf_meta");
  const hasSealed = SEALED_TABLES.some((table) => (counts.get(table) ?? 0) > 0);
  const space = await inspectSpace(places, isForeign);
  const trial = await rehearse(copy, counts, options);
  const before = isForeign ? [note("database and configuration are copied beside the originals before the first write")] : [];
  const took = trial.tookMs === 0 ? [] : [note(`the start takes about ${secondsOf(trial.tookMs)} until it listens`)];
  return [...findings, ...before, ...others, ...(await inspectKey(places, hasSealed)), ...space.findings, ...trial.findings, ...took];
}

function readable(path: string): { readonly counts: Counts; readonly findings: readonly Finding[] } | Finding {
  try {
    return inspectRows(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return stop(`the database cannot be read: ${reason}. If a dashboard is running on it, stop that one and check again`);
  }
}

function secondsOf(milliseconds: number): string {
  return milliseconds > SLOW_MS ? `${Math.ceil(milliseconds / SLOW_MS)} minutes` : `${Math.max(1, Math.round(milliseconds / 1000))} s`;
}
