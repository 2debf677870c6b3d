import { createServer as createHttpServer } from "node:http";
import type { Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { Server as TcpServer } from "node:net";
import { createFakeClock } from "@windfire/testkit";
import { TASK } from "@windfire/protocol";
import type { Task, TaskResult } from "@windfire/protocol";
import { afterEach, describe, expect, test } from "vitest";
import { DEFAULT_CONFIG } from "../config/index.ts";
import { createFileGuard, createGate } from "../gate/index.ts";
import { createLog } from "../log.ts";
import { agentClock } from "../system/clock.ts";
import { connect } from "../system/connect.ts";
import { createGet } from "../system/get.ts";
import { runProgram } from "../system/run-program.ts";
import { runShell } from "../system/run-shell.ts";
import { createCommand, createRunningCommands, createStopCommand } from "./command.ts";
import type { RunShell } from "./command.ts";
import { createHttpGet, outcomeOf, PROBE_HEADERS } from "./http-get.ts";
import { createIcmpPing, parseReplies, pingCommand } from "./icmp-ping.ts";
import { createTaskRunner } from "./runner.ts";
import type { RunTask, TaskOutcome } from "./task-kind.ts";
import { createTcpPing, parseTarget } from "./tcp-ping.ts";
import { createTurns } from "./turns.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const context = {
  config: DEFAULT_CONFIG,
  signal: new AbortController().signal,
  session: new AbortController().signal,
  openIo: () => expect.unreachable(),
  noteRefusal: () => expect.unreachable(),
  only: undefined,
  guard: createFileGuard("/no/such/config.yml", undefined),
};
const run = async (kind: RunTask, data: string, signal = context.signal): Promise<TaskOutcome | undefined> =>
  kind({ id: 1, type: 0, data }, { ...context, signal });
const noLookUp = (host: string): Promise<string> => Promise.reject(new Error(`lookup ${host}: no such host`));

async function portOf(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await portOf(server);
  await new Promise((resolve) => server.close(resolve));
  closers.pop();
  return port;
}

describe("command", () => {
  const command = createCommand(runShell, agentClock);

  test.each<[string, string, boolean]>([
    ["echo out; echo err >&2", "out\n", true],
    ["echo partial; exit 3", "partial\n\nexit status 3", false],
    ["kill -9 $$", "\nsignal: killed", false],
    ["kill -15 $$", "\nsignal: terminated", false],
    ["printf 'caf\\303\\251\\n'", "café\n", true],
    ["printf 'bad \\377 byte'", "bad \uFFFD byte", true],
    ["cat", "", true],
  ])("%s", async (line, data, successful) => {
    const outcome = await run(command, line);
    expect(outcome).toMatchObject(successful ? { data, successful } : { data });
    expect(outcome?.successful ?? false).toBe(successful);
    expect(outcome?.delay).toBeGreaterThan(0);
    expect(outcome?.delay).toBeLessThan(5);
  });

  test("children left in the background are ended with it", async () => {
    const outcome = await run(command, "sleep 300 & echo $!");
    const pid = Number(outcome?.data);
    expect(pid).toBeGreaterThan(0);
    // A zombie that nobody has waited for yet runs no more; a process takes a moment to die.
    const look = async (): Promise<string> =>
      (await runShell(`cut -d' ' -f3 /proc/${pid}/stat`, { timeoutMs: 5000, signal: context.signal })).output.trim();
    let state = await look();
    for (let looks = 0; !["", "Z", "X"].includes(state) && looks < 100; looks++) state = await look();
    expect(["", "Z", "X"]).toContain(state);
  });

  test("output past two megabytes is cut", async () => {
    const outcome = await run(command, "head -c 3000000 /dev/zero | tr '\\0' 'x'");
    expect(outcome).toMatchObject({ successful: true });
    expect(outcome?.data).toHaveLength(2 * 1024 * 1024);
  });

  test("a time limit ends the command and says so", async () => {
    const end = await runShell("echo begun; sleep 300", { timeoutMs: 200, signal: context.signal });
    expect(end).toEqual({ output: "begun\n", failure: "signal: killed", timedOut: true });
    const late = createCommand(() => Promise.resolve(end), createFakeClock());
    expect(await run(late, "x")).toEqual({ delay: 0, data: "任务执行超时\nbegun\n\nsignal: killed" });
  });

  test("the commands of one task are ended, and say so; others go on", async () => {
    const running = createRunningCommands();
    const untilKilled: RunShell = (output, { signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve({ output, failure: "signal: killed", timedOut: false })));
    const [begin, stop] = [createCommand(untilKilled, agentClock, running), createStopCommand(running)];
    const over: string[] = [];
    const started = async (id: number, data: string): Promise<void> => {
      const outcome = await begin({ id, type: TASK.command, data }, context);
      over.push(outcome?.data ?? "");
    };
    const all = [started(7, "one"), started(8, "other"), started(7, "two")];
    expect(stop({ id: 7, type: TASK.stopCommand, data: "" }, context)).toBeUndefined();
    await Promise.all([all[0], all[2]]);
    expect(over).toEqual(["one\nsignal: killed", "two\nsignal: killed"]);
    void stop({ id: 8, type: TASK.stopCommand, data: "" }, context);
    await Promise.all(all);
    expect(over).toHaveLength(3);
  });

  test("a stopping agent ends its commands", async () => {
    const stop = new AbortController();
    const outcome = run(command, "sleep 300", stop.signal);
    setImmediate(() => stop.abort());
    expect((await outcome)?.data).toBe("\nsignal: killed");
  });
});

