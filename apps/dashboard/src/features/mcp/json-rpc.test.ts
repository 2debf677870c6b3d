import { expect, test } from "vitest";
import { parseEnvelope, rpcError, rpcResult } from "./json-rpc.ts";

const PARSE = "invalid json-rpc envelope: ";

test.each([
  ["", -32_700, PARSE, undefined],
  ["{", -32_700, PARSE, undefined],
  ["[]", -32_700, PARSE, undefined],
  ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32_700, PARSE, undefined],
  ["12", -32_700, PARSE, undefined],
  ['{"jsonrpc":2,"id":1,"method":"ping"}', -32_700, PARSE, undefined],
  ['{"jsonrpc":"2.0","id":1,"method":{}}', -32_700, PARSE, undefined],
  [`{"jsonrpc":"2.0","method":"ping","params":${"[".repeat(70)}${"]".repeat(70)}}`, -32_700, PARSE, undefined],
  ["null", -32_600, "invalid json-rpc envelope", undefined],
  ["{}", -32_600, "invalid json-rpc envelope", undefined],
  ['{"jsonrpc":"1.0","id":7,"method":"ping"}', -32_600, "invalid json-rpc envelope", 7],
  ['{"jsonrpc":"2.0","id":null,"method":""}', -32_600, "invalid json-rpc envelope", null],
  ['{"jsonrpc":"2.0","id":"x","method":null}', -32_600, "invalid json-rpc envelope", "x"],
])("%s is answered with %i", (body, code, text, id) => {
  const envelope = parseEnvelope(body);
  if (!("fault" in envelope)) return expect.unreachable("no fault");
  expect(envelope.fault.status).toBe(200);
  const answer = JSON.parse(envelope.fault.body ?? "") as { id?: unknown; error: { code: number; message: string } };
  expect(answer.error.code).toBe(code);
  expect(answer.error.message.startsWith(text)).toBe(true);
  expect(answer.id).toBe(id);
});

test.each(['"a\\u0062"', "1.50", "18446744073709551616", "null", '{"x" : 1}'])("an id comes back as it was written: %s", (id) => {
  const envelope = parseEnvelope(`{"jsonrpc":"2.0","id":${id},"method":"ping"} and more`);
  if ("fault" in envelope) return expect.unreachable(envelope.fault.body);
  expect(rpcResult(envelope.message.id, "{}").body).toBe(`{"jsonrpc":"2.0","id":${id},"result":{}}`);
});

test("an unknown id is left out, not null", () => {
  expect(rpcError(undefined, -32_601, "m").body).toBe('{"jsonrpc":"2.0","error":{"code":-32601,"message":"m"}}');
});
