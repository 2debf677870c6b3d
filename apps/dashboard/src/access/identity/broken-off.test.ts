import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codeAt, openBench, setUpGenerator } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";
import { createAuditLog } from "#platform/audit";
import { createPasswords } from "#platform/password";
import { resetPassword } from "./reset-password.ts";

/**
 * What writes more than one thing about sign-ins, broken off at every one of them: nothing of it is there afterwards, and the same again
 * works.
 */
const TABLES = ["users", "jwt_sessions", "wf_sessions", "wf_devices", "wf_totp", "wf_recovery_codes", "wf_sign_in_notices"] as const;

let bench: AccessBench;
let admin: Browser;
let alice: Browser;
beforeEach(async () => {
  bench = await openBench();
  admin = await bench.admin();
  await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
  alice = await bench.browser().signIn("alice", "alice-password");
});
afterEach(async () => bench.close());

const everything = async (): Promise<unknown> =>
  Promise.all([...TABLES, "wf_audit" as const].map(async (table) => bench.database.kysely.selectFrom(table).selectAll().execute()));

/** Lets `attempt` fail at each write that it makes, one after the other, then succeed. */
async function expectNothingHalf(places: readonly string[], attempt: () => Promise<Answer | undefined>): Promise<void> {
  for (const place of places) {
    const before = await everything();
    await sql.raw(`CREATE TRIGGER broken BEFORE ${place} BEGIN SELECT RAISE(ABORT, 'disk'); END`).execute(bench.database.kysely);
    const answer = await attempt().catch(() => undefined);
    expect([place, answer?.data]).toEqual([place, undefined]);
    await sql.raw("DROP TRIGGER broken").execute(bench.database.kysely);
    expect([place, await everything()]).toEqual([place, before]);
  }
  const answer = await attempt();
  expect(answer?.error ?? "").toBe("");
}

const now = (): number => bench.clock.now();
const AUDIT = "INSERT ON wf_audit";
const LOG = "INSERT ON wf_changes";

describe("broken off at any write, nothing is half done:", () => {
  test("beginning to set up a second factor", async () => {
    await expectNothingHalf(["INSERT ON wf_totp", AUDIT], async () => alice.post("/second-factor"));
  });

  test("confirming it", async () => {
    const { secret } = (await alice.post("/second-factor")).data as { secret: string };
    const places = ["UPDATE OF used_steps ON wf_totp", "UPDATE OF confirmed_at ON wf_totp", "INSERT ON wf_recovery_codes", AUDIT, LOG];
    await expectNothingHalf(places, async () => alice.post("/second-factor/confirm", { code: codeAt(secret, now()) }));
  });

  test("new recovery codes", async () => {
    await setUpGenerator(alice, now());
    await expectNothingHalf(["DELETE ON wf_recovery_codes", "INSERT ON wf_recovery_codes", AUDIT], async () =>
      alice.post("/second-factor/recovery-codes"),
    );
  });

  test("turning it off", async () => {
    await setUpGenerator(alice, now());
    await expectNothingHalf(["DELETE ON wf_totp", "DELETE ON wf_recovery_codes", AUDIT, LOG], async () =>
      alice.call("DELETE", "/second-factor"),
    );
  });

  test("taking it away from somebody", async () => {
    await setUpGenerator(alice, now());
    const places = ["DELETE ON wf_totp", "DELETE ON wf_recovery_codes", AUDIT, LOG];
    await expectNothingHalf(places, async () => admin.post("/user/2/reset-second-factor"));
  });

  test("proving again who one is", async () => {
    const generator = await setUpGenerator(alice, now());
    bench.clock.advance(30_000);
    const places = ["UPDATE ON wf_totp", "UPDATE ON wf_sessions", AUDIT, LOG];
    await expectNothingHalf(places, async () => alice.post("/step-up", { code: generator.at(now()) }));
  });

  test("signing in with a recovery code", async () => {
    const { recoveryCodes } = await setUpGenerator(alice, now());
    const places = ["DELETE ON wf_recovery_codes", "INSERT ON jwt_sessions", "INSERT ON wf_sessions", AUDIT, "INSERT ON wf_devices"];
    const form = { username: "alice", password: "alice-password", code: recoveryCodes[0] };
    await expectNothingHalf(places, async () => bench.browser().post("/login", form));
  });

  test("ending sessions", async () => {
    await bench.browser().signIn("alice", "alice-password");
    await expectNothingHalf(["UPDATE ON jwt_sessions", AUDIT, LOG], async () => alice.post("/session/end-others"));
  });

  test("deleting the user", async () => {
    await setUpGenerator(alice, now());
    const gone = ["jwt_sessions", "wf_sessions", "wf_devices", "wf_totp", "wf_recovery_codes", "users"].map(
      (table) => `DELETE ON ${table}`,
    );
    await expectNothingHalf([...gone, AUDIT, LOG], async () => admin.post("/batch-delete/user", [2]));
  });

  test("a password that is reset from the command line", async () => {
    await setUpGenerator(alice, now());
    const audit = createAuditLog({ database: bench.database, now });
    const form = { username: "alice", password: "new-password", passwords: createPasswords({ cost: 4 }) };
    const places = ["UPDATE ON users", "UPDATE ON jwt_sessions", "DELETE ON wf_totp", "DELETE ON wf_recovery_codes", AUDIT, LOG];
    await expectNothingHalf(places, async () => {
      await resetPassword({ database: bench.database, audit, now, ...form });
      return undefined;
    });
    await bench.browser().signIn("alice", "new-password");
  });
});
