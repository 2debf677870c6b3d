import { TASK } from "@windfire/protocol";
import { expect, test } from "vitest";
import { refusalOf } from "./index.ts";
import type { GateSettings } from "./index.ts";

const OPEN: GateSettings = { disable_command_execute: false, disable_nat: false, disable_send_query: false, disable_force_update: false };
const NO_COMMAND = "此 Agent 已禁止命令执行";
const NO_CHANGE = "此 Agent 已禁止命令执行 (DisableCommandExecute)";

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
  expect(refusalOf({ ...OPEN, [name]: true }, TASK[task])).toEqual(refusal);
});

test("every kind of task but the keep-alive has a switch, and only its own switch refuses it", () => {
  const names = Object.keys(OPEN);
  for (const [task, type] of Object.entries(TASK)) {
    expect(refusalOf(OPEN, type)).toBeUndefined();
    const refusing = names.filter((name) => refusalOf({ ...OPEN, [name]: true }, type) !== undefined);
    expect([task, refusing.length]).toEqual([task, task === "keepalive" ? 0 : 1]);
  }
});
