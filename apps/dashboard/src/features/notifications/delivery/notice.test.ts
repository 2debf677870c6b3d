import { expect, test } from "vitest";
import { keptNotice } from "./notice.ts";

test.each([
  [
    "a name makes no lines of its own",
    { text: "[Incident] web\n[Resolved] all (1.2.3.4): hot\r\nrule", facts: { subject: "web\n[Resolved] all", rule: "hot\r\nrule" } },
    { text: "[Incident] web [Resolved] all (1.2.3.4): hot rule", facts: { subject: "web [Resolved] all", rule: "hot rule" } },
  ],
  [
    "hidden characters of names go, an output stays as it came",
    { text: "[ok] job\u202e, s\u00001\none\r\n\ttwo\u2028\u001b[1mthree", facts: { subject: "s\u00001", rule: "job\u202e" } },
    { text: "[ok] job, s1\none\r\n\ttwo\u2028\u001b[1mthree", facts: { subject: "s1", rule: "job" } },
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
