import { expect, test } from "vitest";
import { fill, fillUrl, humanSize, jsonEscape, placeholderValues } from "./placeholders.ts";

const values = new Map([
  ["NEZHA", 'a "b" & #DATETIME#'],
  ["DATETIME", "now"],
]);

test("placeholders are replaced once, unknown ones stay", () => {
  expect(fill("#NEZHA#|#SERVER.NAME#|#DATETIME#", values, (value) => value)).toBe('a "b" & #DATETIME#|#SERVER.NAME#|now');
});

test("values inside JSON cannot end the string", () => {
  expect(fill('{"t":"#NEZHA#"}', values, jsonEscape)).toBe('{"t":"a \\"b\\" \\u0026 #DATETIME#"}');
  expect(jsonEscape("</script>\u2028")).toBe("\\u003c/script\\u003e\\u2028");
});

test("values in a URL are query-escaped; server placeholders without a server become empty", () => {
  expect(fillUrl("https://h/?t=#NEZHA#&s=#SERVER.NAME#&x=(1)", new Map([["NEZHA", "a b(c)'*~"]]))).toBe(
    "https://h/?t=a+b%28c%29%27%2A~&s=&x=(1)",
  );
});

/** Spec 30 section 3.3. */
test.each([
  [0, "0 B"],
  [9, "9 B"],
  [512, "512 B"],
  [1024, "1.0 kB"],
  [1536, "1.5 kB"],
  [16_384, "16 kB"],
  [1_000_000_000, "954 MB"],
  [5.5e12, "5.0 TB"],
])("%i bytes are %s", (bytes, text) => {
  expect(humanSize(bytes)).toBe(text);
});

test("a placeholder is filled wherever it stands, also right behind another sign", () => {
  const same = (value: string): string => value;
  expect(fill("#1#DATETIME##DATETIME#DATETIME#", values, same)).toBe("#1nownowDATETIME#");
});

const unreported = { settings: { id: 7, name: "web" }, address: { ipv4: "", ipv6: "" }, host: undefined, state: undefined };

test("of a server that never reported there are its name and id, everything else stays as it is", () => {
  const found = placeholderValues("down", "now", unreported, false);
  expect(fill("#NEZHA# #SERVER.NAME# #SERVER.ID# #SERVER.IP# #SERVER.CPU#", found, (value) => value)).toBe(
    "down web 7 #SERVER.IP# #SERVER.CPU#",
  );
});

test("addresses are there once one was reported; a family that is missing is empty", () => {
  const found = placeholderValues("down", "now", { ...unreported, address: { ipv4: "", ipv6: "2001:db8::1" } }, false);
  expect(fill("#SERVER.IP#|#SERVER.IPV4#|#SERVER.IPV6#", found, (value) => value)).toBe("2001:db8::1||2001:db8::1");
});
