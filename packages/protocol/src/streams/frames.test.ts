import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatFileRequest, formatFileResponse, parseFileRequest, parseFileResponse, type FileResponse } from "./file.ts";
import { formatHandshake, parseHandshake } from "./handshake.ts";
import { formatMcpFrame, parseMcpFrame, type McpFrame } from "./mcp-transfer.ts";
import { formatTerminalInput, formatTerminalResize, parseTerminalFrame } from "./terminal.ts";

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

function hexOf(frame: Uint8Array): string {
  return Buffer.from(frame).toString("hex");
}

describe("handshake", () => {
  test("is the magic and the stream id", () => {
    expect(hexOf(formatHandshake("st"))).toBe("ff05ff057374");
    expect(parseHandshake(bytes("ff05ff057374"))).toBe("st");
    expect(parseHandshake(bytes("ff05ff05"))).toBe("");
  });

  test.each(["", "ff05ff", "ff05ff0673"])("%j is none", (frame) => {
    expect(parseHandshake(bytes(frame))).toBeUndefined();
  });
});

describe("terminal", () => {
  test("input and resize", () => {
    expect(hexOf(formatTerminalInput("ls"))).toBe("006c73");
    expect(parseTerminalFrame(bytes("006c73"))).toEqual({ kind: "input", bytes: bytes("6c73") });
    expect(parseTerminalFrame(formatTerminalResize(80, 24))).toEqual({ kind: "resize", cols: 80, rows: 24 });
  });

  test.each([
    ["an empty frame", new Uint8Array(0)],
    ["an unknown kind", Uint8Array.of(2, 65)],
    ["bad JSON", Uint8Array.of(1, 0x7b)],
    ["null", Uint8Array.of(1, ...Buffer.from("null"))],
    ["too few columns", formatTerminalResize(1, 24)],
    ["too many rows", formatTerminalResize(80, 501)],
    ["half a row", formatTerminalResize(80, 2.5)],
  ])("ignores %s", (_, frame) => {
    expect(parseTerminalFrame(frame)).toBeUndefined();
  });
});

describe("file manager", () => {
  test("requests", () => {
    expect(hexOf(formatFileRequest({ kind: "list", path: "/a" }))).toBe("002f61");
    expect(hexOf(formatFileRequest({ kind: "upload", size: 258, path: "/a" }))).toBe("0200000000000001022f61");
    for (const request of [
      { kind: "list", path: "" },
      { kind: "download", path: "/é" },
      { kind: "upload", size: 2 ** 40, path: "/x" },
    ] as const) {
      expect(parseFileRequest(formatFileRequest(request))).toEqual(request);
    }
  });

  test.each([
    ["", "invalid"],
    ["02000000", "invalid"],
    ["09ff", "unknown"],
  ])("request %j is %s", (frame, verdict) => {
    expect(parseFileRequest(bytes(frame))).toBe(verdict);
  });

  test("a listing as the protocol page shows it", () => {
    const listing: FileResponse = {
      kind: "listing",
      path: "wire-list",
      entries: [
        { kind: "file", name: "a" },
        { kind: "directory", name: "d" },
      ],
    };
    const frame = `4e5a464e00000009${hexOf(Buffer.from("wire-list"))}000161010164`;
    expect(hexOf(formatFileResponse(listing))).toBe(frame);
    expect(parseFileResponse(bytes(frame))).toEqual(listing);
  });

  test.each([{ kind: "download", size: 5 }, { kind: "uploaded" }, { kind: "error", text: "boom" }] as const)("$kind", (response) => {
    expect(parseFileResponse(formatFileResponse(response))).toEqual(response);
  });

  test.each([
    ["file data", "0102"],
    ["a listing cut in its head", "4e5a464e0000"],
    ["a listing cut in its path", "4e5a464e0000000961"],
    ["a listing cut in an entry", "4e5a464e00000000 000561"],
    ["a longer upload mark", "4e5a555000"],
  ])("%s is no response", (_, frame) => {
    expect(parseFileResponse(bytes(frame))).toBeUndefined();
  });

  test("names that do not fit are left out of a listing", () => {
    const entries = [{ kind: "file", name: "n".repeat(256) }] as const;
    expect(parseFileResponse(formatFileResponse({ kind: "listing", path: "/", entries }))).toEqual({
      kind: "listing",
      path: "/",
      entries: [],
    });
  });
});

describe("MCP file frames", () => {
  const digest = Uint8Array.from({ length: 32 }, (_, index) => index);

  test.each<McpFrame>([
    { kind: "upload-ready", size: 9 },
    { kind: "download-header", size: 9, sha256: digest },
    { kind: "data", payload: Uint8Array.of(1, 2) },
    { kind: "done", size: 9, sha256: digest },
    { kind: "error", text: "no such file" },
  ])("$kind survives", (frame) => {
    expect(parseMcpFrame(formatMcpFrame(frame))).toEqual(frame);
  });

  test.each([
    ["4e5a", "frame too short"],
    ["4e5a5455 00", "upload header too short"],
    ["4e5a5444 0000000000000001", "download header too short"],
    ["4e5a544f 0000000000000001", "ok header too short"],
    ["4e5a5443 0000", "frame too short"],
    ["4e5a5443 0000000000000005 01", "data frame length mismatch"],
    ["41424344", "unexpected frame magic"],
  ])("%s: %s", (frame, fault) => {
    expect(parseMcpFrame(bytes(frame))).toBe(fault);
  });

  test("an error text is cut", () => {
    const frame = bytes(`4e5a5445${"61".repeat(10_000)}`);
    expect(parseMcpFrame(frame)).toEqual({ kind: "error", text: "a".repeat(8192) });
  });
});

test("no bytes make a parser throw", () => {
  const heads = fc.constantFrom("", "4e5a464e", "4e5a5444", "4e5a5443", "4e5a5455", "4e5a544f", "4e5a5445", "01", "02", "ff05ff05");
  fc.assert(
    fc.property(heads, fc.uint8Array({ maxLength: 60 }), (head, tail) => {
      const frame = Buffer.concat([bytes(head), tail]);
      for (const parse of [parseHandshake, parseTerminalFrame, parseFileRequest, parseFileResponse, parseMcpFrame])
        expect(() => parse(frame)).not.toThrow();
    }),
  );
});
