import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { systemCode } from "@windfire/kit";
import type { Installation } from "../snapshot.ts";
import { swapDisk } from "./swap-disk.ts";
import type { SwapDisk } from "./swap-disk.ts";

const KEPT = /^before-restore-[0-9TZ]+$/;

/** Whether a folder beside the database holds an installation that was replaced. */
export function isKeptName(name: string): boolean {
  return KEPT.test(name);
}

const actor = z.object({
  kind: z.enum(["user", "token", "mcp", "system", "guest"]),
  userId: z.number(),
  username: z.string(),
  tokenId: z.number(),
  address: z.string(),
});

const backup = z.object({
  created_at: z.string(),
  program: z.string(),
  signer: z.string(),
  own: z.boolean(),
  files: z.number(),
  bytes: z.number(),
  environment: z.array(z.string()),
});
/** What a replacement is made of: the signed list in short; `own`: signed by the dashboard that prepared it. */
export type PreparedBackup = z.output<typeof backup>;

const stored = z.object({
  /**
   * `prepared`: everything lies ready, nothing is touched. `moving-out`: what is there goes aside, nothing has come in yet.
   * `moving-in`: nothing of the old is left at its place. `moved`: all is done but that a dashboard has started on it.
   */
  state: z.enum(["prepared", "moving-out", "moving-in", "moved"]),
  /** `undo`: what was put aside comes back, because no dashboard started on the new. */
  kind: z.enum(["restore", "undo"]),
  /** Folder beside the database in which the old installation lies whole. */
  keptIn: z.string().regex(KEPT),
  backup,
  actor,
  /** Why it was taken back; "" unless it was. */
  error: z.string(),
});
/** How far the replacement of an installation has come; the one file that says it is written anew as a whole. */
export type Order = z.output<typeof stored>;

/** Names of the places of a replacement, all of them beside the database. */
export function placesOf({ configPath, databasePath }: Installation) {
  const folder = dirname(databasePath);
  const work = join(folder, ".windfire-replace");
  return {
    folder,
    configPath,
    database: basename(databasePath),
    work,
    order: join(work, "order.json"),
    upload: join(work, "upload"),
    next: join(work, "next"),
    /** What no dashboard started on. */
    failed: join(work, "failed"),
  };
}
export type Places = ReturnType<typeof placesOf>;

/** Undefined: nothing is prepared. @throws for a file that nobody but us can have written so */
export async function readOrder({ order }: Pick<Places, "order">): Promise<Order | undefined> {
  let text: string;
  try {
    text = await readFile(order, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    return stored.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${order} cannot be read: finish the restore by hand, or remove the file`, { cause: error });
  }
}

/** Says how far it has come, onto the disk. */
export async function writeOrder({ work, order: path }: Places, order: Order, disk: SwapDisk = swapDisk): Promise<Order> {
  await disk.writeWhole(path, JSON.stringify(order));
  await disk.syncFolder(work);
  return order;
}
