import { createHmac } from "node:crypto";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CREDENTIALS, fakeService } from "../testing/fake-service.ts";
import type { Asked, FakeAnswer, FakeService } from "../testing/fake-service.ts";
import type { ProviderCall } from "./provider.ts";
import { canonicalRequest, sha256 } from "./tencent-signature.ts";
import { tencentcloud } from "./tencentcloud.ts";

const clock = createFakeClock();
let service: FakeService;
let call: ProviderCall;
let records: { RecordId: number; Name: string; Type: string; Value: string }[];

const says = (response: object): FakeAnswer => ({ body: { Response: { RequestId: "r", ...response } } });
const refuses = (Code: string, Message: string): FakeAnswer => says({ Error: { Code, Message } });

/** What the service works out for itself from what it got. */
function signatureOf({ headers, body }: Asked, key: string): string {
  const at = Number(headers["x-tc-timestamp"]);
  const date = new Date(at * 1000).toISOString().slice(0, 10);
  const host = "dnspod.tencentcloudapi.com";
  const contentType = headers["content-type"] ?? "";
  const canonical = `POST\n/\n\ncontent-type:${contentType}\nhost:${host}\n\ncontent-type;host\n${sha256(body)}`;
  const hmac = (secret: string | Buffer, text: string) => createHmac("sha256", secret).update(text).digest();
  const signing = hmac(hmac(hmac(`TC3${key}`, date), "dnspod"), "tc3_request");
  return hmac(signing, `TC3-HMAC-SHA256\n${at}\n${date}/dnspod/tc3_request\n${sha256(canonical)}`).toString("hex");
}

/** The part of https://cloud.tencent.com/document/api/1427 that is used. */
function api(request: Asked): FakeAnswer {
  const { "x-tc-action": action, "x-tc-version": version, authorization = "" } = request.headers;
  if (!authorization.includes("Credential=the-access-id/") || !authorization.endsWith(signatureOf(request, "the-access-secret")))
    return refuses("AuthFailure.SignatureFailure", "The provided credentials could not be validated");
  const sent = JSON.parse(request.body) as Record<string, string & number>;
  if (version !== "2021-03-23" || sent["Domain"] !== "example.com") return refuses("InvalidParameter", "no such domain");
  const known = records.find(({ RecordId }) => RecordId === sent["RecordId"]);
  switch (String(action)) {
    case "DescribeRecordList": {
      const found = records.filter(({ Name, Type }) => Name === sent["Subdomain"] && Type === sent["RecordType"]);
      return found.length > 0 ? says({ RecordList: found }) : refuses("ResourceNotFound.NoDataOfRecord", "记录列表为空。");
    }
    case "CreateRecord":
      if (sent["RecordLine"] !== "默认") return refuses("InvalidParameter.RecordLineInvalid", "线路不正确。");
      records.push({ RecordId: 9, Name: sent["SubDomain"] ?? "", Type: sent["RecordType"] ?? "", Value: sent["Value"] ?? "" });
      return says({ RecordId: 9 });
    case "ModifyRecord":
      if (known === undefined) return refuses("InvalidParameter.RecordIdInvalid", "记录编号错误。");
      known.Value = sent["Value"] ?? "";
      return says({ RecordId: known.RecordId });
    case "DeleteRecord":
      records = records.filter((record) => record !== known);
      return says({});
    default:
      return refuses("InvalidAction", "unknown");
  }
}

beforeEach(async () => {
  service = await fakeService("https://dnspod.tencentcloudapi.com", clock);
  service.answer = api;
  records = [];
  call = {
    profile: CREDENTIALS,
    record: { domain: "a.example.com", zone: "example.com", prefix: "a", type: "A" },
    send: service.outbound.send,
    now: clock.now,
  };
});
afterEach(() => service.close());

/** The example of the service's own documentation, up to the secret that it does not print. */
test("what is signed is what the documentation says", () => {
  const body = '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}';
  const request = {
    host: "cvm.tencentcloudapi.com",
    service: "cvm",
    contentType: "application/json; charset=utf-8",
    body,
    at: 1_551_113_065,
  };
  expect(sha256(canonicalRequest(request))).toBe("5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031");
});

test("a record is made, changed and deleted", async () => {
  await tencentcloud.set(call, "203.0.113.7");
  expect(records).toEqual([{ RecordId: 9, Name: "a", Type: "A", Value: "203.0.113.7" }]);
  await tencentcloud.set(call, "203.0.113.8");
  expect(records).toEqual([{ RecordId: 9, Name: "a", Type: "A", Value: "203.0.113.8" }]);
  await tencentcloud.remove?.(call);
  await tencentcloud.remove?.(call);
  expect(records).toEqual([]);
  expect(service.asked.map(({ headers }) => headers["x-tc-action"])).toEqual([
    "DescribeRecordList",
    "CreateRecord",
    "DescribeRecordList",
    "ModifyRecord",
    "DescribeRecordList",
    "DeleteRecord",
    "DescribeRecordList",
  ]);
});

test("the apex has a name of its own", async () => {
  await tencentcloud.set({ ...call, record: { ...call.record, domain: "example.com", prefix: "" } }, "203.0.113.7");
  expect(records).toMatchObject([{ Name: "@" }]);
});

test("several records of one name are nobody's to change", async () => {
  records = [1, 2].map((RecordId) => ({ RecordId, Name: "a", Type: "A", Value: "192.0.2.1" }));
  await expect(tencentcloud.set(call, "203.0.113.7")).rejects.toThrow("2 records, not changed");
  await expect(tencentcloud.remove?.(call)).rejects.toThrow("2 records, not deleted");
});

test("a refusal tells its reason", async () => {
  const wrong = { ...call, profile: { ...CREDENTIALS, accessSecret: "wrong" } };
  await expect(tencentcloud.set(wrong, "203.0.113.7")).rejects.toThrow(
    "AuthFailure.SignatureFailure The provided credentials could not be validated",
  );
});

test("an answer that is none of the service's is a failure", async () => {
  service.answer = () => ({ body: "<html>captive portal</html>" });
  await expect(tencentcloud.set(call, "203.0.113.7")).rejects.toThrow("an answer that cannot be read");
  service.answer = () => ({ status: 503, headers: { "retry-after": "20" } });
  await expect(tencentcloud.set(call, "203.0.113.7")).rejects.toMatchObject({ message: "503 Service Unavailable", afterMs: 20_000 });
});

test("the service's own rate limit is one more try later", async () => {
  service.answer = () => refuses("RequestLimitExceeded", "slow down");
  await expect(tencentcloud.set(call, "203.0.113.7")).rejects.toMatchObject({ message: "RequestLimitExceeded slow down", final: false });
});
