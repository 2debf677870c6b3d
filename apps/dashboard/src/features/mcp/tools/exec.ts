import { TASK } from "@windfire/protocol";
import { z } from "zod";
import { invalid, McpFailure } from "../model.ts";
import { askAgent, flagAnswer, numberAnswer, textAnswer } from "./agent-answer.ts";
import type { AgentToolDeps } from "./agent-tools.ts";
import {
  arraySchema,
  countArgument,
  flag,
  integer,
  objectSchema,
  onServer,
  serverIdSchema,
  text,
  textArgument,
  withoutEmpty,
} from "./schema.ts";
import { requireAgent } from "./server-access.ts";
import { tool } from "./tool.ts";
import type { Tool } from "./tool.ts";

const DEFAULT_SECONDS = 30;
const LONGEST_SECONDS = 300;
/** The agent's own time-out is to answer first. */
const GRACE_SECONDS = 5;

const args = z.object({
  ...onServer,
  cmd: textArgument,
  args: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
  cwd: textArgument,
  env: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? {}),
  timeout_seconds: countArgument,
  stdin: textArgument,
  max_output_bytes: countArgument,
});

const answer = z.object({
  exit_code: numberAnswer,
  stdout: textAnswer,
  stderr: textAnswer,
  duration_ms: numberAnswer,
  stdout_truncated: flagAnswer,
  stderr_truncated: flagAnswer,
  timed_out: flagAnswer,
  error: textAnswer,
});

const inputSchema = objectSchema(
  {
    server_id: serverIdSchema,
    cmd: text("Program to run, looked up in PATH; no shell"),
    args: arraySchema(text()),
    cwd: text("Folder to run in"),
    env: { type: "object", description: "Variables besides the few that are passed on" },
    timeout_seconds: integer("After this long the command is killed; 30 unless told", { minimum: 1, maximum: LONGEST_SECONDS }),
    stdin: text("What the command reads"),
    max_output_bytes: integer("Most bytes kept of each output; 65536 unless told, 1 MiB at most"),
  },
  ["server_id", "cmd"],
);

const outputSchema = objectSchema(
  {
    exit_code: integer("-1 when killed"),
    stdout: text(),
    stderr: text(),
    duration_ms: integer(),
    stdout_truncated: flag(),
    stderr_truncated: flag(),
    timed_out: flag(),
  },
  ["exit_code", "stdout", "stderr", "duration_ms"],
);

/** `server.exec` (spec 40 section 10.4). A command that fails is a success of the tool. */
export function exec({ servers, calls }: AgentToolDeps): Tool {
  return tool({
    name: "server.exec",
    title: "Run command",
    description:
      "Runs one command without a terminal and gives its output and exit code. There is no shell: for pipes and redirection run sh with " +
      "the arguments -c and the line. When the command ends or takes too long, everything it has started is killed, so & and nohup keep " +
      "nothing running; what is to stay has to detach fully (setsid, screen, tmux, systemd-run; on Windows break away from the job).",
    scope: "nezha:server:exec",
    annotations: { readOnlyHint: false, destructiveHint: true },
    args,
    inputSchema,
    outputSchema,
    async run({ server_id, cmd, ...options }, { caller, signal }) {
      if (options.timeout_seconds > LONGEST_SECONDS) throw invalid(`timeout_seconds out of range; must be 1..${LONGEST_SECONDS}`);
      const { id: serverId } = requireAgent(servers, caller, server_id);
      if (cmd === "") throw invalid("cmd required");
      const timeoutMs = ((options.timeout_seconds || DEFAULT_SECONDS) + GRACE_SECONDS) * 1000;
      const order = { serverId, type: TASK.mcpExec, request: { cmd, ...withoutEmpty(options) }, timeoutMs, signal };
      const { exit_code, stdout, stderr, duration_ms, error, ...flags } = await askAgent(calls, order, answer);
      const result = { exit_code, stdout, stderr, duration_ms, ...withoutEmpty(flags) };
      if (error !== "") throw new McpFailure("agent_error", `agent_error: ${error}`, { structured: { ...result, error } });
      return result;
    },
  });
}
