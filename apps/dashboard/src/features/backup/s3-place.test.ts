import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import type { OutboundAnswer, OutboundRequest } from "#platform/outbound";
import { createS3Place } from "./s3-place.ts";

const NAME = "windfire-20260101T000000Z.tar.zst";
const target = { endpoint: "https://s3.example.com/", region: "eu", bucket: "b", prefix: "p/", accessKey: "id", secretKey: "secret" };

/** A bucket in memory that answers as the protocol says; `refuse` answers in its place. */
function bucket(refuse: (request: OutboundRequest) => OutboundAnswer | undefined = () => undefined) {
  const kept = new Map<string, Buffer>();
  const uploads = new Map<string, Buffer[]>();
  const asked: OutboundRequest[] = [];
  const ok = (body = "", etag?: string): OutboundAnswer => ({ status: 200, reason: "OK", body, ...(etag === undefined ? {} : { etag }) });
  const answer = ({ method, url, body }: OutboundRequest): OutboundAnswer => {
    const { pathname, searchParams } = new URL(url);
    const upload = searchParams.get("uploadId");
    if (method === "GET") {
      const keys = Array.from(kept.keys(), (key) => `<Contents><Key>${key.slice("/b/".length)}</Key></Contents>`).join("");
      return ok(`<ListBucketResult>${keys}</ListBucketResult>`);
    }
    if (method === "POST" && upload === null) {
      uploads.set(pathname, []);
      return ok(`<InitiateMultipartUploadResult><UploadId>${pathname}</UploadId></InitiateMultipartUploadResult>`);
    }
    if (method === "PUT") {
      uploads.get(upload ?? "")?.push(Buffer.from(body ?? ""));
      return ok("", `"${searchParams.get("partNumber")}"`);
    }
    if (method === "POST") kept.set(pathname, Buffer.concat(uploads.get(upload ?? "") ?? []));
    if (method === "DELETE" && upload === null) kept.delete(pathname);
    uploads.delete(upload ?? "");
    return ok();
  };
  const send = async (request: OutboundRequest): Promise<OutboundAnswer> => {
    asked.push({ ...request, body: "" });
    return refuse(request) ?? answer(request);
  };
  return { kept, uploads, asked, send };
}

async function* pieces(count: number): AsyncGenerator<Buffer> {
  for (let index = 0; index < count; index++) yield Buffer.alloc(1_000_000, index);
}

test("a backup goes up in parts, is listed and removed; every request is signed", async () => {
  const { kept, asked, send } = bucket();
  const place = createS3Place(target, { outbound: { send }, clock: createFakeClock(Date.UTC(2026, 0, 1)) });
  expect(await place.put(NAME, pieces(20))).toBe(20_000_000);
  const stored = kept.get(`/b/p/${NAME}`);
  expect(stored?.length).toBe(20_000_000);
  expect(stored?.[8_388_608]).toBe(8);
  expect(asked.filter(({ method }) => method === "PUT")).toHaveLength(3);
  for (const { headers = {}, trusted } of asked) {
    expect(headers["authorization"]).toMatch(/^AWS4-HMAC-SHA256 Credential=id\/20260101\/eu\/s3\/aws4_request/);
    expect(trusted).toBe(true);
  }
  expect(JSON.stringify(asked)).not.toContain("secret");
  expect(await place.names()).toEqual([NAME]);
  await place.remove(NAME);
  expect(await place.names()).toEqual([]);
});

test("a prefix means itself whatever it holds, and only names of backups are asked for", async () => {
  const { asked, send } = bucket();
  const place = createS3Place({ ...target, prefix: "a#b?c+d e/" }, { outbound: { send }, clock: createFakeClock() });
  await place.put(NAME, pieces(1));
  expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(Array(3).fill(`/b/a%23b%3Fc%2Bd%20e/${NAME}`));
  await place.names();
  expect(new URL(asked.at(-1)?.url ?? "").searchParams.get("prefix")).toBe("a#b?c+d e/windfire-");
});

test("what fails while it goes up is taken back", async () => {
  const { kept, uploads, send } = bucket();
  const place = createS3Place(target, { outbound: { send }, clock: createFakeClock() });
  const broken = (async function* () {
    yield* pieces(9);
    throw new Error("the disk reports an error");
  })();
  await expect(place.put(NAME, broken)).rejects.toThrow("the disk reports an error");
  expect([kept.size, uploads.size]).toEqual([0, 0]);
});

test("says what the storage says; what may pass is tried again", async () => {
  const denied = { status: 403, reason: "Forbidden", body: "<Error><Code>AccessDenied</Code><Message>no &amp; never</Message></Error>" };
  const place = createS3Place(target, { outbound: { send: bucket(() => denied).send }, clock: createFakeClock() });
  await expect(place.put(NAME, pieces(1))).rejects.toThrow("the storage answered 403 AccessDenied no & never");
  let busy = 2;
  const slow = bucket(() => (busy-- > 0 ? { status: 503, reason: "", body: "" } : undefined));
  const now = { now: () => 0, setTimeout: (run: () => void) => (run(), { cancel: () => undefined, unref: () => ({}) as never }) };
  await createS3Place(target, { outbound: { send: slow.send }, clock: now }).put(NAME, pieces(1));
  expect(slow.kept.size).toBe(1);
});
