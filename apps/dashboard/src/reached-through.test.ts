import { afterAll, beforeAll, expect, test } from "vitest";
import { openDashboardBench } from "./compose/testing/index.ts";
import type { DashboardBench, Headers } from "./compose/testing/index.ts";

let bench: DashboardBench;
let admin: Headers;
let alice: Headers;

/** Servers 1 and 2 are the administrator's, 3 and 4 are alice's. */
beforeAll(async () => {
  bench = await openDashboardBench({
    prepare: async ({ kysely }) => {
      const time = "2025-01-01 00:00:00+00:00";
      const at = { created_at: time, updated_at: time };
      for (const [index, user_id] of [1, 1, 2, 2].entries()) {
        const texts = { note: "", public_note: "", ddns_profiles_raw: "[]", override_ddns_domains_raw: "{}" };
        const flags = { display_index: 0, hide_for_guest: 0, enable_d_dns: 0 };
        await kysely
          .insertInto("servers")
          .values({ ...at, user_id, name: `s${index + 1}`, uuid: `u${index + 1}`, ...texts, ...flags })
          .execute();
      }
    },
  });
  admin = await bench.signIn("admin", "admin-password");
  await bench.call("POST", "/api/v1/user", admin, { username: "alice", password: "alice-password", role: 1 });
  alice = await bench.signIn("alice", "alice-password");
});
afterAll(() => bench.close());

const patch = async (headers: Headers, id: number, through: unknown): Promise<string> =>
  (await bench.call("PATCH", `/api/v1/server/${id}`, headers, { name: `s${id}`, reached_through: through })).error;
const shown = async (path: string, id: number): Promise<unknown> => {
  const { data } = await bench.call("GET", `/api/v1/${path}`, admin);
  return (data as { id: number; reached_through?: unknown }[]).find((row) => row.id === id)?.reached_through;
};
const service = (over: object = {}) => ({ name: "gate", type: 3, target: "192.0.2.1:80", duration: 30, ...over });

test("what a server is reached through is kept by who does not name it, and taken away by null", async () => {
  expect(await patch(admin, 2, { kind: "server", id: 1 })).toBe("");
  expect(await shown("server", 2)).toEqual({ kind: "server", id: 1 });
  expect(await patch(admin, 2, undefined)).toBe("");
  expect(await shown("server", 2)).toEqual({ kind: "server", id: 1 });
  expect(await patch(admin, 2, null)).toBe("");
  expect(await shown("server", 2)).toBeUndefined();
});

test("refusals name the field", async () => {
  expect(await patch(admin, 2, { kind: "server", id: 77 })).toBe("reached_through: server id 77 does not exist");
  expect(await patch(admin, 2, { kind: "service", id: 77 })).toBe("reached_through: service id 77 does not exist");
  expect(await patch(admin, 2, { kind: "server", id: 2 })).toBe("reached_through: nothing is reached through itself");
  expect(await patch(admin, 2, { kind: "rule", id: 1 })).toContain("reached_through");
  expect(await patch(alice, 3, { kind: "server", id: 1 })).toBe("reached_through: server id 1 does not exist");
  expect(await patch(alice, 3, { kind: "server", id: 4 })).toBe("");
});

test("circles are refused, also over services, also at once", async () => {
  const made = await bench.call("POST", "/api/v1/service", admin, service({ reached_through: { kind: "server", id: 1 } }));
  expect(made.error).toBe("");
  const through = { kind: "service", id: made.data };
  expect(await shown("service/list", made.data as number)).toEqual({ kind: "server", id: 1 });
  expect(await patch(admin, 2, through)).toBe("");
  expect(await patch(admin, 1, { kind: "server", id: 2 })).toBe("reached_through: goes round in a circle");
  expect(await patch(admin, 1, through)).toBe("reached_through: goes round in a circle");
  const changed = await bench.call(
    "PATCH",
    `/api/v1/service/${String(made.data)}`,
    admin,
    service({ reached_through: { kind: "server", id: 2 } }),
  );
  expect(changed.error).toBe("reached_through: goes round in a circle");
  expect(await patch(admin, 2, null)).toBe("");
  const both = await Promise.all([patch(admin, 1, { kind: "server", id: 2 }), patch(admin, 2, { kind: "server", id: 1 })]);
  expect(both.toSorted()).toEqual(["", "reached_through: goes round in a circle"]);
  expect(await patch(admin, 1, null)).toBe("");
  expect(await patch(admin, 2, null)).toBe("");
});

test("what is deleted leaves no path behind, and what is saved without it keeps it", async () => {
  const made = await bench.call("POST", "/api/v1/service", admin, service());
  const id = made.data as number;
  expect(await patch(admin, 1, { kind: "service", id })).toBe("");
  const other = await bench.call("POST", "/api/v1/service", admin, service({ reached_through: { kind: "server", id: 2 } }));
  const behind = other.data as number;
  await bench.call("PATCH", `/api/v1/service/${behind}`, admin, service({ name: "renamed" }));
  expect(await shown("service/list", behind)).toEqual({ kind: "server", id: 2 });
  await bench.call("POST", "/api/v1/batch-delete/service", admin, [id]);
  expect(await shown("server", 1)).toBeUndefined();
  await bench.call("POST", "/api/v1/batch-delete/server", admin, [2]);
  expect(await shown("service/list", behind)).toBeUndefined();
});

test("a server that becomes somebody else's leaves no path behind", async () => {
  expect(await patch(admin, 1, null)).toBe("");
  expect(await patch(alice, 3, { kind: "server", id: 4 })).toBe("");
  const made = await bench.call("POST", "/api/v1/service", alice, service({ cover: 1, reached_through: { kind: "server", id: 4 } }));
  expect(made.error).toBe("");
  const moved = await bench.call("POST", "/api/v1/batch-move/server", admin, { ids: [4], to_user: 1 });
  expect(moved.data).toMatchObject([{ status: "pending" }]);
  expect(await shown("server", 3)).toBeUndefined();
  expect(await shown("service/list", made.data as number)).toBeUndefined();
});

test("a path that somebody else may set is kept by who sends it back unchanged", async () => {
  expect(await patch(admin, 3, { kind: "server", id: 1 })).toBe("");
  expect(await patch(alice, 3, { kind: "server", id: 1 })).toBe("");
  expect(await shown("server", 3)).toEqual({ kind: "server", id: 1 });
});

test("a new service is checked like any", async () => {
  const made = await bench.call("POST", "/api/v1/service", alice, service({ reached_through: { kind: "server", id: 1 } }));
  expect(made.error).toBe("reached_through: server id 1 does not exist");
});
