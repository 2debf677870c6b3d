import { open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { freeBytes } from "@windfire/kit";
import { loadConfig } from "#platform/config";
import type { Config } from "#platform/config";
import { KEY_FILE } from "#platform/sealing";
import { NEZHA_VERSION } from "../../version.ts";
import { portsOf, tryToListen } from "../ports.ts";
import { lost, note, stop } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { sizeOf } from "./places.ts";
import type { Places } from "./places.ts";

type Env = Readonly<Record<string, string | undefined>>;
const MIB = 1024 * 1024;
const KEY_BYTES = 32;
/** Version of the history's files that this program reads, the last one that it knows. */
const HISTORY_VERSION = 2;
const HEADER_BYTES = 4_096;

/** The configuration as the start will read it, and what it will do about its secrets. Nothing is written. */
export async function inspectConfig(places: Places, copy: Places, env: Env): Promise<{ config?: Config; findings: Finding[] }> {
  try {
    const made = new Set<string>();
    const randomText = (length: number): string => {
      const text = `made-${made.size}-`.padEnd(length, "x");
      made.add(text);
      return text;
    };
    const { current } = await loadConfig({ path: copy.configPath, env, version: NEZHA_VERSION, randomText });
    const findings: Finding[] = [];
    if ((await sizeOf(places.configPath)) === undefined) findings.push(note(`${places.configPath} is missing and is made`));
    else if (made.has(current.jwtSecretKey)) findings.push(lost("the key that signs sessions is renewed: everybody signs in again"));
    else findings.push(note("sessions, access tokens and passwords stay good"));
    if (made.has(current.agentSecretKey)) findings.push(note("agent_secret_key is missing and is made"));
    return { config: current, findings };
  } catch (error) {
    return { findings: [stop((error instanceof Error ? error.message : String(error)).replaceAll(copy.configPath, places.configPath))] };
  }
}

/** The key of sealed secrets: made where there is none, which is no good where something is sealed already. */
export async function inspectKey(places: Places, hasSealed: boolean): Promise<Finding[]> {
  const path = join(dirname(places.databasePath), KEY_FILE);
  const size = await sizeOf(path);
  if (size === KEY_BYTES) return [];
  if (size !== undefined) return [stop(`${path} has ${size} bytes, not ${KEY_BYTES}: put back the one from a backup`)];
  return hasSealed
    ? [lost(`${path} is missing: secrets of typed channels and code generators cannot be opened and are entered again`)]
    : [];
}

/** Whether the dashboard could listen now. */
export async function inspectPorts(config: Config, places: Places): Promise<Finding[]> {
  const ports = portsOf(config, { ...places, version: false });
  try {
    await tryToListen(ports, config.https);
    const where = config.listenHost === "" ? "" : ` on ${config.listenHost}`;
    return [note(`port ${ports.port}${where} is free${ports.tlsPort === 0 ? "" : `, and port ${ports.tlsPort} for TLS`}`)];
  } catch (error) {
    return [stop(error instanceof Error ? error.message : String(error))];
  }
}

/** Whether what the first start writes fits on the disk. */
export async function inspectSpace(places: Places, isForeign: boolean): Promise<{ findings: Finding[]; bytes: number }> {
  const size = (await sizeOf(places.databasePath)) ?? 0;
  const free = await freeBytes(dirname(places.databasePath));
  // The copy before the first write, the log while it runs, and a beginning of history.
  const bytes = (isForeign ? size : 0) + Math.min(size, 64 * MIB) + 64 * MIB;
  const text = `the first start writes up to ${mib(bytes)}, and ${mib(free)} are free`;
  return { findings: [free < bytes ? stop(text) : note(text)], bytes };
}

/** What lies beside the database. */
export async function inspectFolders(places: Places, config: Config | undefined): Promise<Finding[]> {
  const findings: Finding[] = [];
  const history = join(dirname(places.databasePath), "history");
  const names = (await readdir(history).catch(() => [])).filter((name) => /\.(?:log|seg)$/.test(name));
  const versions = await Promise.all(names.map((name) => versionOf(join(history, name))));
  const newer = names.filter((_name, index) => (versions[index] ?? 0) > HISTORY_VERSION);
  if (newer.length > 0) findings.push(stop(`${history} was written by a newer version: ${newer[0]}`));
  else if (names.length > 0) findings.push(note(`${names.length} files of history are used as they are`));
  if (config !== undefined && config.tsdb.dataPath !== "") {
    findings.push(note("the time series of tsdb.data_path are neither read nor written: windfire import nezha takes them over"));
  }
  return findings;
}

async function versionOf(path: string): Promise<number> {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  return Number(/"version":(\d+)/.exec(buffer.toString("latin1", 0, bytesRead))?.[1] ?? 0);
}

const mib = (bytes: number): string => `${Math.ceil(bytes / MIB)} MiB`;
