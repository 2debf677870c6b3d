import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock } from "@windfire/testkit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import { createSealing } from "#platform/sealing";
import { createBackup } from "./room.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

const admin = { kind: "session", user: { id: 1, username: "admin", role: 0 }, sessionKey: "k", via: "header" } as const;

/** One dashboard of several on the database, and when it would make backups. */
async function openRoom() {
  const planned = new Set<string>();
  const room = createBackup({
    installation: { configPath: "config.yaml", databasePath: temporary.path },
    program: "0.1.0",
    env: {},
    clock: createFakeClock(),
    database: temporary.database,
    audit: { write: async () => undefined },
    sealing: createSealing(new Uint8Array(32)),
    sealingOf: createSealing,
    outbound: { send: async () => Promise.reject(new Error("not asked")) },
    scheduler: {
      at: (expression) => {
        planned.add(expression);
        return { cancel: () => void planned.delete(expression) };
      },
    },
    location: "UTC",
    flushHistory: async () => undefined,
    onError: (error) => expect(error).toBeUndefined(),
    tellFailure: () => undefined,
    restart: () => undefined,
    uploadBytes: 0,
  });
  await room.start();
  const call = createRouteCaller(room.routes);
  const change = async (body: Readonly<Record<string, unknown>>): Promise<void> => {
    const form = { keep: 1, to_disk: true, to_s3: false, passphrase: "", ...body };
    expect(await call(admin, "PATCH /backup", form)).toEqual({ data: null });
  };
  return { planned, change };
}

test("a plan that is changed at one dashboard is that of all: whichever is the judge makes the backups", async () => {
  const [asked, judge] = [await openRoom(), await openRoom()];
  const plans = () => [asked, judge].map(({ planned }) => [...planned]);
  await asked.change({ every: "daily", at: "02:15" });
  expect(plans()).toEqual([["0 15 2 * * *"], ["0 15 2 * * *"]]);
  await asked.change({ every: "weekly", at: "04:00" });
  expect(plans()).toEqual([["0 0 4 * * 0"], ["0 0 4 * * 0"]]);
  const later = await openRoom();
  expect([...later.planned]).toEqual(["0 0 4 * * 0"]);
  await judge.change({ every: "never", at: "04:00" });
  expect([...plans(), [...later.planned]]).toEqual([[], [], []]);
});
