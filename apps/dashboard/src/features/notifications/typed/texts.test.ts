import fc from "fast-check";
import { expect, test } from "vitest";
import { CHANNEL_KINDS } from "../channels/registry.ts";
import { redact } from "./redact.ts";
import { cutTo, fillTemplate, lengthOf } from "./templates.ts";
import { composeMessage } from "./texts.ts";
import type { TextDeps, Told } from "./texts.ts";

const deps: TextDeps = {
  translate: (id, ...args) => {
    const rest = [...args];
    return id.replaceAll(/%[ds]/g, () => String(rest.shift()));
  },
  formatDateTime: String,
  server: (id) =>
    id === 5
      ? { settings: { id, name: "web-5", note: "rack 4" }, address: { ipv4: "", ipv6: "" }, host: undefined, state: undefined }
      : undefined,
  site: () => "https://m.example.org",
};
const told = (text: string, over: Partial<Told["notice"]> = {}, id = 1): Told => ({
  id,
  createdAt: 7,
  kind: "incident",
  event: `e${id}`,
  notice: { text, ...over },
});
const rules = (limit: Parameters<typeof composeMessage>[1]["limit"], options = { title: "", body: "" }) => ({
  limit,
  options,
  humanUnits: true,
  now: 0,
});

test.each([
  ["#A# and #B#", "1 and "],
  ["#B#", ""],
  ["x\n#B#: #C#\ny", "x\ny"],
  ["x\n\ny", "x\n\ny"],
  ["no #placeholder# here, #1#", "no #placeholder# here, #1#"],
  ["#D#", "#A#"],
])("%j becomes %j", (template, expected) => {
  expect(
    fillTemplate(
      template,
      new Map([
        ["A", "1"],
        ["B", ""],
        ["D", "#A#"],
      ]),
    ),
  ).toBe(expected);
});

test("no text is longer than its service takes, nor cut within a character", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "binary", maxLength: 400 }), { minLength: 1, maxLength: 60 }),
      fc.constantFrom(...CHANNEL_KINDS),
      (texts, { limit }) => {
        const all = texts.map((text, index) => told(text, { facts: { subject: `s${index}` } }, index));
        const message = composeMessage(all, rules(limit), deps);
        const unit = limit.unit ?? "characters";
        const whole = limit.title === undefined ? `${message.title}\n${message.text}` : message.text;
        expect(lengthOf(whole, unit)).toBeLessThanOrEqual(limit.text);
        if (limit.title !== undefined) expect(lengthOf(message.title, unit)).toBeLessThanOrEqual(limit.title);
        expect(message.title).not.toContain("\n");
      },
    ),
  );
});

test.each([
  ["abcdef", 4, "characters", "abc…"],
  ["abcd", 4, "characters", "abcd"],
  ["€€€", 7, "bytes", "€…"],
  ["a😀😀", 4, "characters", "a😀…"],
  ["a😀😀", 3, "characters", "a…"],
] as const)("%j cut to %d %s is %j", (text, most, unit, expected) => {
  expect(cutTo(text, most, unit)).toBe(expected);
});

test("the first line is the title, the others are details; a first line as long as a page is no title", () => {
  expect(composeMessage([told("[Task OK] backup\nline 1\nline 2")], rules({ text: 1_000 }), deps)).toMatchObject({
    title: "[Task OK] backup",
    text: "line 1\nline 2",
    event: "e1",
    id: "1.7",
  });
  const long = "x".repeat(300);
  const message = composeMessage([told(long)], rules({ title: 500, text: 1_000 }), deps);
  expect([message.title.length, message.text]).toEqual([200, long]);
});

test("a server names the subject where the notice does not, and its placeholders are filled", () => {
  const options = { title: "#SUBJECT#", body: "#SERVER.NAME# #SERVER.ID#, #SERVER.NOTE#" };
  expect(composeMessage([told("t", { serverId: 5 })], rules({ text: 100 }, options), deps)).toMatchObject({
    title: "web-5",
    text: "web-5 5, rack 4",
  });
});

test("the note of a server goes nowhere unless a template names it", () => {
  expect(JSON.stringify(composeMessage([told("t", { serverId: 5 })], rules({ text: 1_000 }), deps))).not.toContain("rack 4");
});

test("several are as urgent as the worst, and have a name that is theirs in any order of time", () => {
  const two = [told("a", { severity: "warning" }, 1), told("b", { severity: "critical" }, 2)];
  const message = composeMessage(two, rules({ text: 100 }), deps);
  expect(message).toMatchObject({ severity: "critical", kind: "incident", event: "", link: "" });
  expect(composeMessage(two, rules({ text: 100 }), deps).id).toBe(message.id);
  expect(composeMessage([told("a", {}, 1), told("c", {}, 3)], rules({ text: 100 }), deps).id).not.toBe(message.id);
  const mixed = [told("a", {}, 1), { ...told("b", {}, 2), kind: "recovery" as const }];
  expect(composeMessage(mixed, rules({ text: 100 }), deps).kind).toBe("incident");
});

test("hidden characters of an output are not said, its lines are", () => {
  const message = composeMessage([told("[ok] job, s1\none\r\n\ttwo\u2028\u001b[1mthree\u202e\u0000")], rules({ text: 100 }), deps);
  expect(message.title).toBe("[ok] job, s1");
  expect(message.text).toContain("one\n\ttwo\n[1mthree");
});

test.each([
  ["token abcdefgh was wrong", ["abcdefgh"], "token ••• was wrong"],
  ["POST /hooks/T000/SECRETPART failed", ["https://h.example/hooks/T000/SECRETPART"], "POST ••• failed"],
  ["key SECRETPART", ["https://h.example/hooks/T000/SECRETPART"], "key •••"],
  ["sig=a%2Fb%2Fc", ["a/b/c"], "sig=•••"],
  ["basic c2VjcmV0LXdvcmQ=", ["secret-word"], "basic •••"],
  ["X-Key value-1 and value-2", ["X-Key: value-1\nX-Other: value-2"], "X-Key ••• and •••"],
  ["a b is fine", ["a"], "a b is fine"],
  ["two\nlines\u0000\u2028here", [], "two lines here"],
])("%j without %j is %j", (text, secrets, expected) => {
  expect(redact(text, secrets)).toBe(expected);
});
