import { refuseText } from "#kernel";
import { originOf } from "#platform/outbound";

/** How the addresses of servers get into DNS (spec 30 section 5.1). The fields in `DDNS_SECRETS` are never shown. */
export interface DdnsProfile {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  readonly provider: string;
  readonly enableIpv4: boolean | null;
  readonly enableIpv6: boolean | null;
  /** Attempts for each domain, the first one counted. */
  readonly maxRetries: number;
  /** In ASCII form. */
  readonly domains: readonly string[] | null;
  readonly accessId: string;
  readonly accessSecret: string;
  readonly webhookUrl: string;
  /** 1 GET, 2 POST, 3 PATCH, 4 DELETE, 5 PUT. */
  readonly webhookMethod: number;
  /** 1 JSON, 2 form. */
  readonly webhookRequestType: number;
  readonly webhookRequestBody: string;
  /** JSON object as text. */
  readonly webhookHeaders: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type DdnsSettings = Omit<DdnsProfile, "id" | "ownerId" | "createdAt" | "updatedAt">;

const MOST_ATTEMPTS = 10;

export function isAttemptCount(count: number): boolean {
  return count >= 1 && count <= MOST_ATTEMPTS;
}

/** Fields that hold credentials, or may: they go in and never come out (GHSA-ww5p-j6cj-6mqq). */
export const DDNS_SECRETS = ["accessSecret", "webhookUrl", "webhookRequestBody", "webhookHeaders"] as const;
type Secret = (typeof DDNS_SECRETS)[number];

/** Fields as clients know them, for refusals. */
const SPELLED: Readonly<Record<Secret, string>> = {
  accessSecret: "access_secret",
  webhookUrl: "webhook_url",
  webhookRequestBody: "webhook_request_body",
  webhookHeaders: "webhook_headers",
};

/**
 * What is stored when a form is saved over a profile: secrets left empty keep what is there (spec 11 section 10.4), but never go to
 * another service, or follow the address to another host.
 *
 * @throws {AppError} naming the field that has to be entered again
 */
export function mergeSecrets(stored: Pick<DdnsProfile, Secret | "provider">, form: DdnsSettings): DdnsSettings {
  const requireAnew = (secret: Secret, because: string): void => {
    if (stored[secret] !== "" && form[secret] === "") throw refuseText(`${SPELLED[secret]}: enter it again, because ${because}`);
  };
  const webhookUrl = form.webhookUrl || stored.webhookUrl;
  // What sends nothing may keep what it does not use; whoever comes after it is asked.
  if (form.provider !== stored.provider && form.provider !== "dummy") requireAnew("accessSecret", "provider names another service");
  if (originOf(webhookUrl) !== originOf(stored.webhookUrl)) {
    requireAnew("webhookHeaders", "webhook_url names another host");
    requireAnew("webhookRequestBody", "webhook_url names another host");
    if (form.provider === "webhook") requireAnew("accessSecret", "webhook_url names another host");
  }
  return {
    ...form,
    webhookUrl,
    accessSecret: form.accessSecret || stored.accessSecret,
    webhookRequestBody: form.webhookRequestBody || stored.webhookRequestBody,
    webhookHeaders: form.webhookHeaders || stored.webhookHeaders,
  };
}
