import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CREDENTIALS, fakeService } from "../testing/fake-service.ts";
import type { FakeService } from "../testing/fake-service.ts";
import type { ProviderCall } from "./provider.ts";
import { webhook, webhookRequest } from "./webhook.ts";

const clock = createFakeClock();
let service: FakeService;

const GET = 1;
const POST = 2;
const DELETE = 4;
const JSON_TYPE = 1;
const FORM_TYPE = 2;
const record: ProviderCall["record"] = { domain: "a.example.com", zone: "example.com", prefix: "a", type: "A" };
const profile = (over: Partial<ProviderCall["profile"]>): ProviderCall["profile"] => ({
  ...CREDENTIALS,
  webhookUrl: "https://dns.test/update",
  webhookMethod: POST,
  webhookRequestType: JSON_TYPE,
  ...over,
});
const request = (over: Partial<ProviderCall["profile"]>, address = "203.0.113.7") =>
  webhookRequest({ profile: profile(over), record }, address);

beforeEach(async () => {
  service = await fakeService("https://dns.test", clock);
});
afterEach(() => service.close());

test("every placeholder, raw in a body", () => {
  const webhookRequestBody =
    ' {"ip":"#ip#","d":"#domain#","t":"#type#","r":"#record#","i":"#access_id#","s":"#access_secret#","x":"#other#"}\r\n';
  expect(request({ webhookRequestBody }).body).toBe(
    '{"ip":"203.0.113.7","d":"a.example.com","t":"ipv4","r":"A","i":"the-access-id","s":"the-access-secret","x":"#other#"}',
  );
  expect(request({ webhookRequestBody: "#ip#", accessId: "#ip#" }).body).toBe("203.0.113.7");
  expect(request({ webhookRequestBody: "#access_id#", accessId: "#ip#" }).body).toBe("#ip#");
});

/** Spec 30 section 5.5: in values of the query only, which is written anew. */
test.each([
  ["https://dns.test/u?z=#domain#&a=#ip#", "https://dns.test/u?a=203.0.113.7&z=a.example.com"],
  ["https://dns.test/#domain#?ip=#ip#", "https://dns.test/%23domain%23?ip=203.0.113.7"],
  ["https://dns.test/u?#ip#=1", "https://dns.test/u?%23ip%23=1"],
  ["https://dns.test/u?t=a b&t=~", "https://dns.test/u?t=a+b&t=~"],
  ["https://dns.test/u?s=#access_secret#", "https://dns.test/u?s=the-access-secret"],
  [" https://dns.test/u ", "https://dns.test/u"],
])("%s goes to %s", (webhookUrl, url) => {
  expect(request({ webhookUrl }).url).toBe(url);
});

test("an address cannot break out of the query", () => {
  expect(request({ webhookUrl: "https://dns.test/u?ip=#ip#&k=1" }, "1&k=2#x").url).toBe("https://dns.test/u?ip=1%26k%3D2%23x&k=1");
});

test("headers are filled in before they are read, and go over the content type", () => {
  const { headers } = request({ webhookHeaders: '{"X-Key":"#access_secret#","Content-Type":"text/plain","n":1}' });
  expect(headers).toEqual({ "content-type": "text/plain", "x-key": "the-access-secret", n: "1" });
});

test("a form is a JSON object of fields, sorted by name", () => {
  const { body, headers } = request({ webhookRequestType: FORM_TYPE, webhookRequestBody: '{"z":"#ip# &","a":"#domain#","n":1,"0":null}' });
  expect(body).toBe("0=null&a=a.example.com&n=1&z=203.0.113.7+%26");
  expect(headers).toEqual({ "content-type": "application/x-www-form-urlencoded" });
});

test.each([
  ["GET", { webhookMethod: GET, webhookRequestType: 9 }, "GET", {}],
  ["an unknown method", { webhookMethod: 77 }, "GET", {}],
  ["DELETE", { webhookMethod: DELETE, webhookRequestType: 9 }, "DELETE", { "content-type": "application/json" }],
])("%s has no body", (_label, over, method, headers) => {
  expect(request({ ...over, webhookRequestBody: "x" })).toMatchObject({ method, body: "", headers });
});

test.each([
  [{ webhookRequestType: 3 }, "request type not supported"],
  [{ webhookHeaders: "nonsense" }, "webhook_headers: not a JSON object"],
  [{ webhookHeaders: '["a"]' }, "webhook_headers: not a JSON object"],
  [{ webhookRequestType: FORM_TYPE, webhookRequestBody: "a=1" }, "webhook_request_body: not a JSON object"],
  [{ webhookUrl: "" }, "webhook_url: not a URL"],
])("%j: no try heals it", (over, reason) => {
  expect(() => request(over)).toThrow(expect.objectContaining({ message: reason, final: true }) as Error);
});

test("it arrives, and 2xx is success", async () => {
  const call = { profile: profile({ webhookRequestBody: '{"ip":"#ip#"}' }), record, send: service.outbound.send, now: clock.now };
  service.answer = () => ({ status: 204 });
  await webhook.set(call, "203.0.113.7");
  expect(service.asked).toMatchObject([{ method: "POST", path: "/update", body: '{"ip":"203.0.113.7"}' }]);
  service.answer = () => ({ status: 418, body: "the-access-secret is wrong" });
  await expect(webhook.set(call, "203.0.113.7")).rejects.toThrow(/^418@418 I'm a Teapot$/);
  service.answer = () => ({ status: 302, headers: { location: "https://elsewhere.test/" } });
  await expect(webhook.set(call, "203.0.113.7")).rejects.toThrow("302@302 Found");
  service.answer = () => ({ status: 429, headers: { "retry-after": "7" } });
  await expect(webhook.set(call, "203.0.113.7")).rejects.toMatchObject({ afterMs: 7_000 });
});
