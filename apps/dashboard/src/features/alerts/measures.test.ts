import { ALERT_TYPES } from "@windfire/api";
import { describe, expect, test } from "vitest";
import type { HostInfo, HostState } from "#features/servers";
import { measureOf } from "./measures.ts";

const state: HostState = {
  cpu: 12.5,
  memUsed: 300,
  swapUsed: 100,
  diskUsed: 200,
  netInTransfer: 1000,
  netOutTransfer: 2000,
  netInSpeed: 10,
  netOutSpeed: 20,
  uptime: 1,
  load1: 0.5,
  load5: 0.25,
  load15: 0.125,
  tcpConnCount: 5,
  udpConnCount: 3,
  processCount: 50,
  temperatures: [
    { name: "a", temperature: 0 },
    { name: "b", temperature: 41.5 },
  ],
  gpu: [3, 7],
  gpus: [],
};
const host: HostInfo = {
  platform: "",
  platformVersion: "",
  cpu: [],
  memTotal: 1000,
  diskTotal: 400,
  swapTotal: 0,
  arch: "",
  virtualization: "",
  bootTime: 0,
  version: "",
  gpu: [],
  rights: [],
};

test.each([
  ["cpu", 12.5],
  ["gpu", 7],
  ["gpu_max", 7],
  ["memory", 30],
  ["swap", undefined],
  ["disk", 50],
  ["net_in_speed", 10],
  ["net_out_speed", 20],
  ["net_all_speed", 30],
  ["transfer_in", 1000],
  ["transfer_out", 2000],
  ["transfer_all", 3000],
  ["load1", 0.5],
  ["load5", 0.25],
  ["load15", 0.125],
  ["tcp_conn_count", 5],
  ["udp_conn_count", 3],
  ["process_count", 50],
  ["temperature_max", 41.5],
])("%s is %j", (type, value) => {
  expect(measureOf(type)?.({ state, host })).toBe(value);
});

test("every kind is measured but being offline and cycles", () => {
  const others = ALERT_TYPES.filter((type) => measureOf(type) === undefined);
  const cycles = ["in", "out", "all"].map((direction) => `transfer_${direction}_cycle`);
  expect(others).toEqual(["offline", ...cycles, ...cycles.map((type) => type.replace("cycle", "forecast"))]);
  expect(["constructor", "toString", ""].map(measureOf)).toEqual([undefined, undefined, undefined]);
});

describe("not known", () => {
  test.each([
    ["memory", { host: undefined }],
    ["disk", { host: undefined }],
    ["gpu", { state: { ...state, gpu: [] } }],
    ["temperature_max", { state: { ...state, temperatures: [{ name: "a", temperature: 0 }] } }],
    ["cpu", { state: { ...state, cpu: 0, unsound: ["cpu"] } }],
    ["load5", { state: { ...state, load5: 0, unsound: ["load5"] } }],
    ["gpu_max", { state: { ...state, gpu: [0, 7], unsound: ["gpu"] } }],
  ])("%s of %j", (type, over) => {
    expect(measureOf(type)?.({ state, host, ...over } as never)).toBeUndefined();
  });

  test.each([
    ["cpu", { cpu: 0 }],
    ["load1", { load1: 0 }],
    ["gpu", { gpu: [0] }],
  ])("0 that an agent sent for %s is a value", (type, over) => {
    expect(measureOf(type)?.({ state: { ...state, ...over }, host })).toBe(0);
  });
});
