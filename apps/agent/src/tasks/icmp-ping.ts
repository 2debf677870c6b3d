import { isIPv6 } from "node:net";
import { faultText } from "../fault.ts";
import { resolveHost } from "./resolve.ts";
import type { LookUp } from "./resolve.ts";
import { failed } from "./task-kind.ts";
import type { RunTask, TaskOutcome } from "./task-kind.ts";

/** Runs a program to its end and gives what it printed, whatever its exit code. Rejects when it does not start. */
export type RunProgram = (
  file: string,
  args: readonly string[],
  limit: { readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<string>;

export interface IcmpPingDeps {
  readonly platform: NodeJS.Platform;
  readonly lookUp: LookUp;
  readonly run: RunProgram;
}

const MISSING_PROGRAM = /executable file not found$/;
const NO_PING = "this host has no ping program (Debian and Ubuntu: iputils-ping, Alpine and Red Hat: iputils)";
const COUNT = "5";
const PAYLOAD_BYTES = "24";
const OVERALL_SECONDS = "20";
/** A little more than the program gives itself. */
const TIMEOUT_MS = 25_000;
const REPLY_TIME = /[=<]\s*([\d.]+)\s*ms\b/;
const REPLY_MARK = /ttl|hlim|bytes from|字节|バイト|Bytes=|время|temps/i;

/**
 * ICMP probe (task 2): mean time of up to five replies. Raw sockets need rights and are not offered by the runtime, the
 * system's `ping` has both; it is handed an address only, never the text of the task.
 */
export function createIcmpPing({ platform, lookUp, run }: IcmpPingDeps): RunTask {
  return async ({ data }, { signal }): Promise<TaskOutcome> => {
    const resolved = await resolveHost(data.trim(), lookUp);
    if ("error" in resolved) return failed(resolved.error);
    const [program, ...args] = pingCommand(platform, resolved.address);
    try {
      return outcomeOf(parseReplies(await run(program, args, { timeoutMs: TIMEOUT_MS, signal })));
    } catch (error) {
      const text = faultText(error);
      return failed(MISSING_PROGRAM.test(text) ? NO_PING : text);
    }
  };
}

/** @param address an IP address, so that nothing in it can be taken for an option */
export function pingCommand(platform: NodeJS.Platform, address: string): [string, ...string[]] {
  if (platform === "win32") return ["ping", "-n", COUNT, "-l", PAYLOAD_BYTES, "-w", "4000", address];
  if (platform === "linux") return ["ping", "-n", "-c", COUNT, "-s", PAYLOAD_BYTES, "-w", OVERALL_SECONDS, address];
  if (isIPv6(address)) return ["ping6", "-n", "-c", COUNT, "-s", PAYLOAD_BYTES, address];
  return ["ping", "-n", "-c", COUNT, "-s", PAYLOAD_BYTES, "-t", OVERALL_SECONDS, address];
}

/** Milliseconds of each reply in the output of `ping`. */
export function parseReplies(output: string): number[] {
  return output
    .split("\n")
    .filter((line) => REPLY_MARK.test(line))
    .map((line) => Number(REPLY_TIME.exec(line)?.[1] ?? Number.NaN))
    .filter(Number.isFinite);
}

function outcomeOf(times: readonly number[]): TaskOutcome {
  if (times.length === 0) return failed("pockets recv 0");
  return { successful: true, delay: times.reduce((sum, time) => sum + time, 0) / times.length };
}
