import { TASK } from "@windfire/protocol";
import { createFakeClock } from "@windfire/testkit";
import { describe, expect, test } from "vitest";
import { createGate } from "./gate.ts";
import type { Gate, HostRights, Leave } from "./gate.ts";
import { createHostRights, OWN_MARK, rightsIn } from "./host-rights.ts";
import { RIGHTS } from "./rights.ts";
import type { Permit, Right } from "./rights.ts";
import type { GateSettings } from "./rules.ts";

const OPEN: GateSettings = { disable_command_execute: false, disable_nat: false, disable_send_query: false, disable_force_update: false };
const NO_COMMAND = "此 Agent 已禁止命令执行";
const NO_CHANGE = "此 Agent 已禁止命令执行 (DisableCommandExecute)";

const official = (): Gate => createGate({ clock: createFakeClock(), hostRights: () => ({ kind: "official" }) });
const refusalOf = (gate: Gate, settings: GateSettings, type: number): unknown => {
  const verdict = gate.ask(settings, type);
  return verdict.kind === "refused" ? verdict.refusal : undefined;
};

describe("a file of the official agent", () => {
  test.each<[keyof typeof TASK, keyof GateSettings, unknown]>([
    ["httpGet", "disable_send_query", { kind: "result", data: "This server has disabled query sending", successful: false }],
    ["icmpPing", "disable_send_query", { kind: "result", data: "This server has disabled query sending", successful: false }],
    ["tcpPing", "disable_send_query", { kind: "result", data: "This server has disabled query sending", successful: false }],
    ["command", "disable_command_execute", { kind: "result", data: NO_COMMAND, successful: false }],
    ["upgrade", "disable_force_update", { kind: "result", data: "", successful: false }],
    ["terminal", "disable_command_execute", { kind: "silent" }],
    ["nat", "disable_nat", { kind: "silent" }],
    ["fileManager", "disable_command_execute", { kind: "silent" }],
    ["reportConfig", "disable_command_execute", { kind: "result", data: NO_COMMAND, successful: false }],
    ["applyConfig", "disable_command_execute", { kind: "result", data: NO_CHANGE, successful: false }],
    ["serverTransfer", "disable_command_execute", { kind: "result", data: NO_CHANGE, successful: false }],
    [
      "mcpExec",
      "disable_command_execute",
      {
        kind: "result",
        data: '{"exit_code":0,"stdout":"","stderr":"","duration_ms":0,"error":"agent disabled command execution"}',
        successful: true,
      },
    ],
    [
      "mcpFsList",
      "disable_command_execute",
      { kind: "result", data: '{"entries":null,"error":"agent disabled file operations"}', successful: true },
    ],
    ["mcpFsTransfer", "disable_command_execute", { kind: "stream", text: "FsTransfer 被 agent DisableCommandExecute 拒绝" }],
  ])("%s is refused by %s", (task, name, refusal) => {
    expect(refusalOf(official(), { ...OPEN, [name]: true }, TASK[task])).toEqual(refusal);
  });

  test("every kind of task but the keep-alive has a switch, and only its own switch refuses it", () => {
    const names = Object.keys(OPEN);
    const gate = official();
    for (const [task, type] of Object.entries(TASK)) {
      expect(refusalOf(gate, OPEN, type)).toBeUndefined();
      const refusing = names.filter((name) => refusalOf(gate, { ...OPEN, [name]: true }, type) !== undefined);
      expect([task, refusing.length]).toEqual([task, task === "keepalive" ? 0 : 1]);
    }
  });

  test("its switches tell which rights there are", () => {
    const gate = official();
    expect([...gate.rights(OPEN).keys()]).toEqual(RIGHTS);
    expect([...gate.rights({ ...OPEN, disable_command_execute: true, disable_nat: true }).keys()]).toEqual(["report", "probes", "update"]);
  });
});

function own(rights: Partial<Record<Right, Permit>>) {
  const clock = createFakeClock();
  const permits = new Map<Right, Permit>(Object.entries(rights).map(([name, permit]) => [name as Right, permit]));
  return { clock, permits, gate: createGate({ clock, hostRights: () => ({ kind: "own", permits }) }) };
}
const leave = (gate: Gate, type: number): Leave => {
  const verdict = gate.ask(OPEN, type);
  if (verdict.kind !== "leave") throw new Error(`refused: ${verdict.right}`);
  return verdict;
};

