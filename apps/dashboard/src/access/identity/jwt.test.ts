import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { createJwt } from "./jwt.ts";

const KEY = "k".repeat(64);
const CLAIMS = { uid: "T9Aymshv", keyId: "a".repeat(32), exp: 1_760_000_000, orig_iat: 1_759_996_400 };

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const hmac = (algorithm: string, key: string, text: string): string => createHmac(algorithm, key).update(text).digest("base64url");

function forge(header: object, algorithm: string, key = KEY): string {
  const text = `${part(header)}.${part(CLAIMS)}`;
  return `${text}.${hmac(algorithm, key, text)}`;
}

test("a token says what was signed, with the header clients know", () => {
  const jwt = createJwt(KEY);
  const token = jwt.sign(CLAIMS);
  expect(jwt.verify(token)).toEqual(CLAIMS);
  expect(JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString())).toEqual({ alg: "HS256", typ: "JWT" });
});

test("a token of the reference is read", () => {
  expect(createJwt(KEY).verify(forge({ alg: "HS256", typ: "JWT" }, "sha256"))).toEqual(CLAIMS);
});

test.each([
  ["another key", forge({ alg: "HS256", typ: "JWT" }, "sha256", "x".repeat(64))],
  ["another algorithm", forge({ alg: "HS512", typ: "JWT" }, "sha512")],
  ["no algorithm", `${part({ alg: "none", typ: "JWT" })}.${part(CLAIMS)}.`],
  ["no signature", `${part({ alg: "HS256", typ: "JWT" })}.${part(CLAIMS)}.`],
  ["text", "garbage"],
  ["nothing", ""],
])("a token with %s is no token", (_label, token) => {
  expect(createJwt(KEY).verify(token)).toBeUndefined();
});
