import { expect, test } from "vitest";
import { createServerDirectory } from "#features/servers";
import type { Server } from "#features/servers";
import { testSettings } from "#features/servers/testing";
import { AgentRefused, createAuthenticator } from "./authentication.ts";
import type { HostCredential, HostCredentials, TransferSecrets, TransferVerdict } from "./authentication.ts";

const UUID = "11111111-2222-4333-8444-555555555555";
const OTHER = "aaaaaaaa-2222-4333-8444-555555555555";

const server = (id: number, uuid: string, ownerId: number): Server => ({ ...testSettings, id, uuid, ownerId });

/** User 1 owns the server of UUID, user 2 owns nothing; the global secret is user 0. */
function open(transfers: Partial<TransferSecrets> = {}, credentials: Partial<HostCredentials> = {}) {
  const log: string[] = [];
  const servers = createServerDirectory([server(7, UUID, 1)]);
  const users = new Map([
    ["global", 0],
    ["alice", 1],
    ["bob", 2],
  ]);
  const authenticate = createAuthenticator({
    servers,
    transfers: {
      judge: (): TransferVerdict => ({ outcome: "unknown" }),
      pending: () => undefined,
      rolledBackFrom: () => undefined,
      ...transfers,
    },
    credentials: { find: () => undefined, sharedAreOff: () => false, ...credentials },
    userOfSecret: (secret) => users.get(secret),
    strike: (ip) => void log.push(`strike ${ip}`),
    clearStrikes: (ip) => void log.push(`clear ${ip}`),
    register: async (uuid, ownerId) => {
      log.push(`register for ${ownerId}`);
      return servers.put(server(8, uuid, ownerId));
    },
  });
  const call = async (secret: string, uuid: string): Promise<string> => {
    try {
      return `server ${(await authenticate({ secret, uuid }, "192.0.2.9")).id}`;
    } catch (error) {
      if (error instanceof AgentRefused) return error.message;
      throw error;
    }
  };
  return { call, log };
}

/** Spec 20 section 3.3, steps 2 to 8. */
test.each([
  ["", UUID, "客户端认证失败", []],
  ["alice", "not-a-uuid", "客户端 UUID 不合法", ["strike 192.0.2.9"]],
  ["alice", UUID.slice(0, -1), "客户端 UUID 不合法", ["strike 192.0.2.9"]],
  ["mallory", UUID, "客户端认证失败", ["strike 192.0.2.9"]],
  ["alice", UUID, "server 7", ["clear 192.0.2.9"]],
  ["global", UUID, "server 7", ["clear 192.0.2.9"]],
  ["alice", OTHER, "server 8", ["clear 192.0.2.9", "register for 1"]],
  ["global", OTHER, "server 8", ["clear 192.0.2.9", "register for 0"]],
])("secret %j with UUID %s: %s", async (secret, uuid, outcome, log) => {
  const fleet = open();
  expect(await fleet.call(secret, uuid)).toBe(outcome);
  expect(fleet.log).toEqual(log);
});

test("an agent's UUID is bound to the owner of its secret, and a wrong owner is no strike", async () => {
  const fleet = open();
  expect(await fleet.call("bob", UUID)).toBe("client UUID does not belong to the agent secret owner");
  expect(fleet.log).toEqual(["clear 192.0.2.9"]);
});

test.each([
  [
    "alice",
    2,
    "destination user's global AgentSecret cannot authenticate during a pending transfer; agent must rotate to per-transfer HandshakeSecret",
  ],
  ["bob", 2, "server 7"],
  ["global", 2, "server 7"],
])("while a transfer from user %s is pending", async (secret, fromUserId, outcome) => {
  const fleet = open({ pending: () => ({ fromUserId, toUserId: 1 }) });
  expect(await fleet.call(secret, UUID)).toBe(outcome);
});

test("after a roll-back the giver's secret is good until the agent confirmed", async () => {
  expect(await open({ rolledBackFrom: () => 2 }).call("bob", UUID)).toBe("server 7");
});

