import { expect, test } from "vitest";
import { changeWords, isChange } from "./change-words.ts";

const unknown = () => undefined;

test("a row is told by the name that the line holds, else by the one it has, else by its number", () => {
  const line = { action: "server.update", kind: "server", key: "7", fields: [{ field: "name", from: "old", to: "new" }] };
  expect(changeWords(line, unknown)).toEqual({ kind: "nav.servers", verb: "update", name: "new" });
  const gone = { ...line, action: "server.delete", fields: [{ field: "name", from: "old" }] };
  expect(changeWords(gone, unknown)).toMatchObject({ verb: "delete", name: "old" });
  const plain = { ...line, fields: [{ field: "note", to: "x" }] };
  expect(changeWords(plain, (kind, key) => `${kind} ${key}`).name).toBe("server 7");
  expect(changeWords(plain, unknown).name).toBe("#7");
});

test("what has no words keeps those of the log", () => {
  const line = { action: "mcp.server.exec", kind: "mcp", key: "", fields: [] };
  expect(changeWords(line, unknown)).toEqual({ kind: undefined, verb: undefined, name: "" });
});

test("who came and went, and what the program did by itself, is no change", () => {
  const of = (actor: "user" | "mcp" | "system" | "guest", action: string) => isChange({ actor, action });
  expect(of("user", "server.update")).toBe(true);
  expect(of("mcp", "mcp.server.exec")).toBe(true);
  expect(of("user", "user.update")).toBe(true);
  expect(of("user", "user.sign-in")).toBe(false);
  expect(of("system", "server.register")).toBe(false);
  expect(of("guest", "user.sign-in-failed")).toBe(false);
});
