import { createHash } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import type { Clock } from "@windfire/kit";
import { OutboundError } from "#platform/outbound";
import type { Outbound, OutboundAnswer } from "#platform/outbound";
import type { BackupPlace } from "./local-place.ts";
import { isBackupName, NAMES_BEGIN } from "./names.ts";

/** A bucket of a storage that speaks the protocol of Amazon S3. */
export interface S3Target {
  /** Such as `https://s3.eu-central-1.amazonaws.com`; the bucket goes into the path. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Before the names: "" or `windfire/`. */
  readonly prefix: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface S3Deps {
  readonly outbound: Pick<Outbound, "send">;
  readonly clock: Pick<Clock, "now" | "setTimeout">;
}

/** The protocol wants 5 MiB at least, and takes 10 000 parts. */
const PART_BYTES = 8 * 1024 * 1024;
const TRIES = 3;
const AGAIN_MS = 2_000;
const PAGE = 200;
const MOST_PAGES = 5;
const MOST_REASON = 200;

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** Puts backups into a bucket, in parts of 8 MiB of which one is in memory. */
export function createS3Place(target: S3Target, { outbound, clock }: S3Deps): BackupPlace {
  const ask = async (method: Method, path: string, query: Readonly<Record<string, string>>, body?: Uint8Array): Promise<OutboundAnswer> => {
    const key = path === "" ? "" : `/${encodedKey(target.prefix + path)}`;
    const url = new URL(`${target.endpoint.replace(/\/$/, "")}/${encodeURIComponent(target.bucket)}${key}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    for (let tried = 1; ; tried++) {
      const answer = await sendSigned(method, url, body).catch((error: unknown) => {
        if (!(error instanceof OutboundError) || tried >= TRIES || error.failure === "invalid") throw error;
        return undefined;
      });
      if (answer !== undefined && answer.status < 300) return answer;
      if (answer !== undefined && (tried >= TRIES || (answer.status < 500 && answer.status !== 429))) throw new Error(refusalOf(answer));
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, AGAIN_MS * tried));
    }
  };
  const sendSigned = async (method: Method, url: URL, body?: Uint8Array): Promise<OutboundAnswer> => {
    const signed = await new AwsV4Signer({
      method,
      url: url.href,
      headers: {
        "x-amz-content-sha256": createHash("sha256")
          .update(body ?? "")
          .digest("hex"),
      },
      accessKeyId: target.accessKey,
      secretAccessKey: target.secretKey,
      service: "s3",
      region: target.region,
      datetime: new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d{3}/g, ""),
    }).sign();
    const request = { method, url: signed.url.href, headers: Object.fromEntries(signed.headers), trusted: true, wantsBody: true };
    return outbound.send(body === undefined ? request : { ...request, body });
  };

  const putParts = async (name: string, upload: string, bytes: AsyncIterable<Uint8Array>): Promise<number> => {
    const etags: string[] = [];
    let size = 0;
    for await (const part of partsOf(bytes)) {
      const { etag } = await ask("PUT", name, { partNumber: String(etags.length + 1), uploadId: upload }, part);
      if (etag === undefined) throw new Error("the storage confirmed a part without an ETag");
      etags.push(etag);
      size += part.length;
    }
    const list = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`).join("");
    const done = await ask("POST", name, { uploadId: upload }, Buffer.from(`<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`));
    // The protocol may say 200 first and find an error afterwards.
    if (/<Error>/.test(done.body)) throw new Error(refusalOf(done));
    return size;
  };

  return {
    async put(name, bytes) {
      const [upload] = tagsOf((await ask("POST", name, { uploads: "" })).body, "UploadId");
      if (upload === undefined) throw new Error("the storage began no upload: is this the address of an S3 service?");
      try {
        return await putParts(name, upload, bytes);
      } catch (error) {
        await ask("DELETE", name, { uploadId: upload }).catch(() => undefined);
        throw error;
      }
    },
    async names() {
      const found: string[] = [];
      let token: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const more: Record<string, string> = token === undefined ? {} : { "continuation-token": token };
        const { body } = await ask("GET", "", { "list-type": "2", prefix: target.prefix + NAMES_BEGIN, "max-keys": String(PAGE), ...more });
        found.push(...tagsOf(body, "Key").map((key) => key.slice(target.prefix.length)));
        [token] = tagsOf(body, "NextContinuationToken");
        if (token === undefined) break;
      }
      return found.filter(isBackupName).toSorted();
    },
    remove: async (name) => void (await ask("DELETE", name, {})),
  };
}

/** A key in the path of an address: whatever its prefix holds means itself. */
const encodedKey = (key: string): string => key.split("/").map(encodeURIComponent).join("/");

/** Pieces of exactly 8 MiB, the last one shorter; of an empty source one empty piece. */
async function* partsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let part = Buffer.alloc(PART_BYTES);
  let used = 0;
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length;) {
      const taken = Math.min(piece.length - at, PART_BYTES - used);
      part.set(piece.subarray(at, at + taken), used);
      at += taken;
      used += taken;
      if (used < PART_BYTES) continue;
      yield part;
      part = Buffer.alloc(PART_BYTES);
      used = 0;
    }
  }
  if (used > 0) yield part.subarray(0, used);
}

/** What answers of the protocol say. */
const TAG = /<(UploadId|Key|NextContinuationToken|Code|Message)>([^<]*)</g;

/** Texts of a tag: answers of the protocol are flat, and their texts hold no tags. */
function tagsOf(xml: string, tag: string): string[] {
  const found = Array.from(xml.matchAll(TAG), ([, name = "", text = ""]) => ({ name, text }));
  return found.filter(({ name }) => name === tag).map(({ text }) => unescaped(text));
}

function refusalOf({ status, body }: OutboundAnswer): string {
  const [code = ""] = tagsOf(body, "Code");
  const [message = ""] = tagsOf(body, "Message");
  return `the storage answered ${status} ${code} ${message}`.trim().slice(0, MOST_REASON);
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const unescaped = (text: string): string =>
  text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
