import { existsSync } from "node:fs";
import { arch, cpus, loadavg, machine, uptime } from "node:os";
import type { Clock } from "@windfire/kit";
import {
  createFreeBsdCollector,
  createLinuxCollector,
  createOtherCollector,
  createSystemFiles,
  findGpuReader,
  hostRoots,
  intelAdapters,
  loadSystemInformation,
  patientSpace,
} from "../collect/index.ts";
import type { Collector, RunTool } from "../collect/index.ts";
import { faultText } from "../fault.ts";
import type { Log } from "../log.ts";
import { runProgram } from "./run-program.ts";
import { sensorFiles } from "./sensor-files.ts";
import { spaceOf } from "./space.ts";

export interface HostCollectorDeps {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly log: Log;
  /** Aborted when the agent stops. */
  readonly signal: AbortSignal;
}

const TOOL_TIMEOUT_MS = 10_000;

/** Reads this machine. */
export function createHostCollector({ clock, environment, version, log, signal }: HostCollectorDeps): Collector {
  const shared = {
    clock,
    version,
    machine: machine() || arch(),
    onError: (reading: string, error: unknown) => log.debug(`no ${reading}: ${faultText(error)}`),
  };
  if (process.platform === "darwin" || process.platform === "win32") {
    return createOtherCollector({
      ...shared,
      load: loadSystemInformation,
      platform: process.platform,
      processor: cpus()[0]?.model.trim() ?? "",
      loadAverages: loadavg,
      uptime,
    });
  }
  const runTool: RunTool = (file, args, endsAfterMs = TOOL_TIMEOUT_MS) => runProgram(file, args, { timeoutMs: endsAfterMs, signal });
  if (process.platform === "freebsd") return createFreeBsdCollector({ ...shared, run: runTool, loadAverages: loadavg });
  const roots = hostRoots(environment);
  return createLinuxCollector({
    ...shared,
    files: createSystemFiles(),
    sensors: sensorFiles,
    roots,
    spaceOf: patientSpace(spaceOf, clock),
    readGpu: findGpuReader(existsSync, environment["PATH"] ?? "", runTool, () => intelAdapters(createSystemFiles(), roots.sys)),
  });
}
