import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeGeoIP,
  decodeHost,
  decodeIOStreamData,
  decodeIP,
  decodeReceipt,
  decodeState,
  decodeTask,
  decodeTaskResult,
  decodeUint64Receipt,
  encodeGeoIP,
  encodeHost,
  encodeIOStreamData,
  encodeReceipt,
  encodeState,
  encodeTask,
  encodeTaskResult,
  encodeUint64Receipt,
} from "./messages.gen.ts";
import { MAX_REPEATED, UINT64_CLAMP } from "./reader.ts";
import { uint64Of } from "./uint64.ts";
import { WireError, type WireFault } from "./wire-error.ts";

function bytes(hex: string): Uint8Array {
  return Buffer.from(hex.replaceAll(" ", ""), "hex");
}

function hexOf(message: Uint8Array): string {
  return Buffer.from(message).toString("hex");
}

function faultOf(run: () => unknown): WireFault | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.fault;
    throw error;
  }
  return undefined;
}

const DECODERS = [
  decodeHost,
  decodeState,
  decodeTask,
  decodeTaskResult,
  decodeReceipt,
  decodeUint64Receipt,
  decodeIOStreamData,
  decodeGeoIP,
  decodeIP,
];

describe("encoding", () => {
  test("matches the wire example of a task result", () => {
    const result = { id: 150, type: 20, delay: 0, data: "ok", successful: true };
    expect(hexOf(encodeTaskResult(result))).toBe("089601101422026f6b2801");
    expect(decodeTaskResult(bytes("089601101422026f6b2801"))).toEqual(result);
  });

  test("leaves zero values out, but keeps minus zero", () => {
    expect(encodeHost({ platform: "", memTotal: 0, cpu: [] })).toHaveLength(0);
    expect(encodeState({ cpu: 0, temperatures: [], gpu: [] })).toHaveLength(0);
    expect(hexOf(encodeState({ cpu: -0 }))).toBe("090000000000000080");
    expect(encodeIOStreamData({ data: new Uint8Array(0) })).toHaveLength(0);
    expect(encodeReceipt({ proced: false })).toHaveLength(0);
  });

  test("keeps the bytes asked for free in front", () => {
    expect(hexOf(encodeReceipt({ proced: true }, 5))).toBe("00000000000801");
  });

  test("packs repeated doubles", () => {
    expect(hexOf(encodeState({ gpu: [1, 2] }))).toBe("8a0110000000000000f03f0000000000000040");
  });

  test("writes lengths above 127 of nested messages", () => {
    const temperatures = [{ name: "s".repeat(300), temperature: 1 }];
    expect(decodeState(encodeState({ temperatures })).temperatures).toEqual(temperatures);
  });

  test("writes every digit of a counter", () => {
    expect(hexOf(encodeState({ netInTransfer: 2n ** 64n - 1n }))).toBe("28ffffffffffffffffff01");
    for (const netInTransfer of [-1n, 2n ** 64n]) expect(() => encodeState({ netInTransfer })).toThrow(RangeError);
  });

  test.each([-1, 1.5, Number.NaN, 2 ** 53])("refuses %d as an unsigned integer", (id) => {
    expect(() => encodeTask({ id })).toThrow(RangeError);
  });

  test("writes lone surrogates as valid UTF-8", () => {
    expect(decodeTask(encodeTask({ data: "a\ud800b" })).data).toBe("a\ufffdb");
  });
});

