import fc from "fast-check";
import { expect, test } from "vitest";
import { LiveServer } from "#features/servers";
import type { HostInfo, HostState } from "#features/servers";
import { testServer } from "#features/fleet/testing";
import { hostOf, stateOf } from "./testing/index.ts";
import { decodeFeed, encodeFeed } from "./feed-message.ts";
import type { FeedMessage, Holding, LoadNews } from "./model.ts";
import { createOwnFeed } from "./own-feed.ts";
import { createPeerLog } from "./peer-log.ts";

const NOTHING = { total: 0, users: new Map<number, number>(), viewers: 0 };

test("a message says on the wire what was meant", () => {
  const state: HostState = {
    ...stateOf(12.5),
    netInTransfer: 2n ** 63n,
    temperatures: [{ name: "cpu", temperature: 40 }],
    unsound: ["load1"],
  };
  const host: HostInfo = { ...hostOf(), rights: [{ name: "terminal", until: 0, only: ["/srv"] }] };
  const load: LoadNews[] = [
    { figure: "cpu", level: "warn", isOver: true, lasted: undefined },
    { figure: "mem", level: "critical", isOver: false, lasted: 12_000 },
  ];
  const message: FeedMessage = {
    number: 7,
    streams: { total: 3, users: new Map([[5, 2]]), viewers: 7 },
    servers: [
      { id: 1, taskSession: 9, isOnline: true, stateSession: 8, isReporting: true, age: 120, host, state, load },
      {
        id: 2,
        taskSession: 4,
        isOnline: false,
        stateSession: 0,
        isReporting: false,
        address: { ipv4: "192.0.2.1", ipv6: "", countryCode: "jp" },
        traffic: { bootTime: 5, seen: { in: 2n ** 63n, out: 1 }, unbooked: { in: 0, out: 7 } },
      },
    ],
  };
  expect(decodeFeed(encodeFeed(message))).toEqual(message);
});

test("what is no message, cut, or of a version to come is none", () => {
  const whole = encodeFeed({ number: 1, streams: NOTHING, servers: [{ ...held(1), id: 1, state: stateOf(1), age: 0 }] });
  for (let length = 0; length < whole.length; length++) expect(decodeFeed(whole.subarray(0, length))).toBeUndefined();
  const newer = Buffer.from(Buffer.from(whole).toString("latin1").replace('"v":1', '"v":2'), "latin1");
  expect(decodeFeed(newer)).toBeUndefined();
  const wider = JSON.stringify({ v: 1, number: 3, streams: 0, users: [], servers: [{ id: 1, task: 0, states: 0, mood: "new" }], more: 1 });
  const size = Buffer.alloc(4);
  size.writeUInt32BE(wider.length);
  expect(decodeFeed(Buffer.concat([size, Buffer.from(wider)]))?.servers).toHaveLength(1);
});

function held(session: number): Holding {
  return { taskSession: session, isOnline: session % 2 === 0, stateSession: session, isReporting: session % 3 === 0 };
}

/** What happens at a replica: a server's holding changes, a beat, or a beat that is followed by a snapshot for the other. */
const events = fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant("beat" as const), fc.constant("snapshot" as const)), {
  maxLength: 40,
});

test("in whichever order the messages come, doubled or lost, a snapshot makes the picture whole", () => {
  fc.assert(
    fc.property(events, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 80, maxLength: 80 }), (happened, dice) => {
      const servers = new Map([1, 2, 3, 4].map((id) => [id, new LiveServer(testServer({ id }))]));
      const clock = { now: () => 0, monotonic: () => 0 };
      const own = createOwnFeed({ clock, server: (id) => servers.get(id), streams: () => NOTHING, isElsewhere: () => false });
      const log = createPeerLog();
      const sent: { readonly isSnapshot: boolean; readonly message: FeedMessage; readonly at: number }[] = [];
      let session = 0;
      let roll = 0;
      /** Each message is late by as much as the dice say; some are lost, some come twice. */
      const send = (isSnapshot: boolean, message: FeedMessage): void => {
        const luck = dice[roll++ % dice.length] ?? 0;
        const times = luck < 0.2 ? 0 : luck > 0.8 ? 2 : 1;
        for (let time = 0; time < times; time++) sent.push({ isSnapshot, message, at: sent.length + luck * 10 + time * 3 });
      };
      for (const event of happened) {
        if (typeof event === "number") own.hold(event, held(++session));
        else for (const message of own.next()) send(false, message);
        if (event === "snapshot") send(true, own.snapshot());
      }
      for (const { isSnapshot, message } of sent.toSorted((a, b) => a.at - b.at)) {
        if (isSnapshot) log.takeSnapshot(message);
        else log.take(message);
      }
      // Whatever was shuffled: the next message tells whether anything is missing, and a snapshot that follows it fills it.
      for (const message of own.next()) if (log.take(message) === "gap") log.takeSnapshot(own.snapshot());
      expect([...log.holdings].toSorted(([a], [b]) => a - b)).toEqual(
        [1, 2, 3, 4].flatMap((id) => (own.holding(id).taskSession === 0 ? [] : [[id, own.holding(id)]])),
      );
    }),
    { numRuns: 500 },
  );
});