const inTurn = createTurns(createFakeClock());

test("probes that are due at once are measured one after the other", async () => {
  let open = 0;
  let most = 0;
  const port = await portOf(
    createHttpServer((_, response) => {
      most = Math.max(most, ++open);
      setImmediate(() => response.end(() => open--));
    }),
  );
  const get = createHttpGet(createGet(noLookUp, inTurn));
  const ping = createTcpPing({ clock: agentClock, lookUp: noLookUp, connect, inTurn });
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? run(ping, `127.0.0.1:${port}`) : run(get, `http://127.0.0.1:${port}/`))),
  );
  expect(outcomes.filter((outcome) => outcome?.successful)).toHaveLength(30);
  expect(most).toBe(1);
});

describe("TCP ping", () => {
  const ping = createTcpPing({ clock: agentClock, lookUp: noLookUp, connect, inTurn });

  test.each<[string, unknown]>([
    ["127.0.0.1:80", { host: "127.0.0.1", port: 80 }],
    ["[::1]:8008", { host: "::1", port: 8008 }],
    ["example.com:65535", { host: "example.com", port: 65_535 }],
    ["127.0.0.1", "address 127.0.0.1: missing port in address"],
    ["::1:80", "address ::1:80: too many colons in address"],
    ["a:65536", "address 65536: invalid port"],
    ["a:http", "address http: invalid port"],
    [":80", "address :80: missing host"],
    ["", "address : missing port in address"],
  ])("target %s", (text, target) => {
    expect(parseTarget(text)).toEqual(target);
  });

  test("an open port", async () => {
    const outcome = await run(ping, `127.0.0.1:${await portOf(createTcpServer())}`);
    expect(outcome?.successful).toBe(true);
    expect(outcome?.delay).toBeGreaterThan(0);
  });

  test("a closed port", async () => {
    const target = `127.0.0.1:${await closedPort()}`;
    expect(await run(ping, target)).toEqual({ data: `dial tcp ${target}: connect: connection refused` });
  });

  test("a name that is unknown, and one that can be none", async () => {
    expect(await run(ping, "no-such-host.invalid:80")).toEqual({ data: "lookup no-such-host.invalid: no such host" });
    expect(await run(ping, "a b:80")).toEqual({ data: "无法解析 a b" });
  });

  test("a connection that hangs is given up after 10 s", async () => {
    const clock = createFakeClock();
    const hanging = createTcpPing({
      clock,
      lookUp: noLookUp,
      inTurn,
      connect: (_, __, signal) => new Promise((___, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))),
    });
    const outcome = run(hanging, "192.0.2.1:80");
    await clock.advanceAsync(10_000);
    expect(await outcome).toEqual({ data: "dial tcp 192.0.2.1:80: i/o timeout" });
  });
});

