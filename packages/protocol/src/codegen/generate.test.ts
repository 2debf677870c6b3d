import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseProto } from "./proto-file.ts";
import { renderCodec } from "./typescript.ts";

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

test("the checked-in codec is what the .proto file generates", () => {
  expect(renderCodec(parseProto(read("../nezha.proto")))).toBe(read("../codec/messages.gen.ts"));
});

test.each([
  ["a line it does not know", "message A {\n  oneof x {\n}", "line 2 is not understood: oneof x {"],
  ["an unknown type", "message A {\n  B b = 1;\n}", "A.b has the unknown type B"],
  ["a number used twice", "message A {\n  bool a = 1;\n  bool b = 1;\n}", "A uses a field number twice"],
  ["a repeated scalar without support", "message A {\n  repeated bool a = 1;\n}", "A.a: repeated bool is not supported"],
  ["a plain number that is no uint64", "message A {\n  bool a = 1 [jstype = JS_NUMBER];\n}", "A.a: jstype is for uint64"],
  ["text outside of messages", "import x;", "line 1 is not understood: import x;"],
])("a .proto file with %s is refused", (_, text, error) => {
  expect(() => parseProto(text)).toThrow(error);
});
