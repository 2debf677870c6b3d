import { randomBytes } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import type { Clock } from "@windfire/kit";
import { randomText } from "@windfire/kit";
import { continueReplacement, refuseUnfinishedRestore } from "#features/backup";
import type { Installation } from "#features/backup";
import { createForgetting, createHistory } from "#features/history";
import { createFactBus, refuse, ROLE } from "#kernel";
import type { User } from "#kernel";
import { createSharedCounts } from "#platform/bus";
import { createBodyBudgets } from "#platform/http";
import { loadConfig, timeZoneOf } from "#platform/config";
import type { Flags } from "#platform/config";
import { backUpBeforeFirstWrite, openDatabase, refuseSecondDashboard, takeOverOnce } from "#platform/database";
import type { Database, OpenDatabaseOptions } from "#platform/database";
import { createAuditLog } from "#platform/audit";
import { createGeoIp } from "#platform/geoip";
import { createTranslator, isTranslated } from "#platform/i18n";
import { limitsWith } from "#platform/limits";
import { createLog } from "#platform/log";
import { createOutbound } from "#platform/outbound";
import { createScheduler } from "#platform/scheduler";
import { createSealing, KEY_FILE, loadKey } from "#platform/sealing";
import type { Sealing } from "#platform/sealing";
import { documentFolders } from "../folders.ts";
import { NEZHA_VERSION } from "../version.ts";
import { historyLimits, historyPlace } from "./figures.ts";
import { composeBus, requireCommonGround } from "./bus.ts";
import { requireCommonKey } from "./common-key.ts";
import type { CommonKeyDeps } from "./common-key.ts";
import { composeKeeper } from "./settings.ts";
import { composeJudge, composeOutbox, composeTickets, tellFailure } from "./judge.ts";
import { filesOf, installationOf, overruled, refuseForgottenRows } from "./installation.ts";
import { logSettings } from "./log-settings.ts";
import { portsOf, tryToListen } from "./ports.ts";

export interface DashboardOptions {
  readonly flags: Flags;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly output: { write(line: string): unknown };
  /** Asks for an orderly stop and a new start in the same process. Without it what waits for one waits for whoever starts it next. */
  readonly restart?: () => void;
  /** Name of this process among several on one database; no other has or had it. Without it this one is alone. */
  readonly replica?: string;
  /** Opened by somebody else, who closes it. Without it this process opens its own. */
  readonly database?: Database;
}

export type Foundation = Awaited<ReturnType<typeof layFoundation>>;

