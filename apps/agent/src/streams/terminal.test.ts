import { existsSync } from "node:fs";
import { formatStreamOrder, formatTerminalInput, formatTerminalResize, parseHandshake, TASK } from "@windfire/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findProgram, startShell } from "../system/start-shell.ts";
import { startFakeDashboard } from "../testing/fake-dashboard.ts";
import type { FakeDashboard } from "../testing/fake-dashboard.ts";
import { createTestAgent } from "../testing/test-agent.ts";
import type { TestAgent } from "../testing/test-agent.ts";
import { createTerminal } from "./terminal.ts";
import type { Pty, PtyEnd, StartShell } from "./terminal.ts";

const STREAM_ID = "8db59ce5-ec2b-aafd-1455-1dd70e7b0f1c";

let dashboard: FakeDashboard;
let agent: TestAgent | undefined;

beforeEach(async () => {
  dashboard = await startFakeDashboard();
});
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
  await dashboard.close();
});

async function open(start: StartShell): Promise<void> {
  agent = createTestAgent({ server: dashboard.address, kinds: new Map([[TASK.terminal, createTerminal(start)]]) });
  agent.link.start();
  await dashboard.next("State");
  dashboard.send({ type: TASK.terminal, data: formatStreamOrder({ streamId: STREAM_ID }) });
  expect(parseHandshake(await frame())).toBe(STREAM_ID);
}

/** The next frame that is not empty. */
async function frame(): Promise<Buffer> {
  const { message } = await dashboard.next("IOStreamData", (one) => one.message.data.length > 0);
  return Buffer.from(message.data);
}

/** Output until it holds a text. */
async function output(text: string | RegExp): Promise<string> {
  let seen = "";
  while (!(typeof text === "string" ? seen.includes(text) : text.test(seen))) seen += (await frame()).toString();
  return seen;
}

const expectEnd = () => dashboard.next("half-close", ({ method }) => method === "IOStream");

describe.runIf(process.platform === "linux")("a real shell", () => {
  beforeEach(() => open(startShell));

  test("echoes, is resized, knows its terminal, and tells its exit code", async () => {
    dashboard.relay(formatTerminalResize(120, 40));
    dashboard.relay(formatTerminalInput("stty size; echo $TERM-$COLORTERM-$TERM_PROGRAM\r"));
    await output(/40 120\r\n[\s\S]*xterm-256color-truecolor-Nezha\r\n/);
    dashboard.relay(formatTerminalInput("exit 7\r"));
    await output("The shell ended with exit code 7.");
    await expectEnd();
  });

  test("bytes that are no UTF-8 pass as they are, in frames of at most 32 KiB", async () => {
    dashboard.relay(formatTerminalInput("stty -echo; printf '\\377\\376'; head -c 200000 /dev/zero | tr '\\0' z; echo END\r"));
    let seen = Buffer.alloc(0);
    while (!seen.includes("zEND")) {
      const bytes = await frame();
      expect(bytes.length).toBeLessThanOrEqual(32 * 1024);
      seen = Buffer.concat([seen, bytes]);
    }
    const start = seen.indexOf(Buffer.from([0xff, 0xfe, 0x7a]));
    expect(start).toBeGreaterThan(0);
    expect(seen.subarray(start + 2, start + 200_002).every((byte) => byte === 0x7a)).toBe(true);
  });

  test("frames without a meaning are passed over", async () => {
    for (const bytes of [[1], [1, 0x7b], [9, 1, 2], [0]]) dashboard.relay(Uint8Array.from(bytes));
    dashboard.relay(Buffer.from('\u0001{"Cols":1,"Rows":40}'));
    dashboard.relay(Buffer.from('\u0001{"Cols":1001,"Rows":501}'));
    dashboard.relay(formatTerminalInput("stty size\r"));
    expect(await output("24 80\r\n")).not.toContain("40");
  });

  test("whoever leaves takes the shell and its children along", async () => {
    dashboard.relay(formatTerminalInput("sleep 600 & echo pids:$$:$!:\r"));
    const [, shell = "", child = ""] = /pids:(\d+):(\d+):/.exec(await output(/pids:\d+:\d+:/)) ?? [];
    expect(existsSync(`/proc/${shell}`) && existsSync(`/proc/${child}`)).toBe(true);
    dashboard.endRelay();
    await expect.poll(() => existsSync(`/proc/${shell}`)).toBe(false);
  });
});

test("where there is none it says why, and ends", async () => {
  await open(() => Promise.reject(new Error("This agent offers no terminal.")));
  expect((await frame()).toString()).toBe("\r\nThis agent offers no terminal.\r\n");
  await expectEnd();
});

test("a program that reads nothing is ended before what waits for it fills the memory", async () => {
  const end = Promise.withResolvers<PtyEnd>();
  let waiting = 0;
  const deaf: Pty = {
    onOutput: () => undefined,
    ended: end.promise,
    write: (bytes) => (waiting += bytes.length),
    resize: () => undefined,
    waiting: () => waiting,
    kill: () => end.resolve({ exitCode: 0, signal: 9 }),
  };
  await open(() => Promise.resolve(deaf));
  for (let sent = 0; sent < 20; sent++) dashboard.relay(formatTerminalInput("x".repeat(100_000)));
  await output("The shell was ended by signal 9.");
  expect(waiting).toBeLessThanOrEqual(1024 * 1024);
  await expectEnd();
});

test("shells are taken in their order, not in that of the folders", () => {
  expect(findProgram(["no-such-shell", "sh"], "/no/such/folder::/bin:/usr/bin")).toBe("/bin/sh");
  expect(findProgram(["sh"], "")).toBeUndefined();
});
