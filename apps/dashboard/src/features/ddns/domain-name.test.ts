import fc from "fast-check";
import { expect, test } from "vitest";
import { asciiDomain } from "./domain-name.ts";

test.each([
  ["a.example.com", "a.example.com"],
  ["B.Example.Com", "b.example.com"],
  ["münchen.example", "xn--mnchen-3ya.example"],
  ["xn--mnchen-3ya.example", "xn--mnchen-3ya.example"],
  ["straße.de", "xn--strae-oqa.de"],
  ["例え。テスト", "xn--r8jz45g.xn--zckzah"],
  ["１.de", "1.de"],
  ["0x7f.1", "0x7f.1"],
  ["192.0.2.1", "192.0.2.1"],
  ["example.com.", "example.com."],
  [`${"a".repeat(63)}.b`, `${"a".repeat(63)}.b`],
])("%s is %s", (text, domain) => {
  expect(asciiDomain(text)).toEqual({ domain });
});

test.each([
  ["*.replay.test", "idna: disallowed rune U+002A"],
  ["a b.test", "idna: disallowed rune U+0020"],
  ["a_b.test", "idna: disallowed rune U+005F"],
  ["＿a.test", "idna: disallowed rune U+005F"],
  ["a%41.test", "idna: disallowed rune U+0025"],
  ["[::1]", "idna: disallowed rune U+005B"],
  ["-a.test", 'idna: invalid label "-a"'],
  ["ab--c.test", 'idna: invalid label "ab--c"'],
  ["a..b", 'idna: invalid label ""'],
  ["xn--a.test", 'idna: invalid label "xn--a"'],
  [`${"a".repeat(64)}.b`, `idna: invalid label "${"a".repeat(64)}"`],
  ["ab.".repeat(90), "idna: invalid domain name: longer than 253 characters"],
])("%s is refused", (text, error) => {
  expect(asciiDomain(text)).toEqual({ error });
});

test("whatever is accepted is a host name, and is itself accepted as it is", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme" }), fc.domain()), (text) => {
      const first = asciiDomain(text);
      if ("error" in first) return;
      expect(first.domain).toMatch(/^[a-z0-9.-]+$/);
      expect(asciiDomain(first.domain)).toEqual(first);
    }),
  );
});
