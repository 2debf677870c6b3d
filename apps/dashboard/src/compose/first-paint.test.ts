import { createFakeClock } from "@windfire/testkit";
import type { FastifyRequest } from "fastify";
import { expect, test } from "vitest";
import type { Caller } from "#kernel";
import { firstPaint } from "./first-paint.ts";

const visitor = (cookies: Record<string, string> = {}) => ({ visit: { cookies } }) as unknown as FastifyRequest;

function open(options: { forceAuth?: boolean; size?: number; group?: string } = {}) {
  const clock = createFakeClock(0);
  const asked: Caller["kind"][] = [];
  let revision = 0;
  const embed = firstPaint(
    { clock, config: { current: { forceAuth: options.forceAuth ?? false } } },
    {
      settings: { guestView: () => ({ tsdb_enabled: true }) as never },
      liveFeed: { guestSnapshot: () => '{"seq":1}' },
      servers: {
        directory: { size: options.size ?? 1 },
        groupsFor: (caller) => {
          asked.push(caller.kind);
          return [{ group: { id: 1, created_at: "", updated_at: "", name: options.group ?? "g" }, servers: [1] }];
        },
      },
      services: {
        overviewFor: (caller) => {
          asked.push(caller.kind);
          return {};
        },
      },
    },
    () => revision,
  );
  const read = async (request = visitor()) => JSON.parse((await embed("public", request)) ?? "null") as Record<string, unknown> | null;
  return { clock, asked, embed, read, hide: () => void revision++ };
}

test("the page of a guest holds what a guest would ask for, asked for as a guest", async () => {
  const { read, asked } = open();
  expect(await read()).toMatchObject({ profile: null, groups: [{ servers: [1] }], services: {}, frame: { seq: 1 } });
  expect(new Set(asked)).toEqual(new Set(["guest"]));
});

test("somebody who is signed in, a closed site and the console get nothing of it", async () => {
  expect(await open().read(visitor({ "nz-jwt": "x" }))).toBeNull();
  expect(await open({ forceAuth: true }).read()).toBeNull();
  expect(await open().embed("console", visitor())).toBeUndefined();
});

test("what would be too long is left to be asked for", async () => {
  expect(await open({ size: 1_001 }).read()).not.toHaveProperty("frame");
  const page = await open({ group: "g".repeat(100_000) }).read();
  expect(page).not.toHaveProperty("groups");
  expect(page).toHaveProperty("services");
});

test("however many guests come, groups and services are put together every two seconds", async () => {
  const { clock, read, asked } = open();
  for (let count = 0; count < 5; count++) await read();
  expect(asked).toHaveLength(2);
  clock.advance(2_000);
  await read();
  expect(asked).toHaveLength(4);
});

test("after something was hidden from guests nothing from before is handed out", async () => {
  const { read, asked, hide } = open();
  await read();
  hide();
  await read();
  expect(asked).toHaveLength(4);
});
