import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAnswerHead } from "./answer-head.ts";

const lines = (...all: string[]): string => all.join("\r\n");
const parse = (text: string, method = "GET") => parseAnswerHead(text, method);

test("an ordinary head: status, reason, headers as they came, without those of the connection", () => {
  expect(parse(lines("HTTP/1.1 200 OK", "X-Own: a", "x-own: b", "Connection: keep-alive, X-Hop", "X-Hop: 1", "Content-Length: 5"))).toEqual(
    {
      status: 200,
      reason: "OK",
      headers: [
        ["X-Own", "a"],
        ["x-own", "b"],
      ],
      framing: { kind: "length", bytes: 5 },
      wouldBe: undefined,
      upgrade: undefined,
    },
  );
});

test.each([
  ["HTTP/1.0 200 OK", 200, "OK"],
  ["HTTP/1.1 404", 404, ""],
  ["HTTP/1.1  200  Fine  ", 200, "Fine"],
  ["http/1.1 200 ok", 200, "ok"],
  ["HTTP/1 200 OK", 200, "OK"],
  ["ICY 200 OK", 200, "OK"],
  ["HTTP/1.1 200 split\rX: y", 200, "split X: y"],
])("the status line %j", (line, status, reason) => {
  expect(parse(line)).toMatchObject({ status, reason });
});

test.each(["", "SSH-2.0-OpenSSH_10", "HTTP/1.1 000 Nothing", "HTTP/1.1 20 OK", "HTTP/2 200", "HTTP/1.1200 OK", "hello HTTP/1.1 200 OK"])(
  "%j is no answer",
  (line) => {
    expect(parse(line)).toBeUndefined();
  },
);

test.each([
  ["a line without a carriage return", "HTTP/1.1 200 OK\nX-Own: a", [["X-Own", "a"]]],
  ["a blank before the colon", lines("HTTP/1.1 200 OK", "X-Own : a"), [["X-Own", "a"]]],
  ["a blank inside of a name", lines("HTTP/1.1 200 OK", "X Own: a", "B: b"), [["B", "b"]]],
  ["a name that is none", lines("HTTP/1.1 200 OK", "X(Own): a", ": b", "no colon", "B: b"), [["B", "b"]]],
  [
    "a folded line",
    lines("HTTP/1.1 200 OK", "X-Own: a", "  b", "\tc", "B: b"),
    [
      ["X-Own", "a b c"],
      ["B", "b"],
    ],
  ],
  ["control characters", "HTTP/1.1 200 OK\r\nX-Own: a\0b\rSet-Cookie: c\x7f", [["X-Own", "a b Set-Cookie: c"]]],
  [
    "a value without a blank before, and an empty one",
    lines("HTTP/1.1 200 OK", "A:a", "B:"),
    [
      ["A", "a"],
      ["B", ""],
    ],
  ],
  ["bytes beyond ASCII", lines("HTTP/1.1 200 OK", "A: \xc3\xa9"), [["A", "\xc3\xa9"]]],
])("%s", (_what, text, headers) => {
  expect(parse(text)?.headers).toEqual(headers);
});

test.each([
  ["a length", ["Content-Length: 5"], { kind: "length", bytes: 5 }],
  ["the same length twice", ["Content-Length: 5", "content-length: 05"], { kind: "length", bytes: 5 }],
  ["the same length in a list", ["Content-Length: 5, 5"], { kind: "length", bytes: 5 }],
  ["a length beside chunks", ["Content-Length: 5", "Transfer-Encoding: chunked"], { kind: "chunked" }],
  ["a length with a blank before the colon", ["Content-Length : 5"], { kind: "length", bytes: 5 }],
  ["chunks said twice", ["Transfer-Encoding: Chunked", "Transfer-Encoding: chunked"], { kind: "chunked" }],
  ["no coding", ["Transfer-Encoding: identity", "Content-Length: 5"], { kind: "length", bytes: 5 }],
  ["an empty length", ["Content-Length:"], { kind: "close" }],
  ["nothing", [], { kind: "close" }],
  ["different lengths", ["Content-Length: 5", "Content-Length: 6"], undefined],
  ["a length that is none", ["Content-Length: -1"], undefined],
  ["a length that is none beside one", ["Content-Length: 5, x"], undefined],
  ["a length beyond all bounds", [`Content-Length: ${"9".repeat(20)}`], undefined],
  ["a coding that nobody understands", ["Transfer-Encoding: gzip, chunked"], undefined],
])("framing by %s", (_what, headers, framing) => {
  expect(parse(lines("HTTP/1.1 200 OK", ...headers))?.framing).toEqual(framing);
});

test.each([
  [204, "GET", undefined],
  [304, "GET", undefined],
  [101, "GET", undefined],
  [200, "HEAD", 5],
])("%i to %s has no body, whatever its length says", (status, method, wouldBe) => {
  const head = parse(lines(`HTTP/1.1 ${status} X`, "Content-Length: 5"), method);
  expect(head?.framing).toEqual({ kind: "none" });
  expect(head?.wouldBe).toBe(wouldBe);
});

test("no answer, however odd, makes a header that could end a line of what the visitor gets", () => {
  const odd = fc.string({ unit: fc.constantFrom(..."\r\n\0:a \tHTTP/1.1 200,;\x7f\xff".split("")), maxLength: 80 });
  fc.assert(
    fc.property(odd, (text) => {
      for (const [name, value] of parse(`HTTP/1.1 200 OK\r\n${text}`)?.headers ?? []) {
        expect(name).toMatch(/^[!#$%&'*+.^_`|~0-9a-zA-Z-]+$/);
        expect(value).toMatch(/^[\t -~\u0080-\u00ff]*$/);
      }
    }),
  );
});
