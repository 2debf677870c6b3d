import type { DdnsFormInput, DdnsProfile } from "@windfire/api";
import type { Together } from "#shell/console/form-errors.ts";

/** Numbers of `webhook_method` and `webhook_request_type` (spec 11 section 10.1). */
export const METHODS = ["GET", "POST", "PATCH", "DELETE", "PUT"] as const;
export const TYPES = ["json", "form"] as const;

export interface ProfileValues {
  readonly name: string;
  readonly provider: string;
  readonly domains: string;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly retries: string;
  readonly id: string;
  readonly secret: string;
  readonly url: string;
  readonly method: (typeof METHODS)[number];
  readonly type: (typeof TYPES)[number];
  readonly headers: string;
  readonly body: string;
}

/** Fields a provider asks for. */
export interface ProviderFields {
  readonly id: boolean;
  /** Key of its name, when there is a secret. */
  readonly secret: "ddns.secret" | "ddns.token" | "ddns.password" | undefined;
  readonly webhook: boolean;
}

export function fieldsOf(provider: string): ProviderFields {
  switch (provider) {
    case "dummy":
      return { id: false, secret: undefined, webhook: false };
    case "cloudflare":
      return { id: false, secret: "ddns.token", webhook: false };
    case "he":
      return { id: false, secret: "ddns.password", webhook: false };
    case "tencentcloud":
      return { id: true, secret: "ddns.secret", webhook: false };
    default:
      return { id: true, secret: "ddns.secret", webhook: true };
  }
}

/** Secrets, addresses and bodies stay with the dashboard: an empty field keeps what is stored (spec 11 section 10.4). */
export function readProfile(profile: DdnsProfile | undefined): ProfileValues {
  return {
    name: profile?.name ?? "",
    provider: profile?.provider ?? "cloudflare",
    domains: (profile?.domains ?? []).join("\n"),
    ipv4: profile === undefined ? true : profile.enable_ipv4 === true,
    ipv6: profile?.enable_ipv6 === true,
    retries: String(profile?.max_retries ?? 3),
    id: profile?.access_id ?? "",
    secret: "",
    url: "",
    method: METHODS[(profile?.webhook_method ?? 2) - 1] ?? "POST",
    type: TYPES[(profile?.webhook_request_type ?? 1) - 1] ?? "json",
    headers: "",
    body: "",
  };
}

export const readDomains = (text: string): string[] => text.split(/[\s,]+/).filter((domain) => domain !== "");

export function writeProfile(values: ProfileValues): DdnsFormInput {
  return {
    name: values.name.trim(),
    provider: values.provider,
    domains: readDomains(values.domains),
    enable_ipv4: values.ipv4,
    enable_ipv6: values.ipv6,
    max_retries: Number(values.retries),
    access_id: values.id.trim(),
    access_secret: values.secret,
    webhook_url: values.url.trim(),
    webhook_method: METHODS.indexOf(values.method) + 1,
    webhook_request_type: TYPES.indexOf(values.type) + 1,
    webhook_request_body: values.body,
    webhook_headers: values.headers.trim(),
  };
}

const MOST_TRIES = 10;

export const TOGETHER: Together<ProfileValues> = [
  ["ipv4", "ipv6"],
  ["provider", "id", "secret", "url"],
];

/** Secret and address of a stored profile are not shown: left empty they stay, with the provider that they are for. */
export function checkProfile(values: ProfileValues, stored: ProfileValues | undefined): Partial<Record<keyof ProfileValues, string>> {
  const wrong: Partial<Record<keyof ProfileValues, string>> = {};
  if (values.name.trim() === "") wrong.name = "form.required";
  if (readDomains(values.domains).length === 0) wrong.domains = "ddns.domainNeeded";
  const tries = Number(values.retries);
  if (!/^\d+$/.test(values.retries.trim()) || tries < 1 || tries > MOST_TRIES) wrong.retries = "ddns.retriesError";
  if (!values.ipv4 && !values.ipv6) wrong.ipv4 = "ddns.familyNeeded";
  const url = values.url.trim();
  const fields = fieldsOf(values.provider);
  const keeps = stored?.provider === values.provider;
  if (!fields.webhook && fields.id && values.id.trim() === "") wrong.id = "form.required";
  if (!fields.webhook && fields.secret !== undefined && values.secret === "" && !keeps) wrong.secret = "form.required";
  if (fields.webhook && !(keeps && url === "") && !/^https?:\/\/[^\s/]+/i.test(url)) wrong.url = "form.url";
  return wrong;
}
