import type { LiveDelta, LiveSnapshot } from "@windfire/api";
import { createPlainDeltaReader } from "@windfire/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createDeltaReader } from "./live-deltas.ts";

const HOST = { platform: "debian" };
const server = (id: number) => ({
  id,
  name: `server-${id}`,
  host: HOST,
  state: { cpu: 1, load_1: 2 },
  last_active: "2026-11-24T10:00:00Z",
});
const snapshot = (seq: number, ids = [1, 2]): LiveSnapshot => ({ now: 1000, online: 3, seq, stream: "ab", servers: ids.map(server) });

test("a frame of a dashboard that knows no deltas is passed on", () => {
  const reader = createDeltaReader();
  const frame = { now: 1, servers: [server(1)] };
  expect(reader.read(frame)).toBe(frame);
  expect(reader.position()).toBe("");
});

test("servers that did not change stay the same objects, and so do the parts of those that did", () => {
  const reader = createDeltaReader();
  const before = reader.read(snapshot(4));
  const after = reader.read({ now: 3000, seq: 5, changed: [{ id: 2, state: { cpu: 9 } }] });
  expect(after?.servers?.[0]).toBe(before?.servers?.[0]);
  expect(after?.servers?.[1]?.host).toBe(HOST);
  expect(after).toEqual({ now: 3000, servers: [server(1), { ...server(2), state: { cpu: 9, load_1: 2 } }] });
  expect(reader.position()).toBe("ab.5");
});

test("a delta that does not follow is not taken in", () => {
  const reader = createDeltaReader();
  expect(reader.read({ now: 1, seq: 5 })).toBeUndefined();
  reader.read(snapshot(4));
  expect(reader.read({ now: 1, seq: 6 })).toBeUndefined();
  expect(reader.position()).toBe("ab.4");
  reader.forget();
  expect(reader.position()).toBe("");
  expect(reader.read({ now: 1, seq: 5 })).toBeUndefined();
});

const id = fc.integer({ min: 1, max: 5 });
const value = fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 3 }));
const change = fc.record(
  {
    id,
    name: fc.oneof(fc.constant(null), fc.string()),
    over: fc.constantFrom(null, {}),
    state: fc.dictionary(fc.constantFrom("cpu", "load_1", "gpu"), value),
  },
  { requiredKeys: ["id"] },
);
const delta = fc.record(
  { now: fc.nat(), changed: fc.uniqueArray(change, { selector: (entry) => entry.id }), ids: fc.uniqueArray(id) },
  { requiredKeys: ["now"] },
);

test("deltas add up as the protocol says", () => {
  fc.assert(
    fc.property(fc.array(delta, { maxLength: 8 }), (deltas) => {
      const [reader, plain] = [createDeltaReader(), createPlainDeltaReader()];
      const known = new Set([1, 2]);
      reader.read(snapshot(0));
      plain.read(JSON.stringify(snapshot(0)));
      for (const [index, { changed = [], ids, ...rest }] of deltas.entries()) {
        // A dashboard speaks of servers that it has shown, or shows now.
        const spoken = changed.filter((entry) => ids?.includes(entry.id) ?? known.has(entry.id));
        const shown = ids?.filter((one) => known.has(one) || spoken.some((entry) => entry.id === one));
        const frame = { ...rest, seq: index + 1, changed: spoken, ...(shown === undefined ? {} : { ids: shown }) } as LiveDelta;
        const read = reader.read(frame);
        plain.read(JSON.stringify(frame));
        expect(read?.servers).toEqual(plain.servers());
        if (shown !== undefined) {
          known.clear();
          for (const one of shown) known.add(one);
        }
      }
    }),
  );
});
