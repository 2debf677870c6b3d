import { expect, test } from "vitest";
import { authenticateHeader } from "./authenticate-header.ts";
import { blockPage } from "./block-page.ts";

test("the block page shows its message as text", () => {
  const html = blockPage(`nat host <img src=x onerror="alert('1')">&.example is disabled`);
  expect(html).toContain("nat host &lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;.example is disabled");
  expect(html).not.toContain("<img");
});

test.each([
  ["Ref", "JWT realm=Ref"],
  ["", "JWT realm=gin jwt"],
  ["a\r\nset-cookie: x", "JWT realm=aset-cookie: x"],
])("realm of %j", (site, expected) => {
  expect(authenticateHeader(site)).toBe(expected);
});

test("a realm beyond ASCII travels as its UTF-8 bytes", () => {
  const header = authenticateHeader("哪吒监控");
  expect(() => new Headers({ "www-authenticate": header })).not.toThrow();
  expect(Buffer.from(header, "latin1").toString("utf8")).toBe("JWT realm=哪吒监控");
});
