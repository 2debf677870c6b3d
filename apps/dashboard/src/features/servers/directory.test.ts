import { expect, test } from "vitest";
import type { Subscriber } from "#platform/database";
import { createServerDirectory, followServers } from "./directory.ts";
import type { ServerChange } from "./directory.ts";
import type { Server } from "./model.ts";
import { testSettings } from "./testing/samples.ts";

const row = (id: number, over: Partial<Server> = {}): Server => ({ ...testSettings, id, uuid: `u${id}`, ...over });

function open(...servers: Server[]) {
  const errors: unknown[] = [];
  const heard: [number, string | undefined, string | undefined][] = [];
  const directory = createServerDirectory(servers, (error) => errors.push(error));
  directory.subscribe(({ id, before, after }: ServerChange) => heard.push([id, before?.name, after?.name]));
  let rows: Subscriber<number, Server> | undefined;
  const subscribe = (subscriber: Subscriber<number, Server>) => {
    rows = subscriber;
    return () => undefined;
  };
  followServers({ get: () => undefined, list: () => [], by: () => [], size: 0, subscribe }, directory);
  return { directory, errors, heard, rows: rows ?? expect.fail() };
}

test("live objects stay while their rows change, and go with them", () => {
  const { directory, heard, rows } = open(row(1));
  const server = directory.get(1);
  rows.changed({ sequence: 1, key: 1, before: undefined, after: row(1, { name: "b", uuid: "other" }) });
  expect([directory.get(1), directory.byUuid("other"), directory.byUuid("u1")]).toEqual([server, server, undefined]);
  const generation = server?.openStream() ?? 0;
  rows.changed({ sequence: 2, key: 1, before: undefined, after: undefined });
  rows.changed({ sequence: 2, key: 1, before: undefined, after: undefined });
  expect([directory.size, directory.list(), directory.byUuid("other")]).toEqual([0, [], undefined]);
  expect(server?.openStream()).toBeGreaterThan(generation + 1);
  expect(heard).toEqual([
    [1, "a", "b"],
    [1, "b", undefined],
  ]);
});

test("after a gap everything that is different is told as a change", () => {
  const { directory, heard, rows } = open(row(1), row(2), row(3));
  const kept = directory.get(2);
  rows.reloaded?.([row(2, { name: "b" }), row(3), row(4, { displayIndex: 9 })]);
  expect(directory.list().map(({ id }) => id)).toEqual([4, 2, 3]);
  expect(directory.get(2)).toBe(kept);
  expect(heard).toContainEqual([1, "a", undefined]);
  expect(heard).toContainEqual([2, "a", "b"]);
  expect(heard).toContainEqual([4, undefined, "a"]);
});

test("a listener that throws is reported and keeps nobody else from hearing", () => {
  const { directory, errors, heard } = open();
  const end = directory.subscribe(() => {
    throw new Error("listener");
  });
  const later: number[] = [];
  directory.subscribe(({ id }) => later.push(id));
  directory.put(row(1));
  end();
  directory.put(row(2));
  expect([heard.length, later, errors]).toEqual([2, [1, 2], [new Error("listener")]]);
});
