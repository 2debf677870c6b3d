import { BLOCK_IDENTIFIER, BLOCK_REASON, OAUTH2_ACTION } from "@windfire/api";
import { refuse, refuseText, userOf } from "#kernel";
import type { Caller, SessionCaller } from "#kernel";
import { NOBODY_IN_PARTICULAR } from "#platform/config";
import type { Oauth2Provider } from "#platform/config";
import { header, hostOf } from "#platform/http";
import type { Visit } from "#platform/http";
import type { BindingCommands } from "./binding-commands.ts";
import type { OAuth2Client, ProviderPerson } from "./client.ts";
import { holderOf } from "./binding-store.ts";
import type { OAuth2Bindings, ProviderAccount } from "./binding-store.ts";
import { judge, nameOf } from "./people.ts";
import type { ProviderRole } from "./people.ts";
import { authorizationUrl, endSessionUrl } from "./provider.ts";
import type { Provider, Providers } from "./provider.ts";
import type { FinishedFlow, OAuth2Flow, OAuth2States } from "./states.ts";
import type { Waf } from "#access/protection";

export interface OAuth2Flows {
  /** @returns where the browser goes, and the key for its cookie */
  begin(name: string, action: number, visit: Visit, caller: Caller): Promise<{ readonly redirect: string; readonly key: string }>;
  /** Ends a flow. @returns who came, and why */
  finish(answer: OAuth2Answer, at: OAuth2Arrival): Promise<OAuth2Arrived>;
  /** Whether signing out goes on at a provider. */
  signsOutAt(name: string): boolean;
  /** Where signing out goes on, for who came through this provider; `undefined`: nowhere. */
  signOutUrl(name: string, visit: Visit): Promise<string | undefined>;
  /** Removes all bindings of the caller for a provider, unless no way in would be left. */
  unbind(caller: SessionCaller, name: string): Promise<void>;
  /** Lower-case provider to open id, the newest of each. */
  bindingsOf(userId: number): Readonly<Record<string, string>>;
}

export interface OAuth2Answer {
  /** Value of the cookie set at the start. */
  readonly key: string;
  readonly state: string;
  readonly code: string;
  /** Who says it sent the browser; "" when nobody does. */
  readonly iss: string;
}

/** Who came through a provider. */
export interface OAuth2Arrived extends Pick<OAuth2Flow, "provider" | "purpose"> {
  /** The account there, as it is bound here. */
  readonly account: ProviderAccount;
  /** Of a user who is there. */
  readonly userId: number | undefined;
  /** What the provider makes them here; `undefined`: that is said here. */
  readonly role: ProviderRole | undefined;
  /** For an account that is made: what it is called. */
  readonly name: string;
}

/** Who comes back from the provider, and where. */
export interface OAuth2Arrival {
  readonly caller: Caller;
  /** Real address, "" when unknown. */
  readonly ip: string;
  readonly visit: Visit;
}

export interface OAuth2FlowsDeps {
  readonly providers: () => Readonly<Record<string, Oauth2Provider>>;
  readonly dashboardHost: () => string;
  readonly isReservedHost: (host: string) => boolean;
  readonly states: OAuth2States;
  readonly client: OAuth2Client;
  readonly complete: Providers["complete"];
  readonly bindings: Pick<OAuth2Bindings, "by">;
  readonly commands: Pick<BindingCommands, "bind" | "unbind">;
  readonly isUser: (id: number) => boolean;
  readonly waf: Waf;
}

const CALLBACK_PATH = "/api/v1/oauth2/callback";
const SIGNED_OUT_PATH = "/dashboard/login";