describe("rights by name", () => {
  test("every kind of task is refused without its right, and every other right leaves it refused", () => {
    for (const [task, type] of Object.entries(TASK)) {
      if (task === "keepalive") continue;
      const helpful = RIGHTS.filter((right) => own({ [right]: {} }).gate.ask(OPEN, type).kind === "leave");
      expect([task, helpful.length]).toEqual([task, 1]);
    }
  });

  test("a refusal says what is missing and who can give it, on streams too", () => {
    const { gate } = own({});
    const text = (right: string): string => `This host does not permit ${right}. Its owner can: windfire agent permit ${right}`;
    expect(refusalOf(gate, OPEN, TASK.command)).toEqual({ kind: "result", data: text("commands"), successful: false });
    expect(refusalOf(gate, OPEN, TASK.terminal)).toEqual({ kind: "stream", text: text("terminal") });
    expect(refusalOf(gate, OPEN, TASK.nat)).toEqual({ kind: "stream", text: text("nat") });
    expect(refusalOf(gate, OPEN, TASK.mcpFsDelete)).toEqual({
      kind: "result",
      data: JSON.stringify({ deleted_count: 0, error: text("files") }),
      successful: true,
    });
  });

  test("a switch refuses what a right permits", () => {
    const { gate } = own({ commands: {}, nat: {} });
    expect(refusalOf(gate, { ...OPEN, disable_command_execute: true }, TASK.command)).toMatchObject({ data: NO_COMMAND });
    expect([...gate.rights({ ...OPEN, disable_nat: true }).keys()]).toEqual(["commands"]);
  });

  test("a right ends at its time, and ends what runs by it", () => {
    const { clock, gate } = own({ terminal: { until: 0 } });
    expect(gate.ask(OPEN, TASK.terminal).kind).toBe("refused");
    const until = Math.floor(clock.now() / 1000) + 60;
    const { clock: other, gate: open } = own({ terminal: { until } });
    const given = leave(open, TASK.terminal);
    other.advance(58_000);
    expect(given.ends.aborted).toBe(false);
    other.advance(4_000);
    expect(given.ends.aborted).toBe(true);
    expect(open.ask(OPEN, TASK.terminal).kind).toBe("refused");
    expect(open.rights(OPEN).has("terminal")).toBe(false);
  });

  test("what is taken back or limited otherwise ends what runs by it; a longer time does not", () => {
    const { clock, permits, gate } = own({ terminal: {}, files: { only: ["/srv"] } });
    const terminal = leave(gate, TASK.terminal);
    const files = leave(gate, TASK.fileManager);
    expect(files.only).toEqual(["/srv"]);
    permits.set("files", { only: ["/srv"], until: Math.floor(clock.now() / 1000) + 3600 });
    clock.advance(2_000);
    expect([terminal.ends.aborted, files.ends.aborted]).toEqual([false, false]);
    permits.set("files", { only: ["/var"] });
    permits.delete("terminal");
    clock.advance(2_000);
    expect([terminal.ends.aborted, files.ends.aborted]).toEqual([true, true]);
  });
});

describe("the file that says it", () => {
  function source(initial: string | undefined) {
    const warnings: string[] = [];
    const state = { text: initial, version: 0, slow: Promise.withResolvers<unknown>() };
    const rights = createHostRights({
      file: {
        stamp: () => (state.text === undefined ? undefined : `${state.version}`),
        read: () => {
          if (state.text === "unreadable") throw new Error("EACCES");
          return state.text ?? "";
        },
        parsePlain: (text) => (text === "slow" ? undefined : (JSON.parse(text.replace(/^#.*\n/, "")) as Record<string, unknown>)),
        parse: () => state.slow.promise,
      },
      warn: (text) => warnings.push(text),
    });
    const change = (text: string | undefined): void => {
      state.text = text;
      state.version++;
    };
    const names = (): unknown => {
      const found = rights();
      return found.kind === "own" ? [...found.permits.keys()] : found.kind;
    };
    return { change, names, warnings, slow: state.slow };
  }

  test("is read again when it has changed, and permits nothing while it is gone or wrong", () => {
    const { change, names, warnings } = source('{"permits":["terminal"]}');
    expect(names()).toEqual(["report", "terminal"]);
    change('{"permits":["files"]}');
    expect(names()).toEqual(["report", "files"]);
    change(undefined);
    expect(names()).toEqual(["report"]);
    change("{}");
    expect(names()).toBe("official");
    change('{"permits":["everything"]}');
    expect(names()).toEqual(["report"]);
    change("unreadable");
    expect(names()).toEqual(["report"]);
    change("{");
    expect(names()).toEqual(["report"]);
    expect(warnings).toHaveLength(3);
  });

  test("a file that this agent made and that has lost its permits permits nothing", () => {
    expect(source(`${OWN_MARK}\n{}`).names()).toEqual(["report"]);
    expect(rightsIn("", null)).toEqual({ kind: "official" } satisfies HostRights);
    expect(rightsIn("", { Permits: ["nat"] })).toMatchObject({ kind: "own" });
  });

  test("a text that takes longer to understand permits nothing until then", async () => {
    const { names, slow } = source("slow");
    expect(names()).toEqual(["report"]);
    slow.resolve({ permits: { commands: "true" } });
    await slow.promise;
    await Promise.resolve();
    expect(names()).toEqual(["report", "commands"]);
  });
});
