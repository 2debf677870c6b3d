import fs from "node:fs";
import type { StatsFs } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import type * as Sqlite from "node:sqlite";

/**
 * Loaded before the program, in each of its threads (`--import`): while the file that `WINDFIRE_FULL_DISK` names is there, files take no
 * byte more, as on a disk that is full, and databases no page more.
 */
const marker = process.env["WINDFIRE_FULL_DISK"] ?? "";
const STANDARD_STREAMS = 2;
const MOST_PAGES = 4_294_967_294;
const LOOK_MS = 10;
const isFull = (): boolean => fs.existsSync(marker);
const noSpace = (): Error =>
  Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", errno: -28, syscall: "write" });

type Call<T> = (...args: readonly unknown[]) => T;

const { writeSync, statfsSync } = fs;
Object.assign(fs, {
  writeSync: (fd: number, ...rest: unknown[]): number => {
    if (fd > STANDARD_STREAMS && isFull()) throw noSpace();
    return Number(Reflect.apply(writeSync, fs, [fd, ...rest]));
  },
  statfsSync: (...args: unknown[]): StatsFs => {
    const figures = Reflect.apply(statfsSync, fs, args) as StatsFs;
    return isFull() ? Object.assign(figures, { bavail: 0, bfree: 0 }) : figures;
  },
});

const opened = await fs.promises.open(process.execPath, "r");
const handles = Object.getPrototypeOf(opened) as Record<"write" | "writeFile", Call<Promise<unknown>>>;
await opened.close();
for (const name of ["write", "writeFile"] as const) {
  const before = handles[name];
  handles[name] = async function (this: unknown, ...args) {
    if (isFull()) throw noSpace();
    return before.apply(this, [...args]);
  };
}

const sqlite = createRequire(import.meta.url)("node:sqlite") as { DatabaseSync: typeof Sqlite.DatabaseSync };
const databases = new Set<Sqlite.DatabaseSync>();
sqlite.DatabaseSync = class extends sqlite.DatabaseSync {
  constructor(...args: ConstructorParameters<typeof Sqlite.DatabaseSync>) {
    super(...args);
    databases.add(this);
  }
};
syncBuiltinESMExports();

let was = false;
setInterval(() => {
  const now = isFull();
  if (now === was) return;
  was = now;
  // A smaller number than there are pages means: no more than these.
  for (const database of databases) if (database.isOpen) database.exec(`PRAGMA max_page_count = ${now ? 1 : MOST_PAGES}`);
}, LOOK_MS).unref();