describe("ICMP ping", () => {
  const LINUX = `PING 127.0.0.1 (127.0.0.1) 24(52) bytes of data.
32 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.049 ms
32 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=0.051 ms

--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 1001ms
rtt min/avg/max/mdev = 0.049/0.050/0.051/0.001 ms
`;
  const BUSYBOX =
    "PING ::1 (::1): 24 data bytes\n32 bytes from ::1: seq=0 ttl=64 time=0.061 ms\n\n--- ::1 ping statistics ---\nround-trip min/avg/max = 0.061/0.061/0.061 ms\n";
  const MACOS =
    "PING 1.1.1.1 (1.1.1.1): 24 data bytes\n32 bytes from 1.1.1.1: icmp_seq=0 ttl=57 time=4.234 ms\nround-trip min/avg/max/stddev = 4.2/4.2/4.2/0.0 ms\n";
  const WINDOWS =
    "Pinging 127.0.0.1 with 24 bytes of data:\r\nReply from 127.0.0.1: bytes=24 time<1ms TTL=128\r\nReply from 127.0.0.1: bytes=24 time=3ms TTL=128\r\n\r\n    Minimum = 0ms, Maximum = 3ms, Average = 2ms\r\n";
  const GERMAN = "Antwort von 127.0.0.1: Bytes=24 Zeit=7ms TTL=128\r\n    Minimum = 7ms, Maximum = 7ms, Mittelwert = 7ms\r\n";
  const LOST =
    "PING 192.0.2.1 (192.0.2.1) 24(52) bytes of data.\n\n--- 192.0.2.1 ping statistics ---\n5 packets transmitted, 0 received, 100% packet loss, time 4090ms\n";

  test.each<[string, number[]]>([
    [LINUX, [0.049, 0.051]],
    [BUSYBOX, [0.061]],
    [MACOS, [4.234]],
    [WINDOWS, [1, 3]],
    [GERMAN, [7]],
    [LOST, []],
    ["", []],
  ])("replies in %j", (output, replies) => {
    expect(parseReplies(output)).toEqual(replies);
  });

  test.each<[NodeJS.Platform, string, string[]]>([
    ["linux", "::1", ["ping", "-n", "-c", "5", "-s", "24", "-w", "20", "::1"]],
    ["darwin", "1.1.1.1", ["ping", "-n", "-c", "5", "-s", "24", "-t", "20", "1.1.1.1"]],
    ["darwin", "::1", ["ping6", "-n", "-c", "5", "-s", "24", "::1"]],
    ["win32", "1.1.1.1", ["ping", "-n", "5", "-l", "24", "-w", "4000", "1.1.1.1"]],
  ])("on %s to %s", (platform, address, command) => {
    expect(pingCommand(platform, address)).toEqual(command);
  });

  test("the mean of the replies", async () => {
    const ping = createIcmpPing({ platform: "linux", lookUp: noLookUp, run: () => Promise.resolve(LINUX) });
    const outcome = await run(ping, "127.0.0.1");
    expect(outcome?.successful).toBe(true);
    expect(outcome?.delay).toBeCloseTo(0.05);
  });

  test.each<[string, string]>([
    ["-f", "无法解析 -f"],
    ["--help", "无法解析 --help"],
    ["127.0.0.1 -f", "无法解析 127.0.0.1 -f"],
    ["a;reboot", "无法解析 a;reboot"],
    ["", "无法解析 "],
    ["no-such-host.invalid", "lookup no-such-host.invalid: no such host"],
  ])("%j starts nothing", async (data, text) => {
    const ping = createIcmpPing({ platform: "linux", lookUp: noLookUp, run: () => expect.unreachable() });
    expect(await run(ping, data)).toEqual({ data: text });
  });

  test("no replies, and no program", async () => {
    const silent = createIcmpPing({ platform: "linux", lookUp: noLookUp, run: () => Promise.resolve(LOST) });
    expect(await run(silent, "192.0.2.1")).toEqual({ data: "pockets recv 0" });
    const missing = createIcmpPing({
      platform: "linux",
      lookUp: noLookUp,
      run: (_, args, limit) => runProgram("no-such-program-at-all", args, limit),
    });
    expect((await run(missing, "192.0.2.1"))?.data).toContain("this host has no ping program");
    const forbidden = createIcmpPing({
      platform: "linux",
      lookUp: noLookUp,
      run: (_, __, limit) => runProgram("sh", ["-c", "echo 'ping: socket: Operation not permitted' >&2; exit 2"], limit),
    });
    expect(await run(forbidden, "192.0.2.1")).toEqual({ data: "ping: socket: Operation not permitted" });
  });
});

describe("HTTP GET", () => {
  const get = createHttpGet(createGet(noLookUp, inTurn));

  test("a page, with exactly these headers", async () => {
    const headers: Record<string, unknown>[] = [];
    const port = await portOf(
      createHttpServer((request, response) => {
        headers.push(request.headers);
        response.end("x".repeat(100_000));
      }),
    );
    const outcome = await run(get, `http://127.0.0.1:${port}/`);
    expect(outcome).toMatchObject({ successful: true, data: "" });
    expect(outcome?.delay).toBeGreaterThan(0);
    expect(headers[0]).toMatchObject({
      accept: PROBE_HEADERS.Accept,
      "accept-language": "en,zh-CN;q=0.9,zh;q=0.8",
      "user-agent": "nezha-agent/1.0",
    });
  });

  test.each<[number, boolean, string]>([
    [204, true, ""],
    [302, true, ""],
    [404, false, "\n应用错误: 404 Not Found"],
    [500, false, "\n应用错误: 500 Internal Server Error"],
  ])("status %i", async (status, successful, data) => {
    const port = await portOf(createHttpServer((_, response) => response.writeHead(status, { location: "/elsewhere" }).end()));
    const outcome = await run(get, `http://127.0.0.1:${port}/`);
    expect(outcome?.successful ?? false).toBe(successful);
    expect(outcome?.data).toBe(data);
    expect(outcome?.delay).toBeGreaterThan(0);
  });

  test("over TLS the certificate's issuer and end are told", () => {
    const certificate = { issuer: "R11", notAfter: new Date("2026-05-01T10:11:12Z") };
    expect(outcomeOf({ status: 200, reason: "OK", milliseconds: 12.345_678, certificate })).toEqual({
      delay: 12.346,
      successful: true,
      data: "R11|2026-05-01 10:11:12 +0000 UTC",
    });
  });

  test.each(["ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1", "", "javascript:alert(1)"])("%j is refused", async (data) => {
    expect(await run(get, data)).toEqual({ data: "invalid URL: only http and https schemes are supported" });
  });

  test("nobody there", async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    const outcome = await run(get, url);
    expect(outcome?.data).toMatch(/^Get "http:\/\/127\.0\.0\.1:\d+\/": .*ECONNREFUSED/);
    expect(outcome).not.toHaveProperty("delay");
  });
});

