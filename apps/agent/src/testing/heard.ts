import type { IncomingHttpHeaders } from "node:http2";
import type { GeoIP, Host, IOStreamData, LateStates, State, TaskResult } from "@windfire/protocol";

/** What an agent did, in the order in which it reached the dashboard. */
export type Heard =
  | { readonly kind: "open"; readonly method: string; readonly headers: IncomingHttpHeaders; readonly connection: number }
  | { readonly kind: "Host"; readonly message: Host }
  | { readonly kind: "State"; readonly message: State }
  | { readonly kind: "LateStates"; readonly message: LateStates }
  | { readonly kind: "GeoIP"; readonly message: GeoIP }
  | { readonly kind: "TaskResult"; readonly message: TaskResult }
  | { readonly kind: "IOStreamData"; readonly message: IOStreamData }
  | { readonly kind: "half-close"; readonly method: string }
  | { readonly kind: "cut-off"; readonly method: string }
  | { readonly kind: "disconnect"; readonly connection: number };

export type HeardOf<K extends Heard["kind"]> = Extract<Heard, { kind: K }>;

/** What was heard so far, and a way to wait for more. */
export interface HeardLog {
  readonly all: readonly Heard[];
  add(heard: Heard): void;
  /** Waits for the next thing of a kind that was not waited for before. */
  next<K extends Heard["kind"]>(kind: K, matches?: (heard: HeardOf<K>) => boolean): Promise<HeardOf<K>>;
}

export function createHeardLog(): HeardLog {
  const all: Heard[] = [];
  const seen = new Set<Heard>();
  const waiting = new Set<() => void>();
  return {
    all,
    add: (heard) => {
      all.push(heard);
      for (const check of waiting) check();
    },
    next: <K extends Heard["kind"]>(kind: K, matches: (one: HeardOf<K>) => boolean = () => true) =>
      new Promise<HeardOf<K>>((resolve) => {
        const check = (): void => {
          const found = all.find((one): one is HeardOf<K> => isOfKind(one, kind) && !seen.has(one) && matches(one));
          if (found === undefined) return;
          seen.add(found);
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
  };
}

function isOfKind<K extends Heard["kind"]>(heard: Heard, kind: K): heard is HeardOf<K> {
  return heard.kind === kind;
}
