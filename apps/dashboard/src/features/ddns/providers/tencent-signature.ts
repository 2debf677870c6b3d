import { createHash, createHmac } from "node:crypto";

/** A request of version 3 of Tencent Cloud's API, before it is signed. */
export interface TencentRequest {
  /** Host of the service. */
  readonly host: string;
  readonly service: string;
  readonly contentType: string;
  readonly body: string;
  /** Unix seconds. */
  readonly at: number;
}

const ALGORITHM = "TC3-HMAC-SHA256";
const SIGNED = "content-type;host";

/** Value of `Authorization` (https://cloud.tencent.com/document/api/1427/56189). */
export function tencentAuthorization(request: TencentRequest, { id, key }: { readonly id: string; readonly key: string }): string {
  const date = new Date(request.at * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${request.service}/tc3_request`;
  const text = [ALGORITHM, request.at, scope, sha256(canonicalRequest(request))].join("\n");
  const signingKey = [date, request.service, "tc3_request"].reduce<string | Buffer>((last, part) => hmac(last, part), `TC3${key}`);
  return `${ALGORITHM} Credential=${id}/${scope}, SignedHeaders=${SIGNED}, Signature=${hmac(signingKey, text).toString("hex")}`;
}

/** The parts of a request that the signature covers. */
export function canonicalRequest({ host, contentType, body }: TencentRequest): string {
  return ["POST", "/", "", `content-type:${contentType}`, `host:${host}`, "", SIGNED, sha256(body)].join("\n");
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
