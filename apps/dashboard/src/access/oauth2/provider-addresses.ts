import type { Oauth2Provider } from "#platform/config";
import { parseAllowedTarget } from "#platform/outbound";
import type { AllowedTarget } from "#platform/outbound";

/**
 * Addresses that the configuration writes out as those of providers: whoever wrote them meant them, wherever they are. What a name stands
 * for is said by others, so one in a network of our own has to be opened by `outbound_allow`.
 */
export function providerAddresses(providers: Readonly<Record<string, Oauth2Provider>>): AllowedTarget[] {
  return Object.values(providers)
    .flatMap(({ endpoint, userInfoUrl, issuer = "" }) => [endpoint.tokenUrl, userInfoUrl, issuer])
    .flatMap((text) => (URL.canParse(text) ? [new URL(text)] : []))
    .filter(({ hostname }) => /^\[.+\]$|^[\d.]+$/.test(hostname))
    .map(({ hostname, protocol, port }) => parseAllowedTarget(`${hostname}:${port || (protocol === "http:" ? 80 : 443)}`));
}
