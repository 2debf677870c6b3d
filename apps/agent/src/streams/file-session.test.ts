import { formatFileRequest } from "@windfire/protocol";
import type { FileRequest } from "@windfire/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { IDLE, stepFileSession } from "./file-session.ts";
import type { FileState, FileStep } from "./file-session.ts";

function run(messages: readonly Uint8Array[]): { steps: FileStep[]; state: FileState } {
  let state: FileState = IDLE;
  const steps = messages.map((message) => {
    const taken = stepFileSession(state, message);
    state = taken.next;
    return taken.step;
  });
  return { steps, state };
}

/** Data that would be a request if anybody read it as one. */
const trap = formatFileRequest({ kind: "upload", path: "/etc/passwd", size: 0 });

test("what an upload announces is data, although it looks like requests", () => {
  const upload: FileRequest = { kind: "upload", path: "/no/such/folder/x", size: trap.length * 2 };
  const { steps, state } = run([formatFileRequest(upload), trap, trap, trap]);
  expect(steps).toEqual([
    { kind: "request", request: upload },
    { kind: "data", bytes: trap, last: false },
    { kind: "data", bytes: trap, last: true },
    { kind: "request", request: { kind: "upload", path: "/etc/passwd", size: 0 } },
  ]);
  expect(state).toEqual(IDLE);
});

test("an upload of nothing is followed by the next request", () => {
  expect(run([trap, formatFileRequest({ kind: "list", path: "/" })]).steps.map(({ kind }) => kind)).toEqual(["request", "request"]);
});

test("a size beyond every file is waited for, whatever comes", () => {
  const header = Uint8Array.of(2, 255, 255, 255, 255, 255, 255, 255, 255, 47, 97);
  expect(
    run([header, trap, trap])
      .steps.slice(1)
      .map(({ kind }) => kind),
  ).toEqual(["data", "data"]);
});

const splitData = (bytes: Uint8Array): fc.Arbitrary<Uint8Array[]> =>
  fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 20 }).map((cuts) => {
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const cut of cuts) {
      if (at + cut >= bytes.length) break;
      parts.push(bytes.subarray(at, at + cut));
      at += cut;
    }
    return [...parts, bytes.subarray(at)];
  });
const path = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme-ascii" });
const order: fc.Arbitrary<{ request: FileRequest; data: Uint8Array[] }> = fc.oneof(
  path.map((name) => ({ request: { kind: "list" as const, path: name }, data: [] })),
  path.map((name) => ({ request: { kind: "download" as const, path: name }, data: [] })),
  fc.record({ path, data: fc.uint8Array({ minLength: 1, maxLength: 60 }).chain(splitData) }).map(({ path: name, data }) => ({
    request: { kind: "upload" as const, path: name, size: data.reduce((sum, part) => sum + part.length, 0) },
    data,
  })),
);

test("however data is split, exactly the requests that were made are found", () => {
  fc.assert(
    fc.property(fc.array(order, { maxLength: 12 }), (orders) => {
      const { steps, state } = run(orders.flatMap(({ request, data }) => [formatFileRequest(request), ...data]));
      expect(steps.flatMap((step) => (step.kind === "request" ? [step.request] : []))).toEqual(orders.map(({ request }) => request));
      expect(state).toEqual(IDLE);
    }),
  );
});

test("random frames never throw, and never are requests while data is missing", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 }), (messages) => {
      let state: FileState = IDLE;
      for (const message of messages) {
        const before = state;
        const { next, step } = stepFileSession(state, message);
        expect(step.kind === "data").toBe(before.kind === "receiving");
        state = next;
      }
    }),
  );
});
