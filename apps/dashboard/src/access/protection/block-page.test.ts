import { expect, test } from "vitest";
import { blockPage } from "./block-page.ts";

test("the block page shows its message as text", () => {
  const html = blockPage(`nat host <img src=x onerror="alert('1')">&.example is disabled`);
  expect(html).toContain("nat host &lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;.example is disabled");
  expect(html).not.toContain("<img");
});
