import { createSerialQueue } from "@windfire/kit";
import { AppError, refuseText } from "#kernel";
import { OutboundError } from "#platform/outbound";
import type { Outbound } from "#platform/outbound";
import type { Database } from "#platform/database";
import type { Sealing } from "#platform/sealing";
import type { Places } from "../feeds/summary.ts";
import { exportPlace } from "../pages/delivery-commands.ts";
import type { StatusPage } from "../pages/model.ts";
import type { StatusPages } from "../pages/store.ts";
import type { Views } from "../view/views.ts";
import { writeToBucket } from "./bucket.ts";
import { copyOf } from "./files.ts";
import { writeToFolder } from "./folder.ts";

export interface ExportDeps {
  readonly database: Pick<Database, "kysely" | "transaction">;
  readonly now: () => number;
  readonly pages: Pick<StatusPages, "get" | "list" | "subscribe">;
  readonly views: Pick<Views, "of">;
  readonly outbound: Pick<Outbound, "send">;
  readonly sealing: Pick<Sealing, "open">;
  readonly placesOf: (page: StatusPage) => Places;
  readonly onError: (error: unknown) => void;
}

/** A copy is not older than this while the dashboard runs. */
const EVERY_MS = 5 * 60_000;
const LONGEST_MS = 60_000;

/** Writes copies of pages to where they are read when the dashboard is down: after each change, and every five minutes. */
export function createExporting({ database, now, pages, views, outbound, sealing, placesOf, onError }: ExportDeps) {
  /** When pages were last tried; those that are not in it, or changed since, are due. */
  const tried = new Map<number, number>();
  const lane = createSerialQueue();
  const stopping = new AbortController();
  pages.subscribe({ changed: ({ key }) => void tried.delete(key), reloaded: () => tried.clear() });

  const book = (pageId: number, error: string): Promise<void> =>
    database.transaction(async (tx) => {
      const fresh = error === "" ? { exported_at: now(), error } : { error };
      const row = { page_id: pageId, exported_at: 0, ...fresh };
      await tx
        .insertInto("wf_page_exports")
        .values(row)
        .onConflict((conflict) => conflict.column("page_id").doUpdateSet(fresh))
        .execute();
    });
  const write = async (page: StatusPage): Promise<void> => {
    const { view } = await views.of(page);
    const files = copyOf(view, placesOf(page));
    if (page.exportTarget.kind === "folder") return writeToFolder(page.exportTarget.folder, files);
    const secret = sealing.open(page.exportSecret, exportPlace(page.id));
    if (secret === undefined) throw refuseText("export.secret_key: was stored with another windfire.key: enter it again");
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(LONGEST_MS)]);
    return writeToBucket(outbound, page.exportTarget, secret, files, signal);
  };
  const attempt = async (page: StatusPage): Promise<string> => {
    tried.set(page.id, now());
    try {
      await write(page);
      await book(page.id, "");
      return "";
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined) onError(error);
      await book(page.id, reason ?? "it could not be written");
      return reason ?? "it could not be written";
    }
  };
  const look = async (): Promise<void> => {
    for (const page of pages.list()) {
      // Copies are open to everybody who finds them.
      if (page.exportTarget.kind === "none" || !page.settings.published || page.settings.visibility !== "public") continue;
      const at = tried.get(page.id);
      if (at === undefined || Math.abs(now() - at) >= EVERY_MS) await attempt(page);
    }
  };
  return {
    look: () => lane.run(look),
    /** @throws {AppError} saying why it could not be written */
    async exportNow(page: StatusPage): Promise<void> {
      if (page.exportTarget.kind === "none") throw refuseText("export.kind: nowhere to write to is set");
      if (!page.settings.published) throw refuseText("published: a page that is not published has no copies");
      if (page.settings.visibility !== "public")
        throw refuseText("visibility: a page that is not public has no copies, which anybody could read");
      const reason = await lane.run(() => attempt(page));
      if (reason !== "") throw refuseText(reason);
    },
    async stateOf(pageId: number): Promise<{ readonly at: number; readonly error: string }> {
      const row = await database.kysely.selectFrom("wf_page_exports").selectAll().where("page_id", "=", pageId).executeTakeFirst();
      return { at: row?.exported_at ?? 0, error: row?.error ?? "" };
    },
    async stop(): Promise<void> {
      stopping.abort();
      await lane.idle();
    },
  };
}

export type Exporting = ReturnType<typeof createExporting>;

/** What may be shown of a failure. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof AppError) return error.messageId;
  if (error instanceof OutboundError) return error.message;
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? `the folder cannot be written to (${code})` : undefined;
}
