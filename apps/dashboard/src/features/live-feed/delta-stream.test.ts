import { createPlainDeltaReader } from "@windfire/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LiveServer } from "#features/servers";
import { hostWith, stateWith, testSettings } from "#features/servers/testing";
import type { Caller } from "#kernel";
import { createDeltaStream } from "./delta-stream.ts";
import type { SharedFrame } from "./frame.ts";
import { createShownServers } from "./shown-server.ts";
import { frameText } from "./viewer-class.ts";

const OWNER = 2;
const CALLERS: readonly Caller[] = [
  { kind: "guest" },
  { kind: "session", user: { id: OWNER, username: "alice", role: 1 }, sessionKey: "", via: "cookie" },
];

/** Servers that change as they are told to, and the conditions that are said of them. */
function createFleet() {
  let servers: LiveServer[] = [];
  const conditions = new Map<number, readonly string[]>();
  const streams = new Map<number, number>();
  let reports = 0;
  const settingsOf = (id: number) => ({ ...testSettings, id, ownerId: id % 2 === 0 ? OWNER : 3, name: `s${id}` });
  const at = (place: number): LiveServer | undefined => servers[place % Math.max(1, servers.length)];
  const add = (id: number): void => {
    if (!servers.some((server) => server.id === id)) servers.push(new LiveServer(settingsOf(id)));
  };
  const acts: Record<string, (server: LiveServer, value: number) => void> = {
    remove: (server) => void (servers = servers.filter((other) => other !== server)),
    hide: (server, value) => server.replaceSettings({ ...server.settings, hideForGuest: value % 2 === 0 }),
    rename: (server, value) => server.replaceSettings({ ...server.settings, name: value % 3 === 0 ? "" : `name "${value}"` }),
    note: (server, value) => server.replaceSettings({ ...server.settings, publicNote: value % 2 === 0 ? "" : `note ${value}` }),
    place: (server, value) => server.replaceSettings({ ...server.settings, displayIndex: value % 3 }),
    shuffle: (_server, value) => void (servers = [...servers.slice(value % servers.length), ...servers.slice(0, value % servers.length)]),
    host: (server, value) => server.applyHost(hostWith({ platform: value % 2 === 0 ? "" : "debian", memTotal: value }), "updated"),
    country: (server, value) => server.applyAddress({ ipv4: "", ipv6: "", countryCode: value % 2 === 0 ? "" : "jp" }),
    condition: (server, value) => void conditions.set(server.id, CONDITIONS[value % CONDITIONS.length] ?? []),
    leave: (server) => server.closeStream(streams.get(server.id) ?? 0),
    report(server, value) {
      const stream = server.openStream();
      streams.set(server.id, stream);
      const big = 2n ** 60n + BigInt(value);
      server.applyState(
        stream,
        stateWith({ cpu: value % 5, memUsed: value % 2 === 0 ? 0 : big, gpu: value % 3 === 0 ? [value] : [] }),
        ++reports,
      );
    },
  };
  const condition = (server: LiveServer) => conditions.get(server.id) ?? ['"condition":"waiting"'];
  return {
    add,
    act: (name: string, place: number, value: number) => {
      const server = at(place);
      if (server) acts[name]?.(server, value);
    },
    names: Object.keys(acts),
    servers: () => servers,
    condition,
  };
}

const CONDITIONS = [
  ['"condition":"up"'],
  ['"condition":"warn"', '"over":{"cpu":"warn"}'],
  ['"condition":"offline"', '"last_seen":"2026-01-01T00:00:00Z"'],
];

/** Texts of the messages in what goes over the wire (RFC 6455 section 5.2). */
function textsOf({ plain }: SharedFrame): string[] {
  const texts: string[] = [];
  for (let at = 0; at < plain.length;) {
    const short = plain[at + 1] ?? 0;
    const [head, length] =
      short < 126 ? [2, short] : short === 126 ? [4, plain.readUInt16BE(at + 2)] : [10, Number(plain.readBigUInt64BE(at + 2))];
    texts.push(plain.toString("utf8", at + head, at + head + length));
    at += head + length;
  }
  return texts;
}