test("per-transfer secrets go before users' secrets", async () => {
  const accepts = open({ judge: () => ({ outcome: "accept" }) });
  expect(await accepts.call("handshake", UUID)).toBe("server 7");
  const refuses = open({ judge: () => ({ outcome: "refuse", text: "transfer handshake secret bound to a different server" }) });
  expect(await refuses.call("handshake", UUID)).toBe("transfer handshake secret bound to a different server");
});

test("who names a UUID while its owner registers it does not get the owner's server", async () => {
  const servers = createServerDirectory([]);
  const registered = Promise.withResolvers<void>();
  const first = registered.promise.then(() => servers.put(server(8, OTHER, 1)));
  const authenticate = createAuthenticator({
    servers,
    transfers: { judge: () => ({ outcome: "unknown" }), pending: () => undefined, rolledBackFrom: () => undefined },
    credentials: { find: () => undefined, sharedAreOff: () => false },
    userOfSecret: (secret) => (secret === "alice" ? 1 : 2),
    strike: () => undefined,
    clearStrikes: () => undefined,
    register: () => first,
  });
  const owner = authenticate({ secret: "alice", uuid: OTHER }, "192.0.2.9");
  const stranger = authenticate({ secret: "bob", uuid: OTHER }, "192.0.2.10");
  registered.resolve();
  expect((await owner).id).toBe(8);
  await expect(stranger).rejects.toThrow("client UUID does not belong to the agent secret owner");
});

const OWN: HostCredential = { serverId: 7, uuid: UUID, ownerId: 1, isGood: true };
const withCredential = (change: Partial<HostCredential> = {}, transfers: Partial<TransferSecrets> = {}) =>
  open(transfers, { find: (secret) => (secret === "own" ? { ...OWN, ...change } : undefined) });

test.each<[string, Partial<HostCredential>, string, string, string[]]>([
  ["is good for its host", {}, UUID, "server 7", ["clear 192.0.2.9"]],
  ["is no other host's, and trying is a strike", {}, OTHER, "the credential belongs to another host", ["strike 192.0.2.9"]],
  ["ends with its revocation, which is no strike", { isGood: false }, UUID, "the credential was revoked: enrol this host again", []],
  ["is not good for a newer server of the same host", { serverId: 6 }, UUID, "the credential was revoked: enrol this host again", []],
  ["registers nothing once its server is deleted", { uuid: OTHER }, OTHER, "the credential was revoked: enrol this host again", []],
  [
    "is not good for a server of somebody else's",
    { ownerId: 2 },
    UUID,
    "client UUID does not belong to the agent secret owner",
    ["clear 192.0.2.9"],
  ],
])("the credential of a host %s", async (_name, change, uuid, outcome, log) => {
  const fleet = withCredential(change);
  expect(await fleet.call("own", uuid)).toBe(outcome);
  expect(fleet.log).toEqual(log);
});

test("a host that changes hands keeps its credential until it has the new one", async () => {
  expect(await withCredential({ ownerId: 2 }, { pending: () => ({ fromUserId: 2, toUserId: 1 }) }).call("own", UUID)).toBe("server 7");
});

test("shared secrets that are switched off let nobody in, register nothing, and are no strike; unknown ones are", async () => {
  const fleet = open({}, { find: (secret) => (secret === "own" ? OWN : undefined), sharedAreOff: () => true });
  for (const secret of ["alice", "global"]) {
    for (const uuid of [UUID, OTHER])
      expect(await fleet.call(secret, uuid)).toBe("shared agent secrets are switched off here: enrol this host");
  }
  expect(fleet.log.filter((line) => !line.startsWith("clear"))).toEqual([]);
  expect(await fleet.call("own", UUID)).toBe("server 7");
  expect(await fleet.call("mallory", UUID)).toBe("客户端认证失败");
  expect(fleet.log).toContain("strike 192.0.2.9");
});
