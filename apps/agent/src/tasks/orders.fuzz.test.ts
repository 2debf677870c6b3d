import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatFileRequest, TASK } from "@windfire/protocol";
import { systemClock } from "@windfire/kit";
import { createFakeClock } from "@windfire/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createLiveConfig, DEFAULT_CONFIG } from "../config/index.ts";
import { MONITOR_ONLY } from "../gate/index.ts";
import type { Permit, Right } from "../gate/index.ts";
import { createTaskKinds } from "../kinds.ts";
import { createLog } from "../log.ts";
import { startFakeDashboard } from "../testing/fake-dashboard.ts";
import { createTestAgent } from "../testing/test-agent.ts";

const STREAM_ID = "8db59ce5-ec2b-aafd-1455-1dd70e7b0f1c";
/** These would run what chance says as a program. */
const PROGRAMS = new Set<number>([TASK.command, TASK.terminal, TASK.mcpExec]);

const value = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer(), { maxLength: 2 }),
);
const member = fc.constantFrom(
  "StreamID",
  "stream_id",
  "Host",
  "path",
  "op",
  "size",
  "content",
  "encoding",
  "mode",
  "recursive",
  "offset",
  "server",
  "report_delay",
);
const data = fc.oneof(
  fc.string({ maxLength: 40, unit: "binary" }),
  fc.dictionary(member, value, { maxKeys: 5 }).map((one) => JSON.stringify(one)),
  fc
    .constantFrom("upload", "download")
    .map((op) => JSON.stringify({ stream_id: STREAM_ID, StreamID: STREAM_ID, op, path: "/x", Host: "127.0.0.1:1", size: 3 })),
);
const type = fc.integer({ min: 0, max: 25 }).filter((number) => !PROGRAMS.has(number));
const bytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 30 }),
  fc.constant(formatFileRequest({ kind: "upload", path: "/no/such/folder/file", size: 20 })),
);

test("a thousand random orders and streams of random bytes end nothing but themselves", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agent-fuzz-"));
  const dashboard = await startFakeDashboard();
  const log = createLog({ write: () => undefined, now: () => 0, isDebug: () => false });
  const live = createLiveConfig({
    // Its time stands still: no change is ever committed.
    clock: createFakeClock(),
    initial: DEFAULT_CONFIG,
    save: () => expect.unreachable(),
    onCommit: () => expect.unreachable(),
    onSaveFailure: () => expect.unreachable(),
  });
  const permits = new Map<Right, Permit>([
    ...MONITOR_ONLY,
    ["files", { only: [folder] }],
    ["nat", { only: ["127.0.0.1:1"] }],
    ["config", {}],
    ["update", {}],
  ]);
  const agent = createTestAgent({
    server: dashboard.address,
    hostRights: { kind: "own", permits },
    configPath: join(folder, "config.yml"),
    kinds: createTaskKinds({ clock: systemClock, live, environment: {}, log, update: () => Promise.resolve() }),
  });
  agent.link.start();
  await dashboard.next("State");
  let id = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ type, data }), { minLength: 10, maxLength: 10 }),
      fc.array(bytes, { maxLength: 10 }),
      async (orders, stream) => {
        for (const order of orders) dashboard.send({ id: ++id, ...order });
        for (const message of stream) dashboard.relay(message);
        const last = ++id;
        dashboard.send({ id: last, type: TASK.keepalive });
        await dashboard.next("TaskResult", ({ message }) => message.id === last);
      },
    ),
    { numRuns: 100 },
  );
  expect(id).toBeGreaterThanOrEqual(1000);
  expect(dashboard.heard.filter((one) => one.kind === "disconnect")).toEqual([]);
  await agent.stop();
  await dashboard.close();
  rmSync(folder, { recursive: true });
}, 60_000);
