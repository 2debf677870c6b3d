import { createHash } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import { refuseText } from "#kernel";
import type { Outbound } from "#platform/outbound";
import type { ExportTarget } from "../pages/model.ts";
import type { CopyFile } from "./files.ts";

/** Copies are asked for anew all the time. */
const CACHE = "public, max-age=60";

/** Puts a copy into a bucket that speaks the S3 protocol; addresses name the bucket in their path. */
export async function writeToBucket(
  outbound: Pick<Outbound, "send">,
  target: ExportTarget,
  secretKey: string,
  files: readonly CopyFile[],
  signal: AbortSignal,
): Promise<void> {
  const { endpoint, bucket, prefix, region, accessKey } = target;
  for (const { name, contentType, bytes } of files) {
    const signer = new AwsV4Signer({
      method: "PUT",
      url: `${endpoint.replace(/(?<!\/)\/+$/, "")}/${bucket}/${prefix}${name}`,
      headers: {
        "content-type": contentType,
        "cache-control": CACHE,
        "x-amz-content-sha256": createHash("sha256").update(bytes).digest("hex"),
      },
      body: new Uint8Array(bytes),
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      service: "s3",
      region: region === "" ? "us-east-1" : region,
    });
    const { url, headers } = await signer.sign();
    const sent = Object.fromEntries([...headers].filter(([header]) => header !== "host"));
    const answer = await outbound.send({
      method: "PUT",
      url: url.href,
      headers: sent,
      body: bytes,
      wantsBody: true,
      trusted: true,
      signal,
    });
    if (answer.status < 200 || answer.status > 299) throw refuseText(`${answer.status} ${codeIn(answer.body) || answer.reason}`.trim());
  }
}

/** `AccessDenied` and the like. */
function codeIn(body: string): string {
  return /<Code>(\w{1,60})<\/Code>/.exec(body)?.[1] ?? "";
}
