import { createHash } from "node:crypto";

/** A program as a service of its host. All paths are absolute. */
export interface ServiceSpec {
  readonly name: string;
  /** What people read in lists of services. */
  readonly description: string;
  /** Node, or our executable. */
  readonly program: string;
  /** Flags for Node, the file that it runs, and what that is told. */
  readonly args: readonly string[];
  /** Working directory. */
  readonly folder: string;
  /** User and group that it runs as, where the service manager can do that; root without. */
  readonly user?: string;
  /** What systemd takes from it: lines of `[Service]`. */
  readonly sandbox: readonly string[];
}

export type ServiceAction = "install" | "uninstall" | "start" | "stop" | "restart";
const ACTIONS: ReadonlySet<string> = new Set(["install", "uninstall", "start", "stop", "restart"]);

export function isServiceAction(word: string): word is ServiceAction {
  return ACTIONS.has(word);
}

/** Several of a kind on one host have names of their own (spec 21 section 1.1). */
export function serviceName(base: string, configPath: string, defaultPath: string): string {
  if (configPath === defaultPath) return base;
  return `${base}-${createHash("md5").update(configPath).digest("hex").slice(0, 7)}`;
}

/** One thing to do. A step that is `optional` may fail: what it would undo may not be there. */
export type Step =
  | { readonly kind: "write"; readonly path: string; readonly text: string; readonly mode: number }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "run"; readonly command: readonly [string, ...string[]]; readonly optional?: true };

/** A program that starts, watches and stops services. */
export interface ServiceManager {
  readonly name: string;
  /** The file whose presence says that the service is installed. */
  file(spec: ServiceSpec): string;
  steps(action: ServiceAction, spec: ServiceSpec): readonly Step[];
}

export function run(...command: readonly [string, ...string[]]): Step {
  return { kind: "run", command };
}

export function tryRun(...command: readonly [string, ...string[]]): Step {
  return { kind: "run", command, optional: true };
}
