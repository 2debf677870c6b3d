import type { SignInProvider, SignInProviderForm } from "@windfire/api";
import { refuseText } from "#kernel";
import { NOBODY_IN_PARTICULAR } from "#platform/config";
import type { Oauth2Provider, ProviderFields } from "#platform/config";

/** A provider as administrators see it: of its secret only that there is one. */
export function shownProvider(name: string, provider: Oauth2Provider): SignInProvider {
  const people = provider.people ?? NOBODY_IN_PARTICULAR;
  return {
    name,
    issuer: provider.issuer ?? "",
    client_id: provider.clientId,
    client_secret: provider.clientSecret !== "",
    auth_url: provider.endpoint.authUrl,
    token_url: provider.endpoint.tokenUrl,
    user_info_url: provider.userInfoUrl,
    user_id_path: provider.userIdPath,
    scopes: [...provider.scopes],
    pkce: provider.pkce ?? null,
    groups_claim: people.groupsClaim,
    allowed_domains: [...people.allowedDomains],
    allowed_groups: [...people.allowedGroups],
    roles: {
      administrator: [...people.roles.administrator],
      member: [...people.roles.member],
      viewer: [...people.roles.viewer],
    },
    create_accounts: people.createAccounts,
    sign_out: people.signOut,
  };
}

const orNothing = (text: string): string | undefined => (text === "" ? undefined : text);
const orNone = (list: readonly string[]): readonly string[] | undefined => (list.length === 0 ? undefined : list);

/** A provider as the file spells it; what says nothing is left out. */
export function fieldsOf(form: SignInProviderForm): ProviderFields {
  const { administrator, member, viewer } = form.roles;
  const roles = Object.entries({ administrator, member, viewer }).filter(([, groups]) => groups.length > 0);
  const endpoint = Object.entries({ auth_url: form.auth_url, token_url: form.token_url }).filter(([, url]) => url !== "");
  return {
    issuer: orNothing(form.issuer),
    client_id: orNothing(form.client_id),
    ...(form.client_secret === "" ? {} : { client_secret: form.client_secret }),
    endpoint: endpoint.length === 0 ? undefined : Object.fromEntries(endpoint),
    user_info_url: orNothing(form.user_info_url),
    user_id_path: orNothing(form.user_id_path),
    scopes: orNone(form.scopes),
    pkce: form.pkce ?? undefined,
    groups_claim: form.groups_claim === NOBODY_IN_PARTICULAR.groupsClaim ? undefined : orNothing(form.groups_claim),
    allowed_domains: orNone(form.allowed_domains),
    allowed_groups: orNone(form.allowed_groups),
    roles: roles.length === 0 ? undefined : Object.fromEntries(roles),
    create_accounts: form.create_accounts || undefined,
    sign_out: form.sign_out ? undefined : false,
  };
}

const ADDRESSES = ["issuer", "auth_url", "token_url", "user_info_url"] as const;

/**
 * @param mayReach whether an address that is written out may be asked: one in a network of our own has to be opened by the file
 * @throws {AppError} that names the field
 */
export function requireProvider(form: SignInProviderForm, mayReach: (host: string, port: number) => boolean): void {
  if (form.client_id === "") throw refuseText("client_id: must not be empty");
  for (const field of ADDRESSES) {
    const text = form[field];
    if (text === "") continue;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || (url.protocol !== "https:" && url.protocol !== "http:"))
      throw refuseText(`${field}: must be an address with http or https`);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    // Browsers go to the first page by themselves.
    if (field === "auth_url" || !/^[\d.]+$|:/.test(host)) continue;
    if (!mayReach(host, Number(url.port) || (url.protocol === "https:" ? 443 : 80)))
      throw refuseText(`${field}: the address is not allowed: add it to outbound_allow`);
  }
  if (form.issuer !== "") return;
  const lacking = (["auth_url", "token_url", "user_info_url", "user_id_path"] as const).find((field) => form[field] === "");
  if (lacking !== undefined) throw refuseText(`${lacking}: must be given without an issuer`);
}
