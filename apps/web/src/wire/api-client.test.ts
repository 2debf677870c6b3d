import { expect, test } from "vitest";
import { createApiClient, readCookie } from "./api-client.ts";
import { ApiFailure } from "./api-error.ts";

/** A dashboard that gives the answers of a list, one per call, and remembers what was asked. */
function scripted(...answers: (() => Response)[]) {
  const asked: Request[] = [];
  const pauses: number[] = [];
  const client = createApiClient({
    fetch: async (input, init) => {
      asked.push(new Request(new URL(String(input), "http://dashboard.test"), init));
      const answer = answers.shift();
      if (answer === undefined) throw new TypeError("fetch failed");
      return answer();
    },
    cookies: () => "other=1; nz-csrf=nonce.sig",
    pause: async (ms) => void pauses.push(ms),
  });
  return { client, asked, pauses };
}
const json =
  (body: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(body), { status });

test("the envelope is taken off, and a missing data is null", async () => {
  const { client } = scripted(json({ success: true, data: [1] }), json({ success: true }));
  expect(await client.get("/server")).toEqual([1]);
  expect(await client.get("/server")).toBeNull();
});

test.each([
  ["refused", json({ error: "server id 3 does not exist" }), "server id 3 does not exist"],
  ["signed-out", json({ success: false, error: "ApiErrorUnauthorized" }), "ApiErrorUnauthorized"],
  ["signed-out", json({ error: "ApiErrorUnauthorized: api token expired" }, 401), "ApiErrorUnauthorized: api token expired"],
  [
    "forbidden",
    json({ error: "ApiErrorForbidden: missing or invalid CSRF token" }, 403),
    "ApiErrorForbidden: missing or invalid CSRF token",
  ],
  ["forbidden", () => new Response("<html>blocked</html>", { status: 403 }), "HTTP 403"],
  ["broken", () => new Response("", { status: 500 }), "HTTP 500"],
  ["broken", () => new Response("<html>", { status: 200 }), "The answer is not JSON"],
] as const)("a failure is %s and keeps the dashboard's words", async (kind, answer, message) => {
  const { client } = scripted(answer);
  const failure = await client.post("/login", {}).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiFailure);
  expect(failure).toMatchObject({ kind, message });
});

test("reads are tried again while the dashboard is away, with growing pauses", async () => {
  const { client, asked, pauses } = scripted(() => new Response("", { status: 502 }), json({ success: true, data: 7 }));
  expect(await client.get("/setting")).toBe(7);
  expect(asked).toHaveLength(2);
  expect(pauses).toEqual([400]);
  await expect(client.get("/setting")).rejects.toMatchObject({ kind: "unreachable" });
  expect(asked).toHaveLength(5);
});

test("what needs a proof is sent again once it is there, and refused when it is not", async () => {
  const proofs = [true, false, true];
  let asked = 0;
  const refusal = json({ success: false, error: "confirm it is you: sign in again" });
  const answers = [refusal, json({ success: true, data: 5 }), refusal, refusal, refusal];
  const client = createApiClient({
    fetch: async () => answers.shift()?.() ?? new Response("", { status: 500 }),
    cookies: () => "",
    pause: async () => undefined,
    confirm: async () => proofs[asked++] === true,
  });
  expect(await client.post("/user", {})).toBe(5);
  const message = "confirm it is you: sign in again";
  await expect(client.post("/user", {})).rejects.toMatchObject({ kind: "refused", message });
  await expect(client.post("/user", {})).rejects.toMatchObject({ kind: "refused", message });
  expect([asked, answers.length]).toEqual([3, 0]);
});

test("writes are tried once and carry the CSRF pair", async () => {
  const { client, asked } = scripted();
  await expect(client.patch("/server/1", { name: "a" })).rejects.toMatchObject({ kind: "unreachable" });
  expect(asked).toHaveLength(1);
  expect(asked[0]?.headers.get("X-CSRF-Token")).toBe("nonce.sig");
  expect(await asked[0]?.text()).toBe('{"name":"a"}');
});

test("reads have no CSRF header, and undefined parameters are left out", async () => {
  const { client, asked } = scripted(json({ success: true }));
  await client.get("/waf", { query: { limit: 25, offset: undefined } });
  expect(asked[0]?.headers.has("X-CSRF-Token")).toBe(false);
  expect(asked[0]?.url).toBe("http://dashboard.test/api/v1/waf?limit=25");
});

test.each([
  ["a=1; nz-csrf=x.y", "x.y"],
  ["nz-csrf=", undefined],
  ["not-nz-csrf=1", undefined],
  ["", undefined],
])("the cookie in %j is %s", (cookies, expected) => {
  expect(readCookie(cookies, "nz-csrf")).toBe(expected);
});
