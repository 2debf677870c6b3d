import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import type { JWK } from "jose";
import { Provider } from "oidc-provider";

/** A real OpenID Connect provider on loopback. Whoever comes is signed in as the person that is set. */
export interface OidcProvider {
  readonly issuer: string;
  /** Claims of whoever comes next; `sub` is who they are. */
  person: { sub: string; [claim: string]: unknown };
  /** Starts anew as the same issuer, with other keys, for a program that is reached there. */
  restart(base: string): Promise<void>;
  /** Public keys that are shown in place of the right ones. */
  shownKeys: readonly JWK[] | undefined;
  /** What a browser goes through. @returns the address that it is sent back to */
  visit(url: string): Promise<URL>;
  close(): void;
}

export const CLIENT = { clientId: "windfire", clientSecret: "a-secret-of-the-client" };
const SCOPE_CLAIMS = { openid: ["sub"], email: ["email", "email_verified"], profile: ["preferred_username"], groups: ["groups"] };

export async function newKey(): Promise<{ secret: JWK; shown: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const kid = crypto.randomUUID();
  const more = { kid, alg: "RS256", use: "sig" };
  return { secret: { ...(await exportJWK(privateKey)), ...more }, shown: { ...(await exportJWK(publicKey)), ...more } };
}

export async function openOidcProvider(): Promise<OidcProvider> {
  let current: Provider;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/jwks" && oidc.shownKeys) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: oidc.shownKeys }));
    } else if (pathname.startsWith("/interaction/")) {
      void current.interactionFinished(request, response, { login: { accountId: oidc.person.sub, remember: false } });
    } else {
      void current.callback()(request, response);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const oidc: OidcProvider = {
    issuer,
    person: { sub: "none" },
    shownKeys: undefined,
    async restart(base) {
      const { secret } = await newKey();
      current = providerOf(issuer, base, secret, () => oidc.person);
      // Cookies are for TLS; here there is none.
      current.proxy = false;
    },
    async visit(start) {
      const cookies = new Map<string, string>();
      let at = start;
      for (let steps = 0; steps < 10; steps++) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        const response = await fetch(at, { redirect: "manual", headers: { cookie } });
        for (const line of response.headers.getSetCookie()) {
          const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
          cookies.set(name, value);
        }
        const location = response.headers.get("location");
        if (location === null) throw new Error(`the provider stops: ${response.status} ${(await response.text()).slice(0, 400)}`);
        const next = new URL(location, at);
        if (next.origin !== issuer) return next;
        at = next.href;
      }
      throw new Error("the provider sends the browser round");
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return oidc;
}

function providerOf(issuer: string, base: string, key: JWK, person: () => OidcProvider["person"]): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [`${base}/api/v1/oauth2/callback`],
        post_logout_redirect_uris: [`${base}/dashboard/login`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ["k".repeat(32)] },
    // Without a proof nobody gets a token.
    pkce: { required: () => true },
    claims: SCOPE_CLAIMS,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ ...person(), sub }) }),
    async loadExistingGrant({ oidc: { client, provider, session } }) {
      const grant = new provider.Grant({ clientId: client?.clientId ?? "", accountId: session?.accountId ?? "" });
      grant.addOIDCScope("openid email profile groups");
      await grant.save();
      return grant;
    },
  });
}
