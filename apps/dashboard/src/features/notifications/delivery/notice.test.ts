import { expect, test } from "vitest";
import { keptNotice } from "./notice.ts";

test.each([
  [
    "a name makes no lines of its own",
    { text: "[Incident] web\n[Resolved] all (1.2.3.4): hot\r\nrule", facts: { subject: "web\n[Resolved] all", rule: "hot\r\nrule" } },
    { text: "[Incident] web [Resolved] all (1.2.3.4): hot rule", facts: { subject: "web [Resolved] all", rule: "hot rule" } },
  ],
  ["hidden characters go", { text: "\u001b[1mup\u202e\u0000" }, { text: "[1mup" }],
  [
    "the lines of an output stay",
    { text: "[ok] job, s1\none\r\n\ttwo", facts: { subject: "s1", rule: "job" } },
    { text: "[ok] job, s1\none\n\ttwo", facts: { subject: "s1", rule: "job" } },
  ],
  ["a name is no pattern", { text: "a$&b: x", facts: { subject: "a$&b" } }, { text: "a$&b: x", facts: { subject: "a$&b" } }],
  [
    "figures stay what they are, a note keeps its lines",
    { text: "t", facts: { value: "97 %", since: 5, note: "one\ntwo", subject: "" } },
    { text: "t", facts: { value: "97 %", since: 5, note: "one\ntwo", subject: "" } },
  ],
])("%s", (_, notice, kept) => {
  expect(keptNotice(notice)).toEqual(kept);
});

test("what is too long is cut and says so", () => {
  const { text, facts } = keptNotice({ text: "x".repeat(70_000), facts: { rule: "y".repeat(5_000) } });
  expect([text.length, text.at(-1), facts?.rule?.length, facts?.rule?.at(-1)]).toEqual([65_537, "…", 4_097, "…"]);
});
