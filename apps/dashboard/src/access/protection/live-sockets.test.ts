import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { publicScope } from "#kernel";
import { socketRoute } from "#platform/http";
import { ADMIN_PASSWORD, openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";

let bench: AccessBench;
let admin: Browser;
beforeEach(async () => {
  bench = await openBench({
    config: { webRealIpHeader: "X-Test-IP" },
    sockets: ({ liveConnections }) => [
      socketRoute({
        path: "/ws/live",
        access: publicScope("nezha:inventory:read"),
        summary: "s",
        tag: "t",
        maxMessage: 16,
        prepare:
          ({ caller, ip }) =>
          (socket) => {
            const release = liveConnections.register({ caller, ip, close: (reason) => socket.close(1008, reason) });
            socket.once("close", release);
          },
      }),
    ],
  });
  admin = await bench.admin({ "x-test-ip": "203.0.113.250" });
});
afterEach(async () => bench.close());

const connect = async (headers: Record<string, string>): Promise<{ ended: Promise<string> }> => {
  const socket = new WebSocket(`${bench.base.replace("http", "ws")}/api/v1/ws/live`, {
    headers: { "x-test-ip": "203.0.113.250", ...headers },
  });
  const ended = once(socket, "close").then(([code, reason]) => `${code as number} ${String(reason)}`);
  await once(socket, "open");
  return { ended };
};
const asAdmin = async (): Promise<{ ended: Promise<string> }> => connect({ cookie: `nz-jwt=${admin.token}` });

test("signing out closes the sockets of the session, and of no other", async () => {
  const other = await bench.admin({ "x-test-ip": "203.0.113.250" });
  const mine = await asAdmin();
  await connect({ cookie: `nz-jwt=${other.token}` });
  await connect({});
  await admin.post("/logout");
  expect(await mine.ended).toBe("1008 logout");
  expect(bench.access.liveConnections.count).toBe(2);
});

test("a change of password closes them", async () => {
  const { ended } = await asAdmin();
  await admin.post("/profile", { original_password: ADMIN_PASSWORD, new_username: "admin", new_password: "another-password" });
  expect(await ended).toBe("1008 password");
});

test("deleting a token closes what runs under it", async () => {
  const { id, token } = (await admin.post("/api-tokens", { name: "ci", scopes: ["nezha:inventory:read"] })).data as {
    id: number;
    token: string;
  };
  const { ended } = await connect({ authorization: `Bearer ${token}` });
  await admin.call("DELETE", `/api-tokens/${id}`);
  expect(await ended).toBe("1008 deleted");
});

test("a token that expires closes what runs under it", async () => {
  const { token } = (await admin.post("/api-tokens", { name: "ci", scopes: ["nezha:inventory:read"], expires_in_days: 1 })).data as {
    token: string;
  };
  const { ended } = await connect({ authorization: `Bearer ${token}` });
  bench.clock.advance(86_400_000 + 5_001);
  expect(await ended).toBe("1008 expired");
});

test("blocking an address closes what it has open, a guest's too", async () => {
  const { ended } = await connect({ "x-test-ip": "198.51.100.7" });
  await admin.post("/online-user/batch-block", ["198.51.100.7"]);
  expect(await ended).toBe("1008 blocked");
});

test("deleting a user closes everything of that user", async () => {
  await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
  const alice = await bench.browser({ "x-test-ip": "203.0.113.250" }).signIn("alice", "alice-password");
  const { ended } = await connect({ cookie: `nz-jwt=${alice.token}` });
  await admin.post("/batch-delete/user", [2]);
  expect(await ended).toBe("1008 deleted");
});
