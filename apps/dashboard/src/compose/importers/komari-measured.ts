import type { DatabaseSync } from "node:sqlite";
import { text } from "./rows.ts";
import type { Row } from "./rows.ts";
import type { Beat, States } from "./source.ts";

/** A delay below zero stands for a failure. */
export function* beatsOf(database: DatabaseSync, task: number, client: string): Generator<Beat> {
  const rows = database
    .prepare("SELECT time, value FROM ping_records WHERE task_id = ? AND client = ? ORDER BY time")
    .iterate(task, client);
  for (const { time, value } of rows) {
    const at = Date.parse(text(time).replace(" ", "T"));
    if (Number.isNaN(at)) continue;
    yield { at, up: Number(value) >= 0, delay: Number(value) >= 0 ? Number(value) : null };
  }
}

export function* statesOf(database: DatabaseSync, uuid: string, most: number): Generator<States> {
  let states: { at: number; values: Readonly<Record<string, number>> }[] = [];
  for (const row of database.prepare("SELECT * FROM records WHERE client = ? ORDER BY time").iterate(uuid)) {
    const at = Date.parse(text(row["time"]).replace(" ", "T"));
    if (!Number.isNaN(at)) states.push({ at, values: valuesOf(row) });
    if (states.length < most) continue;
    yield { uuid, states };
    states = [];
  }
  if (states.length > 0) yield { uuid, states };
}

function valuesOf(row: Row): Readonly<Record<string, number>> {
  const number = (name: string): number => Number(row[name] ?? 0);
  return {
    cpu: number("cpu"),
    memory: number("ram"),
    swap: number("swap"),
    disk: number("disk"),
    net_in_speed: number("net_in"),
    net_out_speed: number("net_out"),
    net_in_transfer: number("net_total_down"),
    net_out_transfer: number("net_total_up"),
    load1: number("load"),
    tcp_conn: number("connections"),
    udp_conn: number("connections_udp"),
    process_count: number("process"),
    temperature: number("temp"),
    gpu: number("gpu"),
  };
}