/** Opens what everything stands on: configuration, log, database, history (spec 41 section 2.1). */
export async function layFoundation(options: DashboardOptions) {
  const { flags, env, clock, output, restart = () => undefined, replica } = options;
  const random = (size: number): Uint8Array => randomBytes(size);
  const files = filesOf(flags);
  const file = files.databasePath;
  await refuseUnfinishedRestore(dirname(file));
  await continueReplacement(files);
  const letters = (length: number): string => randomText(random, length);
  const config = await loadConfig({ path: flags.configPath, env, randomText: letters, version: NEZHA_VERSION });
  const ports = portsOf(config.current, flags);
  const installation = installationOf(flags, config.current.databaseAddress);
  requireCommonGround(config.current, installation, flags.configPath);
  if (options.database === undefined) await refuseSecondDashboard(file);
  await tryToListen(ports, config.current.https);
  const copies = installation.databaseAddress === undefined ? await backUpBeforeFirstWrite(file, [flags.configPath]) : [];
  const { history: place, limits: changed, tsdb } = config.current;
  const location = timeZoneOf(config.current.location) ?? "UTC";
  const log = createLog({ clock, destination: output, ...logSettings(config.current) });
  for (const text of overruled(flags, config.current.databaseAddress)) log.warn(text);
  for (const copy of copies) log.info(`kept a copy of what was there: ${copy}`);
  const limits = limitsWith(changed);
  const { t: translate } = createTranslator({ language: () => config.current.language });
  const { language } = config.current;
  if (!isTranslated(language)) log.warn(`language: there are no texts in ${language}, messages are in English`);
  const facts = createFactBus({ onListenerError: (name, error) => log.error("a listener of a fact failed", { name, error }) });
  const claim = config.current.bus === undefined ? "alone" : "among";
  const opening = { clock, log: log.child("database"), serviceHistories: tsdb.dataPath === "", claim } as const;
  const { database, movedOver } = await openRows(installation, opening, options.database);
  const sealing = await openSealing({ database, installation, log }, config.current.bus !== undefined);
  /** A member may have so many rows of one kind; administrators as many as they like (spec 60 section 5). */
  const requireRoom = (user: User, rows: number): void => {
    const most = limits.changeable.rowsPerMember;
    if (user.role !== ROLE.admin && rows >= most) throw refuse("too many rows: at most %d of one kind", most);
  };
  const bus = composeBus(config.current.bus, { clock, log, sealing, random });
  const judge = composeJudge(replica ?? (bus.state === "off" ? undefined : bus.replica), { clock, database, log });
  const outbox = composeOutbox(judge, { clock, log });
  const settings = await composeKeeper(judge, { config, database, facts, file, log, sealing });
  const history = createHistory({
    clock,
    log: log.child("history"),
    directory: resolve(dirname(file), "history"),
    limits: historyLimits(tsdb),
    ...historyPlace(place, sealing, limits.changeable.historyBufferMb),
  });
  return {
    env,
    /** Where everything lies. */
    installation,
    restart,
    folders: documentFolders(process.cwd()),
    clock,
    random,
    config,
    ports,
    log,
    limits,
    translate,
    facts,
    database,
    closeDatabase: async (): Promise<void> => (options.database === undefined ? database.close() : undefined),
    bus,
    settings,
    /** Makes limits those of the installation. */
    share: createSharedCounts(bus),
    /** Held by the one process of the installation that judges and sends. */
    judge,
    sealing,
    outbox,
    tickets: composeTickets(judge, { clock, database, sealing }),
    audit: createAuditLog({ database, now: () => clock.now() }),
    location,
    /** The directory was somebody else's until now. */
    takenOver: copies.length > 0 || movedOver,
    requireRoom,
    budgets: createBodyBudgets({ totalBytes: limits.http.bodiesBytes, strangerBytes: limits.http.strangerBodiesBytes }),
    now: (): number => clock.now(),
    /** Reports what no answer depends on. */
    onError: (room: string) => (error: unknown) => tellFailure(log.child(room), error),
    outbound: createOutbound({ clock, limits: limits.outbound, allowed: config.current.outboundAllow }),
    scheduler: createScheduler({ clock, location, isJudge: () => judge.held, log: log.child("scheduler") }),
    geoIp: createGeoIp({ ownFile: join(dirname(file), "geoip.mmdb"), clock, log: log.child("geoip") }),
    history,
    forgetting: createForgetting({ outbox, history }),
  };
}

/** What the key beside the database seals; `shared` with other dashboards, which have the same. Closes the database when there is none. */
async function openSealing(on: Omit<CommonKeyDeps, "sealing"> & { readonly database: Database }, shared: boolean): Promise<Sealing> {
  try {
    const sealing = createSealing(await loadKey(join(dirname(on.installation.databasePath), KEY_FILE)));
    if (shared) await requireCommonKey({ ...on, sealing });
    return sealing;
  } catch (error) {
    await on.database.close();
    throw error;
  }
}

/** The database of an installation, and whether its rows were moved there from a file that was somebody else's. */
async function openRows(
  { databaseAddress, databasePath }: Installation,
  options: Pick<OpenDatabaseOptions, "claim" | "clock" | "log" | "serviceHistories">,
  opened: Database | undefined,
): Promise<{ readonly database: Database; readonly movedOver: boolean }> {
  if (opened !== undefined) return { database: opened, movedOver: false };
  const database = await openDatabase({ ...options, path: databaseAddress ?? databasePath, folderOf: databasePath });
  try {
    if (databaseAddress !== undefined) await refuseForgottenRows(database, { databaseAddress, databasePath });
    return { database, movedOver: await takeOverOnce(database) };
  } catch (error) {
    await database.close();
    throw error;
  }
}
