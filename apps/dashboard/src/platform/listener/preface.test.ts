import { Buffer } from "node:buffer";
import { HTTP2_PREFACE } from "@windfire/testkit";
import { expect, test } from "vitest";
import { bindHost, peerOf } from "./address.ts";
import { protocolOf } from "./preface.ts";

test.each([
  ["", undefined],
  ["P", undefined],
  ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r", undefined],
  [HTTP2_PREFACE, "http2"],
  [`${HTTP2_PREFACE}\0\0`, "http2"],
  ["POST / HTTP/1.1\r\n", "http1"],
  ["PRI / HTTP/1.1\r\n", "http1"],
  ["GET", "http1"],
  ["\x16\x03\x01", "http1"],
])("%j speaks %s", (bytes, protocol) => {
  expect(protocolOf(Buffer.from(bytes, "latin1"))).toBe(protocol);
});

test.each([
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "2001:db8::1"],
  ["::ffff:0:1", "0.0.0.1"],
  [undefined, undefined],
])("peer %s is %s", (remoteAddress, peer) => {
  expect(peerOf({ remoteAddress })).toBe(peer);
});

test.each([
  ["", undefined],
  ["[::1]", "::1"],
  ["127.0.0.1", "127.0.0.1"],
])("host %j binds to %s", (host, name) => {
  expect(bindHost(host)).toBe(name);
});
