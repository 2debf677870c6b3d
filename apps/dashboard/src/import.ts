import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { IMPORT_POINTS } from "@windfire/api";
import { reasonOf } from "@windfire/kit";
import { CommandEnd, readArguments, runCommand } from "./command-line.ts";
import { CONNECTION_OPTIONS, CONNECTION_USAGE, connect } from "./compose/as-code/connection.ts";
import { readLive } from "./compose/as-code/live.ts";
import { readKomari } from "./compose/importers/komari.ts";
import { openKomariMetrics } from "./compose/importers/komari-metrics.ts";
import type { KomariMetrics } from "./compose/importers/komari-metrics.ts";
import { readKuma } from "./compose/importers/kuma.ts";
import { readNezha } from "./compose/importers/nezha.ts";
import type { Takeover } from "./compose/importers/source.ts";
import { missingPages, planTakeover, takeOver } from "./compose/importers/take-over.ts";

const USAGE = `usage: windfire import kuma <kuma.db> [-server name] -dry-run | -yes ${CONNECTION_USAGE}
       windfire import komari <komari.db> [-metrics metrics.db] -dry-run | -yes …
       windfire import nezha <address of a running Nezha> [-from-token-file file] -dry-run | -yes …

Takes over what another program knows: servers or monitors, groups, channels, rules and history. What is there already, by name or UUID,
stays as it is, so that it may be run again.

  -server name           kuma: the server that probes in Kuma's place, and whose results Kuma's become
  -metrics file          komari: where it keeps what was measured (from 1.4 on; metrics.db beside the other)
  -from-token-file file  nezha: an access token there (or the variable NEZHA_TOKEN)
  -dry-run               only says what becomes what
  -yes                   does it`;

await runCommand("import", async (args) => {
  const options = readArguments(args, USAGE, {
    ...CONNECTION_OPTIONS,
    server: { type: "string" },
    metrics: { type: "string" },
    "from-token-file": { type: "string" },
    "dry-run": { type: "boolean" },
    yes: { type: "boolean" },
  });
  const [program, source, extra] = options.rest;
  if (source === undefined || extra !== undefined || options.flag("dry-run") === options.flag("yes")) throw new CommandEnd(2, USAGE);
  const api = await connect(options, process.env);
  const live = await readLive(api);
  const takeover = await read(program, source, options.text, () => live);
  const plan = planTakeover(takeover, live);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  for (const { name, uuid } of plan.servers) say(`+ server ${JSON.stringify(name)} (${uuid})`);
  if (options.flag("dry-run")) {
    for (const { section, name } of plan.steps) say(`+ ${section} ${JSON.stringify(name)}`);
    for (const { title } of await missingPages(takeover, api)) say(`+ status_pages ${JSON.stringify(title)}`);
  }
  for (const there of plan.there) say(`  ${there} is there already and stays as it is`);
  for (const note of takeover.notes) say(`- ${note}`);
  for (const problem of plan.problems) say(`! ${problem}`);
  if (plan.problems.length > 0) return 1;
  if (options.flag("dry-run")) return 0;
  const { points, taken } = await takeOver(takeover, api, say);
  say(`${taken} of ${points} points of history were new`);
  return 0;
});

async function read(
  program: string | undefined,
  source: string,
  text: (name: string) => string | undefined,
  live: () => Awaited<ReturnType<typeof readLive>>,
): Promise<Takeover> {
  if (program === "nezha") return readNezha(source, await tokenOf(text("from-token-file")), live(), IMPORT_POINTS);
  if (program !== "kuma" && program !== "komari") throw new CommandEnd(2, USAGE);
  await access(source).catch((error: unknown) => {
    throw new Error(`cannot read ${source}: ${reasonOf(error)}`);
  });
  return program === "kuma"
    ? readKuma(source, text("server"), IMPORT_POINTS)
    : readKomari(source, IMPORT_POINTS, await metricsOf(source, text("metrics")));
}

/** Named, it has to be there; beside the database it may be. */
async function metricsOf(source: string, named: string | undefined): Promise<KomariMetrics | undefined> {
  const path = named ?? join(dirname(source), "metrics.db");
  const isThere = await access(path).then(
    () => true,
    (error: unknown) => {
      if (named !== undefined) throw new Error(`cannot read ${path}: ${reasonOf(error)}`);
      return false;
    },
  );
  return isThere ? openKomariMetrics(path) : undefined;
}

async function tokenOf(file: string | undefined): Promise<string> {
  return file === undefined ? (process.env["NEZHA_TOKEN"] ?? "") : (await readFile(file, "utf8")).trim();
}
