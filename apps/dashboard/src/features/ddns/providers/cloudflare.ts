import { retryAfterHeader } from "#platform/outbound";
import type { OutboundAnswer } from "#platform/outbound";
import { asList, asText, readObject } from "./json-answer.ts";
import { ProviderFailure, TTL_SECONDS } from "./provider.ts";
import type { Provider, ProviderCall } from "./provider.ts";

const API = "https://api.cloudflare.com/client/v4";

/** https://developers.cloudflare.com/api/resources/dns/ with an API token that has Zone:Read and DNS:Edit. */
export const cloudflare: Provider = {
  async set(call, address) {
    const { domain, type } = call.record;
    const records = await recordsOf(call);
    const [known, ...others] = await records.list();
    if (others.length > 0) throw new ProviderFailure(`${others.length + 1} records, not changed`);
    const value = { content: address, ttl: TTL_SECONDS };
    // What is not sent stays: whether traffic goes through the service's proxy is the owner's choice.
    if (known === undefined) await ask(call, "POST", records.path, { type, name: domain, ...value });
    else await ask(call, "PATCH", `${records.path}/${known}`, value);
  },
  async remove(call) {
    const records = await recordsOf(call);
    const [known, ...others] = await records.list();
    if (others.length > 0) throw new ProviderFailure(`${others.length + 1} records, not deleted`);
    if (known !== undefined) await ask(call, "DELETE", `${records.path}/${known}`);
  },
};

async function recordsOf(call: ProviderCall): Promise<{ path: string; list: () => Promise<string[]> }> {
  const { zone, domain, type } = call.record;
  const zones = await idsOf(call, `/zones?${new URLSearchParams({ name: zone }).toString()}`);
  const [zoneId] = zones;
  if (zoneId === undefined || zones.length > 1) throw new ProviderFailure(`${zones.length} zones named ${zone}`);
  const path = `/zones/${zoneId}/dns_records`;
  return { path, list: () => idsOf(call, `${path}?${new URLSearchParams({ type, name: domain }).toString()}`) };
}

async function idsOf(call: ProviderCall, path: string): Promise<string[]> {
  const { result } = await ask(call, "GET", path);
  return asList(result).map(({ id }) => encodeURIComponent(asText(id)));
}

async function ask(call: ProviderCall, method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object) {
  const answer = await call.send({
    method,
    url: `${API}${path}`,
    headers: {
      authorization: `Bearer ${call.profile.accessSecret}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    wantsBody: true,
  });
  const said = readObject(answer.body);
  const errors = asList(said["errors"]).map(({ code, message }) => `${asText(code)} ${asText(message)}`.trim());
  if (answer.status >= 400 || errors.length > 0) throw refusal(answer, errors, call.now());
  return said;
}

function refusal(answer: OutboundAnswer, errors: readonly string[], now: number): ProviderFailure {
  const reason = errors.length > 0 ? errors.join("; ") : answer.reason;
  return new ProviderFailure(`${answer.status} ${reason}`.trim(), { afterMs: retryAfterHeader(answer.retryAfter, now) });
}
