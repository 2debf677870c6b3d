import { isIPv6 } from "node:net";
import type { OutboundAnswer, OutboundRequest } from "#platform/outbound";
import { givenUp, lostAnswer } from "./channels.ts";
import type { Mood } from "./channels.ts";

/** Names of the profiles 1, 2 and 3; the first one is kept by a webhook, the others by Cloudflare. */
export const DOMAINS = ["hook.alice.test", "cloud.alice.test", "cloud.bob.test"] as const;

const SECRET = "token-of-";

/** The form of a profile. */
export function profileForm(id: number): object {
  const domain = DOMAINS[id - 1] ?? "";
  const common = { name: domain, domains: [domain], max_retries: 3, enable_ipv4: true, enable_ipv6: true };
  const webhook = {
    webhook_url: "http://names/",
    webhook_method: 2,
    webhook_request_type: 1,
    webhook_request_body: "#record# #domain# #ip#",
  };
  return id === 1
    ? { ...common, provider: "webhook", ...webhook }
    : { ...common, provider: "cloudflare", access_secret: `${SECRET}${domain}` };
}

/** Whoever publishes the records. */
export class NameService {
  /** By type and name, `A cloud.alice.test`. */
  readonly records = new Map<string, string>();
  /** What was written that must not be. */
  readonly wrong: string[] = [];
  mood: Mood = 200;
  readonly #hanging = new Map<string, number>();

  hanging(profileId: number): number {
    return this.#hanging.get(DOMAINS[profileId - 1] ?? "") ?? 0;
  }

  async send(request: OutboundRequest): Promise<OutboundAnswer> {
    const { mood } = this;
    const domain = domainOf(request);
    if (mood === "hangs") {
      this.#hanging.set(domain, (this.#hanging.get(domain) ?? 0) + 1);
      await givenUp(request.signal).finally(() => this.#hanging.set(domain, (this.#hanging.get(domain) ?? 0) - 1));
    }
    if (typeof mood === "number" && mood !== 200) return { status: mood, reason: "", body: "" };
    const said = request.url.startsWith("http://names/") ? this.#write(String(request.body)) : this.#answer(request);
    if (mood === "lost" && request.method !== "GET") throw lostAnswer();
    return { status: 200, reason: "", body: JSON.stringify(said) };
  }

  #write(text: string): object {
    const [type = "", domain = "", address = ""] = text.split(" ");
    this.#set(`${type} ${domain}`, address);
    return {};
  }

  #set(record: string, address: string): void {
    if (record.startsWith("AAAA ") !== isIPv6(address)) this.wrong.push(`${record} was made ${address}`);
    this.records.set(record, address);
  }

  /** The part of Cloudflare's API that is spoken here; a record's id is its type and name. */
  #answer({ method, url, body }: OutboundRequest): object {
    const { pathname, searchParams } = new URL(url);
    if (pathname.endsWith("/zones")) return { result: [{ id: "zone" }] };
    const [, id] = /dns_records\/(.+)$/.exec(decodeURIComponent(pathname)) ?? [];
    const said = JSON.parse(String(body ?? "{}")) as { type?: string; name?: string; content?: string };
    const asked = `${searchParams.get("type")} ${searchParams.get("name")}`;
    if (method === "GET") return { result: this.records.has(asked) ? [{ id: asked }] : [] };
    if (method === "DELETE") this.records.delete(id ?? "");
    else this.#set(id ?? `${said.type} ${said.name}`, said.content ?? "");
    return { result: {} };
  }
}

function domainOf({ body = "", headers, url }: OutboundRequest): string {
  if (url.startsWith("http://names/")) return String(body).split(" ")[1] ?? "";
  return (headers?.["authorization"] ?? "").replace(`Bearer ${SECRET}`, "");
}