export function createOAuth2Flows(deps: OAuth2FlowsDeps): OAuth2Flows {
  const { bindings, commands } = deps;
  const providerOf = (name: string): Oauth2Provider => {
    const providers = deps.providers();
    const provider = Object.hasOwn(providers, name) ? providers[name] : undefined;
    if (!provider) throw refuse("provider not found");
    return provider;
  };
  const strike = async (ip: string): Promise<void> => deps.waf.strike(ip, BLOCK_REASON.oauth2, BLOCK_IDENTIFIER.token);

  const personOf = async (flow: FinishedFlow, { code, iss }: OAuth2Answer, ip: string): Promise<ProviderPerson> => {
    const configured = providerOf(flow.provider);
    if (code === "") {
      await strike(ip);
      throw refuse("code is required");
    }
    try {
      const provider = await deps.complete(configured);
      const { redirectUri, verifier, nonce } = flow;
      return await deps.client.person(provider, { code, issuer: iss, redirectUri, verifier, nonce });
    } catch (error) {
      await strike(ip);
      throw refuseText(error instanceof Error ? error.message : "oauth2: exchange failed");
    }
  };
  const completed = async (configured: Oauth2Provider): Promise<Provider> =>
    deps.complete(configured).catch((error: unknown) => {
      throw refuseText(error instanceof Error ? error.message : "oauth2: the provider cannot be asked");
    });
  return {
    async begin(name, action, visit, caller) {
      const configured = providerOf(name);
      const redirectUri = schemeOf(visit) + callbackHost(visit, deps) + CALLBACK_PATH;
      const purpose = action === OAUTH2_ACTION.bind ? "bind" : "login";
      const provider = await completed(configured);
      const { key, ...proofs } = await deps.states.begin({ purpose, provider: name, redirectUri, userId: userOf(caller)?.id ?? 0 });
      return { redirect: await authorizationUrl(provider, redirectUri, proofs), key };
    },
    async finish(answer, { caller, ip, visit }) {
      const flow = await deps.states.finish(answer.key, answer.state);
      callbackHost(visit, deps);
      if (!flow) throw refuse("invalid state key");
      const { openId, claims } = await personOf(flow, answer, ip);
      const people = providerOf(flow.provider).people ?? NOBODY_IN_PARTICULAR;
      const verdict = judge(people, claims);
      if (verdict.outcome === "refused") throw refuseText(verdict.reason);
      const account = { provider: flow.provider.toLowerCase(), openId };
      const { provider, purpose } = flow;
      const arrived = { provider, purpose, account, name: nameOf(claims) };
      if (purpose === "bind") return { ...arrived, userId: await bindUser(deps, flow, account, caller), role: undefined };
      const userId = boundUser(deps, account);
      if (userId === undefined && !people.createAccounts) throw refuse("oauth2 user not binded yet");
      return { ...arrived, userId, role: verdict.role };
    },
    signsOutAt: (name) => signsOut(deps.providers()[name]),
    async signOutUrl(name, visit) {
      const configured = deps.providers()[name];
      if (!configured || !signsOut(configured)) return undefined;
      return endSessionUrl(await deps.complete(configured), schemeOf(visit) + callbackHost(visit, deps) + SIGNED_OUT_PATH);
    },
    async unbind(caller, name) {
      providerOf(name);
      const provider = name.toLowerCase();
      const configured = Object.keys(deps.providers()).map((each) => each.toLowerCase());
      const others = configured.filter((each) => each !== provider);
      await commands.unbind(caller, provider, others);
    },
    bindingsOf: (userId) => Object.fromEntries(bindings.by("user", userId).map(({ provider, openId }) => [provider, openId])),
  };
}

/** Whoever began the flow gets the binding, unless it is somebody else's already. */
async function bindUser({ commands }: OAuth2FlowsDeps, flow: OAuth2Flow, account: ProviderAccount, caller: Caller): Promise<number> {
  if (caller.kind !== "session" || caller.user.id !== flow.userId) throw refuse("unauthorized");
  await commands.bind(caller, account);
  return caller.user.id;
}

function boundUser({ bindings, isUser }: OAuth2FlowsDeps, account: ProviderAccount): number | undefined {
  const holder = holderOf(bindings, account);
  return holder !== undefined && isUser(holder) ? holder : undefined;
}

function schemeOf(visit: Visit): string {
  const behindTls = header(visit, "x-forwarded-proto") === "https" || header(visit, "referer").startsWith("https://");
  return visit.secure || behindTls ? "https://" : "http://";
}

/**
 * Only a host that the configuration names may receive the code: whatever a client writes into `Host` goes nowhere (GHSA-9rc6-8cjv-rcvx,
 * CVE-2026-101090). The browser comes back to no other either.
 */
function callbackHost(visit: Visit, deps: Pick<OAuth2FlowsDeps, "dashboardHost" | "isReservedHost">): string {
  const host = hostOf(visit);
  if (deps.isReservedHost(host)) return host;
  const configured = deps.dashboardHost();
  if (configured === "") throw refuseText("redirect host is not allowed: set dashboard_host");
  return configured;
}

/** Wished for, and a provider that says of itself what it offers. */
function signsOut(configured: Oauth2Provider | undefined): boolean {
  return Boolean(configured?.issuer) && (configured?.people ?? NOBODY_IN_PARTICULAR).signOut;
}
