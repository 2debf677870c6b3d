import type { DdnsProvider } from "@windfire/api";
import { cloudflare } from "./cloudflare.ts";
import { dummy } from "./dummy.ts";
import { he } from "./he.ts";
import type { Provider } from "./provider.ts";
import { tencentcloud } from "./tencentcloud.ts";
import { webhook } from "./webhook.ts";

const PROVIDERS: Readonly<Record<DdnsProvider, Provider>> = { dummy, webhook, cloudflare, tencentcloud, he };

/** The provider of a profile; `undefined` for a name that is none. */
export function providerNamed(name: string): Provider | undefined {
  return Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name as DdnsProvider] : undefined;
}
