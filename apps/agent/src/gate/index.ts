import { TASK } from "@windfire/protocol";

/** What the owner of the host permits (spec 21 section 2). */
export interface GateSettings {
  readonly disable_command_execute: boolean;
  readonly disable_nat: boolean;
  readonly disable_send_query: boolean;
  readonly disable_force_update: boolean;
}

/**
 * What becomes of a task that the host does not permit: a result with this text, or, where the dashboard expects no
 * result, nothing; an MCP file stream carries the text itself.
 */
export type Refusal =
  | { readonly kind: "result"; readonly data: string; readonly successful: boolean }
  | { readonly kind: "stream"; readonly text: string }
  | { readonly kind: "silent" };

type Rule = readonly [switchName: keyof GateSettings, refusal: Refusal];

const QUERY: Rule = ["disable_send_query", failure("This server has disabled query sending")];
const READ: Rule = ["disable_command_execute", failure("此 Agent 已禁止命令执行")];
const WRITE: Rule = ["disable_command_execute", failure("此 Agent 已禁止命令执行 (DisableCommandExecute)")];
const SESSION: Rule = ["disable_command_execute", { kind: "silent" }];

/** Texts and shapes of spec 21 sections 7 to 13. */
const RULES: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [TASK.httpGet, QUERY],
  [TASK.icmpPing, QUERY],
  [TASK.tcpPing, QUERY],
  [TASK.command, READ],
  [TASK.upgrade, ["disable_force_update", failure("")]],
  [TASK.terminal, SESSION],
  [TASK.fileManager, SESSION],
  [TASK.nat, ["disable_nat", { kind: "silent" }]],
  [TASK.reportConfig, READ],
  [TASK.applyConfig, WRITE],
  [TASK.serverTransfer, WRITE],
  [
    TASK.mcpExec,
    ["disable_command_execute", mcp({ exit_code: 0, stdout: "", stderr: "", duration_ms: 0, error: "agent disabled command execution" })],
  ],
  [TASK.mcpFsList, ["disable_command_execute", fileRefusal({ entries: null })]],
  [TASK.mcpFsRead, ["disable_command_execute", fileRefusal({ content: "", encoding: "", size: 0 })]],
  [TASK.mcpFsWrite, ["disable_command_execute", fileRefusal({ size: 0, sha256: "" })]],
  [TASK.mcpFsDelete, ["disable_command_execute", fileRefusal({ deleted_count: 0 })]],
  [TASK.mcpFsTransfer, ["disable_command_execute", { kind: "stream", text: "FsTransfer 被 agent DisableCommandExecute 拒绝" }]],
]);

/** Undefined when the host permits the task. */
export function refusalOf(settings: GateSettings, taskType: number): Refusal | undefined {
  const rule = RULES.get(taskType);
  return rule !== undefined && settings[rule[0]] ? rule[1] : undefined;
}

function failure(data: string): Refusal {
  return { kind: "result", data, successful: false };
}

/** MCP refusals are results that say so in `error` (spec 21 section 12). */
function mcp(result: Readonly<Record<string, unknown>>): Refusal {
  return { kind: "result", data: JSON.stringify(result), successful: true };
}

function fileRefusal(empty: Readonly<Record<string, unknown>>): Refusal {
  return mcp({ ...empty, error: "agent disabled file operations" });
}
