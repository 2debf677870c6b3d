import { expect, test } from "vitest";
import { changedByBatch } from "./batch.ts";
import type { Server } from "./model.ts";

const server = (tags: readonly string[], hideForGuest = false): Server => ({
  id: 1,
  uuid: "",
  ownerId: 1,
  name: "frankfurt-1",
  note: "",
  publicNote: "",
  displayIndex: 0,
  hideForGuest,
  enableDdns: false,
  ddnsProfiles: [],
  overrideDdnsDomains: {},
  tags,
  createdAt: "",
  updatedAt: "",
});

test.each([
  ["a new tag comes last", ["web"], { addTags: ["eu"] }, ["web", "eu"]],
  ["one that is there stays where it is", ["web", "eu"], { addTags: ["web", "db"] }, ["web", "eu", "db"]],
  ["one is taken", ["web", "eu"], { removeTags: ["web"] }, ["eu"]],
  ["what is given and taken is taken", ["web"], { addTags: ["eu"], removeTags: ["eu", "web"] }, []],
] as const)("%s", (_, before, change, after) => {
  expect(changedByBatch(server(before), { addTags: [], removeTags: [], ...change })?.tags).toEqual(after);
});

test("a server that is so already is no change", () => {
  const nothing = { addTags: [], removeTags: [] };
  expect(changedByBatch(server(["web"]), { ...nothing, addTags: ["web"], removeTags: ["db"] })).toBeUndefined();
  expect(changedByBatch(server([], true), { ...nothing, hideForGuest: true })).toBeUndefined();
  expect(changedByBatch(server([], true), { ...nothing, hideForGuest: false })).toMatchObject({ hideForGuest: false });
});

test("no server gets more tags than one may have", () => {
  const many = Array.from({ length: 20 }, (_, i) => `t${i}`);
  expect(() => changedByBatch(server(many), { addTags: ["one-more"], removeTags: [] })).toThrow("add_tags: server frankfurt-1");
  expect(changedByBatch(server(many), { addTags: ["one-more"], removeTags: ["t0"] })?.tags).toHaveLength(20);
});
