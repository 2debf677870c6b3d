import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** One thing that was seen on the wire between the official programs. */
export interface RecordedEvent {
  readonly call?: number;
  readonly conn?: number;
  readonly method?: string;
  readonly from: "agent" | "dashboard";
  readonly type?: string;
  readonly json?: Readonly<Record<string, unknown>>;
  readonly open?: boolean;
  readonly half_close?: boolean;
  readonly connection?: "open" | "closed";
}

export interface Recording {
  readonly calls: readonly {
    readonly method: string;
    readonly opened_before?: boolean;
    readonly request_headers: Readonly<Record<string, string>>;
  }[];
  readonly events: readonly RecordedEvent[];
}

/** Recorded traffic lies beside the repository, or where WINDFIRE_SHARED says. */
const FOLDER = join(process.env["WINDFIRE_SHARED"] ?? resolve(import.meta.dirname, "../../../../../shared"), "wire/fixtures");

export function readRecording(name: string): Recording {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as Recording;
}

/** A task the official dashboard sent, with its defaults. */
export interface RecordedTask {
  readonly id: number;
  readonly type: number;
  readonly data: string;
}

/** What the official agent answered. */
export interface RecordedResult extends RecordedTask {
  readonly delay: number;
  readonly successful: boolean;
}

export function tasksOf({ events }: Recording): RecordedTask[] {
  return events.filter(({ type }) => type === "Task").map(({ json }) => ({ id: 0, type: 0, data: "", ...json }));
}

export function resultsOf({ events }: Recording): RecordedResult[] {
  return events
    .filter(({ type }) => type === "TaskResult")
    .map(({ json }) => ({ id: 0, type: 0, delay: 0, data: "", successful: false, ...json }));
}

/** Calls and messages of the agent, in order, without how streams end. */
export function agentStory({ events }: Recording, connection?: number): string[] {
  const first = connection === undefined ? 0 : events.findIndex((event) => event.connection === "open" && event.conn === connection);
  return events.slice(first).flatMap(({ from, open, method, type }) => {
    if (from !== "agent") return [];
    if (open === true) return [`open ${method}`];
    return type === undefined ? [] : [type];
  });
}
