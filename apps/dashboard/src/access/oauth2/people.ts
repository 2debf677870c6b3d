import type { ProviderPeople } from "#platform/config";

/** What somebody may be here by what a provider says of them; the word of `config.yaml`. */
export type ProviderRole = keyof ProviderPeople["roles"];

/** What a provider says of somebody: claims of the identity token and of the user info. */
export type Claims = Readonly<Record<string, unknown>>;

export type Verdict =
  /** `role` is left out where the configuration gives none: what somebody is here is said here. */
  { readonly outcome: "welcome"; readonly role?: ProviderRole } | { readonly outcome: "refused"; readonly reason: string };

const NO_DOMAIN = "oauth2: the address of this account is of no domain that may sign in";
const NO_GROUP = "oauth2: this account is in no group that may sign in";
const NO_ROLE = "oauth2: this account is in no group that has a role here";

/** The highest first. */
const ROLES: readonly ProviderRole[] = ["administrator", "member", "viewer"];

/** Whether somebody comes in, and as what: pure, of the configuration and the claims. */
export function judge(people: ProviderPeople, claims: Claims): Verdict {
  const groups = groupsOf(people, claims);
  const isIn = (named: readonly string[]): boolean => named.some((group) => groups.has(group));
  if (people.allowedDomains.length > 0 && !people.allowedDomains.some((domain) => domain.toLowerCase() === domainOf(claims)))
    return { outcome: "refused", reason: NO_DOMAIN };
  if (people.allowedGroups.length > 0 && !isIn(people.allowedGroups)) return { outcome: "refused", reason: NO_GROUP };
  if (ROLES.every((role) => people.roles[role].length === 0)) return { outcome: "welcome" };
  const role = ROLES.find((each) => isIn(people.roles[each]));
  return role === undefined ? { outcome: "refused", reason: NO_ROLE } : { outcome: "welcome", role };
}

/** An address that the provider has not verified is anybody's. */
function domainOf({ email, email_verified: verified }: Claims): string | undefined {
  if (typeof email !== "string" || (verified !== true && verified !== "true")) return undefined;
  const at = email.lastIndexOf("@");
  return at < 1 ? undefined : email.slice(at + 1).toLowerCase();
}

/** A list of texts, or one text; `realm_access.roles` descends. A claim whose name holds dots goes before. */
function groupsOf({ groupsClaim }: ProviderPeople, claims: Claims): ReadonlySet<string> {
  const value = Object.hasOwn(claims, groupsClaim) ? claims[groupsClaim] : groupsClaim.split(".").reduce<unknown>(memberOf, claims);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return new Set(list.filter((group) => typeof group === "string" && group !== "").map(String));
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

/** What a new account is called: the first of these that the provider says. */
export function nameOf(claims: Claims): string {
  const names = [claims["preferred_username"], claims["login"], claims["email"], claims["sub"]];
  return (
    names
      .find((name) => typeof name === "string" && name.trim() !== "")
      ?.toString()
      .trim() ?? ""
  );
}
