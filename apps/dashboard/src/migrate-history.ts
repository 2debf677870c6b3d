import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { systemClock } from "@windfire/kit";
import { moveHistory } from "#features/history";
import type { MovedFamily, MovedHistory } from "#features/history";
import { configuredHistory } from "#platform/config";
import { DatabaseError, withDirectory } from "#platform/database";
import { createSealing, KEY_FILE, loadKey } from "#platform/sealing";
import { readOptions, runCommand } from "./command-line.ts";
import { historyPlace } from "./compose/figures.ts";
import { findInstallation, pathsOf } from "./compose/installation.ts";

const USAGE = `usage: windfire migrate-history [-c config.yaml] [-db sqlite.db] [-from folder] [-dry-run]

Sends what the folder history beside the database holds to the VictoriaMetrics that history: of its configuration, or the variable
NZ_HISTORY, names. Then all of it is read again and compared. What is there already, from an earlier run or from a dashboard, stays as it is:
it may be ended at any time and run again. The folder keeps everything.

  -c file       configuration (data/config.yaml)
  -db file      SQLite database (data/sqlite.db), beside which the key lies, and the folder if it is not named
  -from folder  a copy of the folder: then a dashboard may run meanwhile
  -dry-run      only says what there is to be sent

No dashboard may run on the folder itself. What is kept as roll-ups of old half minutes is sent as points of their length.`;

const SAID_MS = 10_000;
const NAMES: Readonly<Record<string, string>> = {
  server: "of servers",
  late: "of reports that came late",
  probe: "of services",
};

await runCommand("migrate-history", async (args) => {
  const { text, flag } = readOptions(args, USAGE, {
    c: { type: "string" },
    db: { type: "string" },
    from: { type: "string" },
    "dry-run": { type: "boolean" },
  });
  const paths = pathsOf(text);
  const { databasePath } = await findInstallation(paths, process.env);
  const { address, installation } = await targetOf(paths.configPath, databasePath);
  const copy = text("from");
  const folder = resolve(copy ?? join(dirname(databasePath), "history"));
  await access(folder);
  const isDryRun = flag("dry-run");
  const move = (): Promise<MovedHistory> =>
    moveHistory({ folder, address, installation, isDryRun, now: systemClock.now(), onProgress: createProgress() });
  const moved = await (copy === undefined ? withDirectory(databasePath, move).catch(hintAtCopy) : move());
  process.stdout.write(`${linesOf(moved, isDryRun).join("\n")}\n`);
  const different = moved.families.reduce((sum, family) => sum + family.different, 0);
  if (different > 0) throw new Error(`${different} rows are not there as they are in ${folder}: run it again`);
  process.stdout.write(
    isDryRun
      ? `All of it can be sent from ${folder} to VictoriaMetrics at ${address.url}; nothing was.\n`
      : `What ${folder} holds is in VictoriaMetrics at ${address.url}, and the same on both sides.\n`,
  );
  return 0;
});

function hintAtCopy(error: unknown): never {
  if (!(error instanceof DatabaseError) || error.failure !== "in-use") throw error;
  throw new Error(`${error.message}: stop it, or name a copy of its folder history with -from`, { cause: error });
}

async function targetOf(configPath: string, databasePath: string) {
  const place = await configuredHistory(configPath, process.env);
  const key = join(dirname(databasePath), KEY_FILE);
  const noPlace = `neither history: in ${resolve(configPath)} nor NZ_HISTORY names a VictoriaMetrics: history: victoriametrics http://…`;
  if (place.kind !== "victoriametrics") throw new Error(noPlace);
  // Points are told from those of other installations by it: one that was made now would be nobody's.
  await access(key);
  const { victoria } = historyPlace(place, createSealing(await loadKey(key)), 0);
  if (victoria === undefined) throw new Error(noPlace);
  return victoria;
}

/** Says on a terminal now and then how far it is. */
function createProgress() {
  let saidAt = systemClock.monotonic();
  return (doing: "sending" | "comparing", { name, groups, rows, sent }: MovedFamily): void => {
    if (systemClock.monotonic() - saidAt < SAID_MS) return;
    saidAt = systemClock.monotonic();
    const how = doing === "sending" ? `${rows} rows in ${groups} series read, ${sent} to be sent` : "reading again";
    process.stderr.write(`${NAMES[name] ?? name}: ${how}\n`);
  };
}

function linesOf({ families, retentionDays, damaged }: MovedHistory, isDryRun: boolean): string[] {
  const sent = isDryRun ? "to be sent" : "sent";
  const said = families.map(({ name, groups, rows, there, tooOld, ...counts }) => {
    const parts = [
      `${counts.sent} ${sent}`,
      ...(there > 0 ? [`${there} there already`] : []),
      ...(tooOld > 0 ? [`${tooOld} too old`] : []),
    ];
    return `${String(rows).padStart(10)}  rows ${NAMES[name] ?? name}, of ${groups}: ${parts.join(", ")}`;
  });
  const isShort = families.some(({ tooOld }) => tooOld > 0);
  return [
    ...said,
    ...(isShort ? [`- VictoriaMetrics keeps points for ${retentionDays} days: what is older stays behind`] : []),
    ...(damaged > 0 ? [`- ${damaged} parts of files in the folder are damaged and stay behind`] : []),
  ];
}
