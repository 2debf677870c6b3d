import { retryAfterHeader } from "#platform/outbound";
import { asList, asObject, asText, readObject } from "./json-answer.ts";
import { ProviderFailure, TTL_SECONDS } from "./provider.ts";
import type { Provider, ProviderCall } from "./provider.ts";
import { tencentAuthorization } from "./tencent-signature.ts";

const HOST = "dnspod.tencentcloudapi.com";
const VERSION = "2021-03-23";
const CONTENT_TYPE = "application/json; charset=utf-8";
/** The line that answers whoever no other line is meant for. */
const LINE = "默认";
/** The service's way to say that a list is empty. */
const NONE = "ResourceNotFound.NoDataOfRecord";

/** DNSPod by version 3 of its API (https://cloud.tencent.com/document/api/1427). */
export const tencentcloud: Provider = {
  async set(call, address) {
    const [known, ...others] = await recordsOf(call);
    if (others.length > 0) throw new ProviderFailure(`${others.length + 1} records, not changed`);
    const { zone, prefix, type } = call.record;
    const record = {
      Domain: zone,
      SubDomain: prefix === "" ? "@" : prefix,
      RecordType: type,
      RecordLine: LINE,
      Value: address,
      TTL: TTL_SECONDS,
    };
    if (known === undefined) await ask(call, "CreateRecord", record);
    else await ask(call, "ModifyRecord", { ...record, RecordId: known });
  },
  async remove(call) {
    const [known, ...others] = await recordsOf(call);
    if (others.length > 0) throw new ProviderFailure(`${others.length + 1} records, not deleted`);
    if (known !== undefined) await ask(call, "DeleteRecord", { Domain: call.record.zone, RecordId: known });
  },
};

async function recordsOf(call: ProviderCall): Promise<number[]> {
  const { zone, prefix, type } = call.record;
  const response = await ask(
    call,
    "DescribeRecordList",
    { Domain: zone, Subdomain: prefix === "" ? "@" : prefix, RecordType: type },
    { fine: NONE },
  );
  return asList(response["RecordList"]).map(({ RecordId }) => Number(RecordId));
}

async function ask(call: ProviderCall, action: string, parameters: object, options: { fine?: string } = {}) {
  const body = JSON.stringify(parameters);
  const at = Math.floor(call.now() / 1000);
  const request = { host: HOST, service: "dnspod", contentType: CONTENT_TYPE, body, at };
  const { accessId: id, accessSecret: key } = call.profile;
  const answer = await call.send({
    method: "POST",
    url: `https://${HOST}/`,
    headers: {
      "content-type": CONTENT_TYPE,
      "x-tc-action": action,
      "x-tc-version": VERSION,
      "x-tc-timestamp": String(at),
      authorization: tencentAuthorization(request, { id, key }),
    },
    body,
    wantsBody: true,
  });
  const afterMs = retryAfterHeader(answer.retryAfter, call.now());
  if (answer.status >= 400) throw new ProviderFailure(`${answer.status} ${answer.reason}`.trim(), { afterMs });
  const response = asObject(readObject(answer.body)["Response"]);
  if (asText(response["RequestId"]) === "") throw new ProviderFailure("an answer that cannot be read");
  const error = asObject(response["Error"]);
  const code = asText(error["Code"]);
  if (code !== "" && code !== options.fine) throw new ProviderFailure(`${code} ${asText(error["Message"])}`.trim(), { afterMs });
  return response;
}