describe("the runner", () => {
  function runner(kinds: ReadonlyMap<number, RunTask>, config = DEFAULT_CONFIG) {
    const lines: string[] = [];
    const results: TaskResult[] = [];
    const refused: string[] = [];
    const clock = createFakeClock();
    const tasks = createTaskRunner({
      clock,
      kinds,
      gate: createGate({ clock, hostRights: () => ({ kind: "official" }) }),
      guard: () => context.guard,
      signal: context.signal,
      refuseStream: (_, text) => refused.push(text),
      log: createLog({ write: (line) => lines.push(line), now: () => 0, isDebug: () => true }),
    });
    const give = (task: Partial<Task>): void =>
      tasks.run(
        { id: 9, type: 4, data: "", ...task },
        { config: () => config, signal: context.session, openIo: context.openIo, sendResult: (result) => results.push(result) },
      );
    return { lines, results, refused, give };
  }

  test("a result echoes id and type, and keeps the order of tasks that answer at once", () => {
    const { give, results } = runner(new Map([[4, ({ data }) => ({ data })]]));
    give({ id: 2 ** 32 + 1, data: "a" });
    give({ id: 2, data: "b" });
    expect(results).toEqual([
      { id: 2 ** 32 + 1, type: 4, delay: 0, data: "a", successful: false },
      { id: 2, type: 4, delay: 0, data: "b", successful: false },
    ]);
  });

  test("a task that breaks gives no result and no harm", async () => {
    const { give, results, lines } = runner(
      new Map<number, RunTask>([
        [4, () => Promise.reject(new Error("broke"))],
        [1, () => expect.fail("broke too")],
        [7, () => ({})],
      ]),
    );
    give({ type: 4 });
    give({ type: 1 });
    give({ type: 7 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(results).toHaveLength(1);
    expect(lines.join("")).toMatch(/type 1 failed: broke too[\s\S]*type 4 failed: broke/);
  });

  test("what the host does not permit is not started", () => {
    const config = { ...DEFAULT_CONFIG, disable_command_execute: true };
    const kinds = new Map<number, RunTask>([4, 8, 20].map((type) => [type, () => expect.unreachable()]));
    const { give, results, refused } = runner(kinds, config);
    give({ type: 4 });
    give({ type: 8 });
    give({ type: 20 });
    expect(results.map(({ data }) => data)).toEqual(["此 Agent 已禁止命令执行"]);
    expect(refused).toEqual(["FsTransfer 被 agent DisableCommandExecute 拒绝"]);
  });

  test("too long a result is cut below the limit of a message, at a whole character", () => {
    const { give, results } = runner(new Map([[4, () => ({ data: "é".repeat(2 * 1024 * 1024) })]]));
    give({});
    const bytes = Buffer.byteLength(results[0]?.data ?? "");
    expect(bytes).toBeLessThanOrEqual(3 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(3 * 1024 * 1024 - 4);
    expect(results[0]?.data.endsWith("é")).toBe(true);
  });

  test("no more than so many tasks run at once", () => {
    const { give, results } = runner(new Map([[4, () => new Promise<TaskOutcome>(() => undefined)]]));
    for (let count = 0; count < 513; count++) give({ id: count });
    expect(results).toEqual([{ id: 512, type: 4, delay: 0, data: "too many tasks are running", successful: false }]);
  });

  test("no task data is logged", async () => {
    const { give, lines } = runner(new Map([[4, () => Promise.reject(new Error("x"))]]), { ...DEFAULT_CONFIG, disable_send_query: true });
    give({ type: 4, data: "secret words" });
    give({ type: 99, data: "secret words" });
    give({ type: 1, data: "secret words" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join("")).not.toContain("secret words");
  });
});
