import { TASK } from "@windfire/protocol";
import type { Right } from "./rights.ts";

/** The switches by which official configurations refuse tasks (spec 21 section 2). */
export interface GateSettings {
  readonly disable_command_execute: boolean;
  readonly disable_nat: boolean;
  readonly disable_send_query: boolean;
  readonly disable_force_update: boolean;
}

/** In which form a task is refused. `result`: made from the text; `silent`: no result is expected. */
export type RefusalShape =
  | { readonly kind: "result" }
  | { readonly kind: "mcp"; readonly empty: Readonly<Record<string, unknown>> }
  | { readonly kind: "session" }
  | { readonly kind: "transfer" };

/** Who may refuse a kind of task, and with which of the reference's texts. */
export interface Rule {
  readonly right: Right;
  readonly setting: keyof GateSettings;
  readonly shape: RefusalShape;
  readonly text: string;
}

const RESULT: RefusalShape = { kind: "result" };
const NO_COMMAND = "此 Agent 已禁止命令执行";
const NO_CHANGE = "此 Agent 已禁止命令执行 (DisableCommandExecute)";
const NO_FILES = "agent disabled file operations";
const NO_EXEC = { exit_code: 0, stdout: "", stderr: "", duration_ms: 0 };

const command = (right: Right, shape: RefusalShape, text: string): Rule => ({ right, setting: "disable_command_execute", shape, text });
const probe: Rule = { right: "probes", setting: "disable_send_query", shape: RESULT, text: "This server has disabled query sending" };
const files = (empty: Readonly<Record<string, unknown>>): Rule => command("files", { kind: "mcp", empty }, NO_FILES);

/** Spec 20 section 6; the keep-alive alone has no rule. */
export const RULES: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [TASK.httpGet, probe],
  [TASK.icmpPing, probe],
  [TASK.tcpPing, probe],
  [TASK.command, command("commands", RESULT, NO_COMMAND)],
  [TASK.stopCommand, command("commands", RESULT, NO_COMMAND)],
  [TASK.upgrade, { right: "update", setting: "disable_force_update", shape: RESULT, text: "" }],
  [TASK.terminal, command("terminal", { kind: "session" }, "")],
  [TASK.fileManager, command("files", { kind: "session" }, "")],
  [TASK.nat, { right: "nat", setting: "disable_nat", shape: { kind: "session" }, text: "" }],
  [TASK.reportConfig, command("config", RESULT, NO_COMMAND)],
  [TASK.applyConfig, command("config", RESULT, NO_CHANGE)],
  [TASK.serverTransfer, command("config", RESULT, NO_CHANGE)],
  [TASK.mcpExec, command("commands", { kind: "mcp", empty: NO_EXEC }, "agent disabled command execution")],
  [TASK.mcpFsList, files({ entries: null })],
  [TASK.mcpFsRead, files({ content: "", encoding: "", size: 0 })],
  [TASK.mcpFsWrite, files({ size: 0, sha256: "" })],
  [TASK.mcpFsDelete, files({ deleted_count: 0 })],
  [TASK.mcpFsTransfer, command("files", { kind: "transfer" }, "FsTransfer 被 agent DisableCommandExecute 拒绝")],
]);

/** The switch that belongs to a right. */
export const SETTINGS: ReadonlyMap<Right, keyof GateSettings> = new Map([...RULES.values()].map(({ right, setting }) => [right, setting]));
