import { TASK } from "@windfire/protocol";
import type { State, Task } from "@windfire/protocol";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { createAddressWatch } from "../collect/index.ts";
import type { Addresses, Collector, HostFacts } from "../collect/index.ts";
import { createLiveConfig, DEFAULT_CONFIG } from "../config/index.ts";
import type { AgentConfig, LiveConfig } from "../config/index.ts";
import { announcedRights, createFileGuard, createGate } from "../gate/index.ts";
import type { HostRights } from "../gate/index.ts";
import { createDial, createLink, createReports } from "../link/index.ts";
import type { Link } from "../link/index.ts";
import { createLog } from "../log.ts";
import { createStreamRefusal } from "../streams/index.ts";
import { createApplyConfig, createReportConfig, createServerTransfer, createTaskRunner } from "../tasks/index.ts";
import type { RunTask } from "../tasks/index.ts";
import type { TaskOutcome } from "../tasks/task-kind.ts";

export const TEST_UUID = "3f2b8c1e-5a77-4d0e-9b1c-0d6a2e4f8a90";
export const TEST_SECRET = "GlobalAgentSecretPlaceholder0000";

export const TEST_HOST: HostFacts = {
  platform: "debian",
  platformVersion: "12.5",
  cpu: ["AMD EPYC 7B13 4 Virtual Core"],
  memTotal: 8_589_934_592,
  diskTotal: 85_899_345_920,
  swapTotal: 0,
  arch: "x86_64",
  virtualization: "docker",
  bootTime: 1_795_422_661,
  version: "2.3.3",
  gpu: [],
};

export function testState(uptime: number): State {
  return {
    cpu: 12.5,
    memUsed: 1,
    swapUsed: 0,
    diskUsed: 2,
    netInTransfer: 3,
    netOutTransfer: 4,
    netInSpeed: 5,
    netOutSpeed: 6,
    uptime,
    load1: 0.5,
    load5: 0,
    load15: 0,
    tcpConnCount: 7,
    udpConnCount: 0,
    processCount: 8,
    temperatures: [],
    gpu: [],
    gpus: [],
  };
}

/** An agent whose host and time are the test's, on a real socket. */
export interface TestAgent {
  readonly clock: FakeClock;
  readonly link: Link;
  readonly live: LiveConfig;
  readonly log: readonly string[];
  readonly saved: readonly AgentConfig[];
  /** Samples taken so far. */
  samples(): number;
  addresses: Addresses;
  /** Runs a task that answers at once, without a dashboard. */
  runTask(task: Task): TaskOutcome | undefined;
  stop(): Promise<void>;
}

export interface TestAgentOptions {
  /** What the host permits; a file of the official agent unless given. */
  readonly hostRights?: HostRights;
  readonly configPath?: string;
  readonly server: string;
  readonly config?: Partial<AgentConfig>;
  readonly kinds?: ReadonlyMap<number, RunTask>;
  /** In [0, 1): how much of each pause is waited for. */
  readonly random?: number;
}

export function createTestAgent(options: TestAgentOptions): TestAgent {
  const { server, config, kinds, random = 0.5, hostRights = { kind: "official" }, configPath = "/no/such/config.yml" } = options;
  const clock = createFakeClock();
  const lines: string[] = [];
  const saved: AgentConfig[] = [];
  const log = createLog({ write: (line) => lines.push(line), now: clock.now, isDebug: () => true });
  const life = new AbortController();
  let samples = 0;
  const collector: Collector = { host: () => Promise.resolve(TEST_HOST), sample: () => Promise.resolve(testState(++samples)) };
  const live = createLiveConfig({
    clock,
    initial: { ...DEFAULT_CONFIG, server, client_secret: TEST_SECRET, uuid: TEST_UUID, ...config },
    save: (next) => {
      saved.push(next);
      return { ok: true, value: undefined };
    },
    onCommit: () => {
      reports.forgetAddresses();
      link.reload();
    },
    onSaveFailure: (reason) => lines.push(reason),
  });
  const gate = createGate({ clock, hostRights: () => hostRights });
  const reports = createReports({
    clock,
    collector,
    addresses: createAddressWatch({ clock, find: () => Promise.resolve(agent.addresses) }),
    rights: (current) => announcedRights(gate.rights(current)),
  });
  const allKinds = new Map<number, RunTask>([
    [TASK.keepalive, () => ({})],
    [TASK.reportConfig, createReportConfig(live)],
    [TASK.applyConfig, createApplyConfig(live)],
    [TASK.serverTransfer, createServerTransfer(live)],
    ...(kinds ?? []),
  ]);
  const tasks = createTaskRunner({
    clock,
    kinds: allKinds,
    gate,
    guard: (only) => createFileGuard(configPath, only),
    signal: life.signal,
    log,
    refuseStream: createStreamRefusal({ clock, log }),
  });
  const link = createLink({
    clock,
    config: live.current,
    collector,
    reports,
    tasks,
    log,
    dial: createDial({ clock, lookUp: (host) => Promise.resolve(host), authorities: () => Promise.resolve([]), environment: {} }),
    userAgent: "test-agent",
    onAccepted: () => undefined,
    random: () => random,
  });
  const agent: TestAgent = {
    clock,
    link,
    live,
    log: lines,
    saved,
    samples: () => samples,
    addresses: { ipv4: "203.0.113.7", ipv6: "2001:db8::7" },
    runTask: (task) => answerAtOnce(tasks, task, live.current, life.signal),
    stop: () => {
      life.abort();
      return link.stop();
    },
  };
  return agent;
}

/** What a task answers that needs neither time nor a stream. */
function answerAtOnce(
  tasks: ReturnType<typeof createTaskRunner>,
  task: Task,
  config: LiveConfig["current"],
  signal: AbortSignal,
): TaskOutcome | undefined {
  let outcome: TaskOutcome | undefined;
  const noIo = (): never => {
    throw new Error("this task has no stream");
  };
  tasks.run(task, { config, signal, openIo: noIo, sendResult: ({ data, successful }) => (outcome = { data, successful }) });
  return outcome;
}
