import { ADMIN_SCOPES, API_TOKEN_LIMITS, parseScope } from "@windfire/api";
import type { ApiTokenCreate, Scope } from "@windfire/api";
import { refuse, refuseText, ROLE } from "#kernel";
import type { User } from "#kernel";

/** What a token may be made with, checked. */
export interface TokenWish {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly serverIds: readonly number[];
  /** 0: never. */
  readonly expiresInDays: number;
}

/**
 * Checks of `POST /api-tokens` in the order of spec 10 section 12.3.
 *
 * @param ownerOf owner of a server, `undefined` when there is no such server
 * @throws {AppError} with the texts clients know
 */
export function checkTokenRequest(form: ApiTokenCreate, user: User, ownerOf: (serverId: number) => number | undefined): TokenWish {
  checkForm(form);
  const name = form.name.trim();
  if (name === "") throw refuseText("name required");
  if (Buffer.byteLength(name) > API_TOKEN_LIMITS.nameLength) throw refuseText(`name too long (max ${API_TOKEN_LIMITS.nameLength} chars)`);
  const days = form.expires_in_days;
  if (days < 0) throw refuseText("expires_in_days must be >= 0");
  if (days > API_TOKEN_LIMITS.days) throw refuseText(`expires_in_days too large (max ${API_TOKEN_LIMITS.days}, i.e. 10 years)`);
  if (form.scopes.length > API_TOKEN_LIMITS.scopes) throw refuseText(`too many scopes (max ${API_TOKEN_LIMITS.scopes})`);
  if (form.server_ids.length > API_TOKEN_LIMITS.servers) throw refuseText(`too many server_ids (max ${API_TOKEN_LIMITS.servers})`);
  const scopes = knownScopes(form.scopes);
  const reserved = user.role === ROLE.admin ? undefined : scopes.find((scope) => ADMIN_SCOPES.includes(scope));
  if (reserved) throw refuseText(`only admin can issue scope: ${reserved}`);
  const changing = user.sight && scopes.find((scope) => !scope.endsWith(":read"));
  if (changing) throw refuseText(`viewers can only issue scopes for reading: ${changing}`);
  const serverIds = [...new Set(form.server_ids)];
  for (const id of serverIds) checkServer(id, user, ownerOf);
  return { name, scopes, serverIds, expiresInDays: days };
}

/** The rules of the form itself, with the text of the reference's validator: a line for each field. */
function checkForm({ name, scopes }: ApiTokenCreate): void {
  const long = scopes.findIndex((scope) => characters(scope) > API_TOKEN_LIMITS.scopeLength);
  const broken = [
    name === "" && violation("Name", "required"),
    characters(name) > API_TOKEN_LIMITS.nameLength && violation("Name", "max"),
    scopes.length === 0 && violation("Scopes", "min"),
    long >= 0 && violation(`Scopes[${long}]`, "max"),
  ].filter((text) => text !== false);
  if (broken.length > 0) throw refuseText(broken.join("\n"));
}

function violation(field: string, tag: string): string {
  return `Key: 'APITokenCreateRequest.${field}' Error:Field validation for '${field}' failed on the '${tag}' tag`;
}

/** Code points, as the reference counts them. */
function characters(text: string): number {
  return Array.from(text).length;
}

function knownScopes(asked: readonly string[]): readonly Scope[] {
  const scopes = new Set<Scope>();
  for (const text of asked) {
    const trimmed = text.trim();
    if (trimmed === "") continue;
    const scope = parseScope(trimmed);
    if (!scope) throw refuseText(`unknown scope: ${text}`);
    scopes.add(scope);
  }
  if (scopes.size === 0) throw refuseText("at least one scope required");
  return [...scopes];
}

function checkServer(id: number, user: User, ownerOf: (serverId: number) => number | undefined): void {
  if (id === 0) throw refuseText("server_id 0 is invalid");
  const ownerId = ownerOf(id);
  if (ownerId === undefined) throw refuse("server not found");
  if (user.sight?.has(id)) return;
  if (user.role !== ROLE.admin && ownerId !== user.id) throw refuseText("permission denied on server");
}
