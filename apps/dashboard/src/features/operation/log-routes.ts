import { LogSettings, LogSettingsPatch } from "@windfire/api";
import { adminOnly } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { ProgramLog } from "#platform/log";

export interface LogRouteDeps {
  readonly log: Pick<ProgramLog, "settings" | "change">;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
}

const tag = "maintenance";

/** The log of the running program. What is set here holds until the configuration is read again. */
export function logRoutes({ log, database, audit }: LogRouteDeps): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/log",
      access: adminOnly(),
      summary: "What this dashboard writes into its log, and how; of several each has its own",
      tag,
      data: LogSettings,
      run: () => log.settings,
    }),
    route({
      method: "PATCH",
      path: "/log",
      access: adminOnly(),
      summary:
        "Write more or less into the log, or as text; until the dashboard starts or reads its configuration again. Of several it is the one that answers",
      tag,
      body: LogSettingsPatch,
      data: LogSettings,
      run: async ({ caller, body }) => {
        const from = log.settings;
        const to = { level: body.level ?? from.level, format: body.format ?? from.format };
        const deed = { actor: actorOf(caller), action: "log.update", kind: "log", key: "log" };
        await database.change((tx) => audit.write(tx, { ...deed, from, to }));
        log.change(to);
        return log.settings;
      },
    }),
  ];
}
