import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import type { ServiceAction, ServiceManager, ServiceSpec, Step } from "./service.ts";

/** An error is for people. */
export type ServiceOutcome = { readonly ok: true; readonly value: undefined } | { readonly ok: false; readonly error: string };

/** What a service manager needs of the host. */
export interface Host {
  exists(path: string): boolean;
  write(path: string, text: string, mode: number): void;
  remove(path: string): void;
  /** What went wrong, undefined when nothing did. */
  run(command: readonly [string, ...string[]]): string | undefined;
}

export const thisHost: Host = {
  exists: existsSync,
  write: (path, text, mode) => writeFileSync(path, text, { mode }),
  remove: (path) => rmSync(path, { force: true }),
  run: ([file, ...args]) => {
    const { status, signal, error, stderr } = spawnSync(file, args, { encoding: "utf8", windowsHide: true });
    if (error !== undefined) return error.message;
    return status === 0 ? undefined : stderr.trim() || `ended with ${status ?? signal}`;
  },
};

/** Carries an action out, step by step; the first that fails ends it, and an installation is taken back then. */
export function performService(host: Host, manager: ServiceManager, action: ServiceAction, spec: ServiceSpec): ServiceOutcome {
  const isInstalled = host.exists(manager.file(spec));
  if (action === "install" && isInstalled) return fail(`the service ${spec.name} is there already (${manager.file(spec)})`);
  if (action !== "install" && !isInstalled) return fail(`there is no service ${spec.name} (${manager.file(spec)})`);
  for (const step of manager.steps(action, spec)) {
    const fault = performStep(host, step);
    if (fault === undefined || (step.kind === "run" && step.optional === true)) continue;
    if (action === "install") for (const undo of manager.steps("uninstall", spec)) performStep(host, undo);
    return fail(`${manager.name}: ${describe(step)}: ${fault}`);
  }
  return { ok: true, value: undefined };
}

/** The steps one after another; the first that fails ends them. */
export function performSteps(host: Host, steps: readonly Step[]): ServiceOutcome {
  for (const step of steps) {
    const fault = performStep(host, step);
    if (fault !== undefined && !(step.kind === "run" && step.optional === true)) return fail(`${describe(step)}: ${fault}`);
  }
  return { ok: true, value: undefined };
}

function fail(error: string): ServiceOutcome {
  return { ok: false, error };
}

function performStep(host: Host, step: Step): string | undefined {
  try {
    if (step.kind === "write") host.write(step.path, step.text, step.mode);
    else if (step.kind === "remove") host.remove(step.path);
    else return host.run(step.command);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function describe(step: Step): string {
  return step.kind === "run" ? step.command.join(" ") : `${step.kind} ${step.path}`;
}
