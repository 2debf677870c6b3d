/** How the addresses of servers get into DNS (spec 30 section 5.1). `accessSecret` and `webhookHeaders` are never shown. */
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

/** What is stored when a form is saved over a profile: secrets left empty keep what is there (spec 11 section 10.4). */
export function mergeSecrets(stored: Pick<DdnsProfile, "accessSecret" | "webhookHeaders">, form: DdnsSettings): DdnsSettings {
  return { ...form, accessSecret: form.accessSecret || stored.accessSecret, webhookHeaders: form.webhookHeaders || stored.webhookHeaders };
}