describe("decoding", () => {
  test("an empty message has zero values", () => {
    expect(decodeTask(new Uint8Array(0))).toEqual({ id: 0, type: 0, data: "" });
    expect(decodeGeoIP(new Uint8Array(0))).toEqual({ use6: false, ip: undefined, countryCode: "", dashboardBootTime: 0 });
  });

  test.each([
    ["2^53 - 1", "28ffffffffffffff0f", Number.MAX_SAFE_INTEGER],
    ["2^53", "288080808080808010", 2n ** 53n],
    ["2^53 + 1", "288180808080808010", 2n ** 53n + 1n],
    ["2^64 - 1", "28ffffffffffffffffff01", 2n ** 64n - 1n],
    ["2^53 - 1 with a needless byte", "28ffffffffffffff8f00", Number.MAX_SAFE_INTEGER],
  ])("keeps every digit of a counter: %s", (_, message, expected) => {
    expect(decodeState(bytes(message)).netInTransfer).toBe(expected);
  });

  test("GPUs with memory; numbers 19 to 21 of other agents are skipped", () => {
    const gpu = "9201 0f 090000000000404540 10910f 188030";
    const foreign = "980105 a10100000000000000 00 aa0103ff0180";
    expect(decodeState(bytes(`${foreign} ${gpu} 920100`)).gpus).toEqual([
      { utilization: 42.5, memoryUsed: 1937, memoryTotal: 6144 },
      { utilization: 0, memoryUsed: 0, memoryTotal: 0 },
    ]);
  });

  test.each([
    ["a varint for cpu", "0805", "cpu"],
    ["a double for mem_used", "11000000000000f03f", "memUsed"],
    ["bytes for mem_used", "120131", "memUsed"],
    ["a fixed32 for mem_used", "1500000001", "memUsed"],
  ] as const)("skips a known number with another wire type: %s", (_, message, member) => {
    expect(decodeState(bytes(`${message} 3007`))).toMatchObject({ [member]: 0, netOutTransfer: 7 });
  });

  test("skips a varint for a list of messages, and another wire type inside of one", () => {
    expect(decodeState(bytes("800105 820105 0d00000000")).temperatures).toEqual([{ name: "", temperature: 0 }]);
  });

  test("an empty element of a list has zero values; text in unknown fields is not looked at", () => {
    expect(decodeHost(bytes("1a00 ba0602c3c3")).cpu).toEqual([""]);
    expect(decodeState(bytes("820100")).temperatures).toEqual([{ name: "", temperature: 0 }]);
  });

  test("any varint but 0 is true", () => {
    expect(decodeReceipt(bytes("0880808080808080808001")).proced).toBe(true);
    expect(decodeReceipt(bytes("088000")).proced).toBe(false);
  });

  test.each([
    ["ids above 2^32", "088180808010", 2 ** 32 + 1],
    ["2^53 - 1", "08ffffffffffffff0f", UINT64_CLAMP],
    ["2^53, clamped", "0880808080808080 10", UINT64_CLAMP],
    ["2^64 - 1, clamped", "08ffffffffffffffffff01", UINT64_CLAMP],
    ["a number with needless bytes", "088100", 1],
  ])("reads %s", (_, message, expected) => {
    expect(decodeUint64Receipt(bytes(message)).data).toBe(expected);
  });

  test("takes packed, unpacked and mixed doubles", () => {
    const unpacked = "8901000000000000f03f";
    const packed = "8a0110 0000000000000040 0000000000000840";
    expect(decodeState(bytes(`${unpacked} ${packed} ${unpacked}`)).gpu).toEqual([1, 2, 3, 1]);
  });

  test("the last value of a field wins, parts of a nested message merge", () => {
    expect(decodeTask(bytes("0801 0802")).id).toBe(2);
    expect(decodeGeoIP(bytes("1203 0a0161 1203 120162")).ip).toEqual({ ipv4: "a", ipv6: "b" });
  });

  test.each([
    ["a varint", "980601"],
    ["a fixed64", "99060000000000000000"],
    ["a fixed32", "9d0600000000"],
    ["bytes", "9a0603616263"],
    ["a group", "9b06 0801 9c06"],
    ["groups in groups", "9b06 a306 a406 9c06"],
    ["a known number with another wire type", "0d00000000"],
  ])("steps over unknown fields: %s", (_, field) => {
    expect(decodeTask(bytes(`0801 ${field} 1a0178`))).toEqual({ id: 1, type: 0, data: "x" });
  });

  test.each([
    ["a varint cut short", "0880"],
    ["a varint of eleven bytes", "08ffffffffffffffffffff01"],
    ["a varint above 64 bits", "08ffffffffffffffffff02"],
    ["a length beyond the end", "1a05 6162"],
    ["a huge length", "1affffffffffffffff7f"],
    ["field number zero", "0001"],
    ["a field number above 2^29 - 1", "888080808001 01"],
    ["wire type 6", "0e"],
    ["wire type 7", "0f"],
    ["an end of group without a start", "0c"],
    ["a group without an end", "9b06 0801"],
    ["a group with another end", "9b06 a406"],
    ["groups nested without end", "9b06".repeat(5_000)],
    ["a fixed64 cut short", "9906000000"],
  ])("refuses %s", (_, message) => {
    for (const decode of DECODERS) expect(faultOf(() => decode(bytes(message)))).toBe("malformed");
  });

  test("refuses packed doubles of broken length and nested messages that overrun", () => {
    expect(faultOf(() => decodeState(bytes("8a0104 00000000")))).toBe("malformed");
    expect(faultOf(() => decodeState(bytes("820103 0a0561 6262626262")))).toBe("malformed");
  });

  test.each([
    ["short", "1a01ff"],
    ["long", `1a28${"61".repeat(39)}ff`],
    ["an overlong form", "1a02c080"],
    ["a surrogate", "1a03eda080"],
  ])("tells broken UTF-8 from broken protobuf: %s", (_, message) => {
    expect(faultOf(() => decodeTask(bytes(message)))).toBe("utf8");
  });

  test("keeps the texts that peers know", () => {
    expect(() => decodeHost(bytes("0aff"))).toThrow("proto: cannot parse invalid wire-format data");
    expect(() => decodeHost(bytes("0a02c3c3"))).toThrow("string field contains invalid UTF-8");
  });

  test("keeps a bounded number of repeated entries", () => {
    const message = bytes("820100".repeat(MAX_REPEATED + 10));
    expect(decodeState(message).temperatures).toHaveLength(MAX_REPEATED);
  });

  test("different short texts never mix, whatever slot they share", () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `sensor${index}`);
    const again = decodeHost(encodeHost({ cpu: names.slice(0, 4_000), gpu: names.slice(4_000, 8_000) }));
    expect([...again.cpu, ...again.gpu]).toEqual(names.slice(0, 8_000));
  });
});