const step = fc.record({
  add: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
  acts: fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 5 }), fc.nat({ max: 9 })), { maxLength: 6 }),
  /** Whether each of the viewers reads at this beat. */
  reads: fc.tuple(fc.boolean(), fc.boolean()),
});

test.each(CALLERS)(
  "a snapshot and the deltas after it are the whole frame, whatever changed and whoever reads when: %j",
  async (caller) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const fleet = createFleet();
        const shownTo = createShownServers(fleet.condition);
        const look = (now: number) => ({ servers: shownTo(caller, fleet.servers()), now, online: 1 });
        const stream = createDeltaStream("a", look(0));
        const readers = [createPlainDeltaReader(), createPlainDeltaReader()];
        for (const [beat, { add, acts, reads }] of steps.entries()) {
          for (const id of add) fleet.add(id);
          for (const [name, place, value] of acts) fleet.act(fleet.names[name % fleet.names.length] ?? "", place, value);
          stream.step(look(beat * 2000));
          const whole = JSON.parse(frameText(caller, fleet.servers(), { first: true, online: 1, now: 0, condition: fleet.condition })) as {
            servers?: unknown[];
          };
          for (const reader of readers.filter((_, index) => reads[index])) {
            const frame = await stream.frameAfter(reader.seq());
            for (const text of frame ? textsOf(frame) : []) reader.read(text);
            expect(reader.servers()).toEqual(whole.servers ?? []);
          }
        }
      }),
      { numRuns: 150 },
    );
  },
);

describe("what a viewer gets", () => {
  function open() {
    const fleet = createFleet();
    fleet.add(1);
    fleet.add(2);
    const shownTo = createShownServers(fleet.condition);
    const look = () => ({ servers: shownTo({ kind: "guest" }, fleet.servers()), now: 5_500, online: 0 });
    const stream = createDeltaStream("a", look());
    const after = async (seq: number | undefined) => {
      const frame = await stream.frameAfter(seq);
      return frame && textsOf(frame).map((text) => JSON.parse(text) as Record<string, unknown>);
    };
    return { fleet, stream, after, beat: () => stream.step(look()) };
  }

  test("a beat without a change says so, and nothing of any server", async () => {
    const { after, beat } = open();
    beat();
    expect(await after(1)).toEqual([{ now: 5000, seq: 2 }]);
    expect(await after(2)).toBeUndefined();
  });

  test("only what changed is said, and what is no more", async () => {
    const { fleet, after, beat } = open();
    fleet.act("report", 0, 1);
    beat();
    fleet.act("report", 0, 2);
    fleet.act("rename", 1, 0);
    beat();
    expect(await after(2)).toEqual([
      {
        now: 5000,
        seq: 3,
        changed: [
          { id: 1, last_active: "1970-01-01T00:00:00.002Z", state: { cpu: 2, mem_used: null } },
          { id: 2, name: null },
        ],
      },
    ]);
  });

  test("deltas are kept for a short while; who is further behind, ahead or from elsewhere gets a snapshot", async () => {
    const { stream, after, beat } = open();
    for (let count = 0; count < 6; count++) beat();
    expect((await after(3))?.map(({ seq }) => seq)).toEqual([4, 5, 6, 7]);
    for (const elsewhere of [2, 99, undefined, Number.NaN]) {
      expect(await after(elsewhere)).toEqual([JSON.parse(stream.snapshot())]);
      expect(await after(elsewhere)).toMatchObject([{ seq: 7, stream: "a", servers: [{ id: 1 }, { id: 2 }] }]);
    }
    expect([stream.numberIn("a.7"), stream.numberIn("b.7"), stream.numberIn("")]).toEqual([7, undefined, undefined]);
  });

  test("however many viewers take it, a frame is packed once", async () => {
    const { stream, beat } = open();
    beat();
    expect(stream.frameAfter(1)).toBe(stream.frameAfter(1));
    expect(stream.frameAfter(undefined)).toBe(stream.frameAfter(77));
  });
});
