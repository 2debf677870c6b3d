import type { Engine } from "../engine.ts";
import { requireCompactingSpace } from "./compacting-space.ts";
import type { Connection } from "./connection.ts";
import { copyDatabase } from "./copy.ts";
import { createDialect } from "./dialect.ts";
import { runMaintenance } from "./maintenance.ts";
import type { Writer } from "./writer.ts";

/** SQLite behind the face of {@link Engine}, on two open connections. `onClose` runs once, after the last statement. */
export function createSqliteEngine(deps: { path: string; reader: Connection; writer: Writer; onClose: () => void }): Engine {
  const { path, reader, writer } = deps;
  return {
    dialect: createDialect(reader, writer),
    probeWrite: async () => {
      // The number is nobody's; writing it puts a page into the log, also when it stays the same.
      const version = Number(reader.get("PRAGMA user_version", [])?.["user_version"] ?? 0);
      await writer.write((connection) => connection.exec(`PRAGMA user_version = ${version}`));
    },
    /** Rewrites the file without gaps, in a thread of its own; writes wait for it. */
    vacuum: async () => {
      await requireCompactingSpace(path);
      await writer.exclusively(() => runMaintenance({ path, statement: "VACUUM" }));
    },
    /** The engine's quick check, run in a thread of its own. */
    integrityCheck: async () => {
      const findings = await runMaintenance({ path, statement: "PRAGMA quick_check" });
      return findings.filter((finding) => finding !== "ok");
    },
    copyTo: (target) => copyDatabase(path, target),
    close: () => writer.exclusively(async () => deps.onClose()),
    get waitingWriters() {
      return writer.waiting;
    },
  };
}