const text = fc.string({ unit: "grapheme", maxLength: 60 });
const uint = fc.maxSafeNat();
const counter = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(uint64Of);
const double = fc.double({ noNaN: true });
const single = fc.float({ noNaN: true });
const sensor = fc.record({ name: text, temperature: double });

function same<T>(decode: (bytes: Uint8Array) => T, encode: (value: T) => Uint8Array): (value: T) => void {
  return (value) => {
    expect(decode(encode(value))).toEqual(value);
  };
}

describe("every message survives the wire", () => {
  test("State", () => {
    const state = fc.record({
      cpu: double,
      memUsed: counter,
      swapUsed: counter,
      diskUsed: counter,
      netInTransfer: counter,
      netOutTransfer: counter,
      netInSpeed: counter,
      netOutSpeed: counter,
      uptime: counter,
      load1: double,
      load5: double,
      load15: double,
      tcpConnCount: counter,
      udpConnCount: counter,
      processCount: counter,
      temperatures: fc.array(sensor),
      gpu: fc.array(double),
      gpus: fc.array(fc.record({ utilization: double, memoryUsed: counter, memoryTotal: counter })),
    });
    fc.assert(fc.property(state, same(decodeState, encodeState)));
  });

  test("Host", () => {
    const host = fc.record({
      platform: text,
      platformVersion: text,
      cpu: fc.array(text),
      memTotal: counter,
      diskTotal: counter,
      swapTotal: counter,
      arch: text,
      virtualization: text,
      bootTime: uint,
      version: text,
      gpu: fc.array(text),
      rights: fc.array(fc.record({ name: text, until: uint, only: fc.array(text) })),
    });
    fc.assert(fc.property(host, same(decodeHost, encodeHost)));
  });

  test("Task, TaskResult, GeoIP, Uint64Receipt, IOStreamData", () => {
    const result = fc.record({ id: uint, type: uint, delay: single, data: text, successful: fc.boolean() });
    fc.assert(fc.property(result, same(decodeTaskResult, encodeTaskResult)));
    const task = fc.record({ id: uint, type: uint, data: text });
    fc.assert(fc.property(task, same(decodeTask, encodeTask)));
    const ip = fc.option(fc.record({ ipv4: text, ipv6: text }), { nil: undefined });
    const geo = fc.record({ use6: fc.boolean(), ip, countryCode: text, dashboardBootTime: uint });
    fc.assert(fc.property(geo, same(decodeGeoIP, encodeGeoIP)));
    fc.assert(fc.property(fc.record({ data: uint }), same(decodeUint64Receipt, encodeUint64Receipt)));
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        expect(hexOf(decodeIOStreamData(encodeIOStreamData({ data })).data)).toBe(hexOf(data));
      }),
    );
  });
});

test("random bytes either decode or end in a WireError", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (message) => {
      for (const decode of DECODERS) expect([undefined, "malformed", "utf8"]).toContain(faultOf(() => decode(message)));
    }),
    { numRuns: 500 },
  );
});
