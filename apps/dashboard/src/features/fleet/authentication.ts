import type { LiveServer, ServerDirectory } from "#features/servers";

/** Credentials an agent sends with every call (spec 20 section 3.1). */
export interface AgentCredentials {
  readonly secret: string;
  readonly uuid: string;
}

/** What a per-transfer secret says about a call (spec 20 section 3.3, steps 4-6). `unknown` goes on with the next step. */
export type TransferVerdict =
  | { readonly outcome: "accept" }
  | { readonly outcome: "unknown" }
  | { readonly outcome: "refuse"; readonly text: string };

/** What authentication asks of the transfers, which know the secrets of servers that change hands. */
export interface TransferSecrets {
  judge(secret: string, serverId: number | undefined): Promise<TransferVerdict> | TransferVerdict;
  /** A pending transfer of the server, if any. */
  pending(serverId: number): { readonly fromUserId: number; readonly toUserId: number } | undefined;
  /** The previous owner of a server whose transfer was rolled back within 24 h and not yet confirmed. */
  rolledBackFrom(serverId: number): number | undefined;
}

/** The credential of one host, which is no other's. */
export interface HostCredential {
  readonly serverId: number;
  readonly uuid: string;
  /** Whose server it was given for. */
  readonly ownerId: number;
  /** False for one that was revoked. */
  readonly isGood: boolean;
}

/** Credentials of single hosts, and whether there is another way in. */
export interface HostCredentials {
  find(secret: string): HostCredential | undefined;
  /** Secrets of users, and the global one, let nobody in. */
  sharedAreOff(): boolean;
}

export interface AuthenticationDeps {
  readonly servers: ServerDirectory;
  readonly transfers: TransferSecrets;
  readonly credentials: HostCredentials;
  /** User of an agent secret; 0 is the global secret. */
  readonly userOfSecret: (secret: string) => number | undefined;
  readonly strike: (ip: string) => void;
  readonly clearStrikes: (ip: string) => void;
  readonly register: (uuid: string, ownerId: number) => Promise<LiveServer>;
}

/** Expected refusal of an agent's call; becomes gRPC status UNAUTHENTICATED with this text. */
export class AgentRefused extends Error {
  override readonly name = "AgentRefused";
}

const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/**
 * Finds the server a call belongs to, registering unknown ones (spec 20 sections 3.3 to 3.5).
 *
 * @throws {AgentRefused} with the reference's text.
 */
export function createAuthenticator(deps: AuthenticationDeps): (credentials: AgentCredentials, ip: string) => Promise<LiveServer> {
  return async ({ secret, uuid }, ip) => {
    if (secret === "") throw new AgentRefused("客户端认证失败");
    if (!UUID.test(uuid)) {
      deps.strike(ip);
      throw new AgentRefused("客户端 UUID 不合法");
    }
    const server = deps.servers.byUuid(uuid);
    const verdict = await deps.transfers.judge(secret, server?.id);
    if (verdict.outcome === "refuse") throw new AgentRefused(verdict.text);
    if (verdict.outcome === "accept" && server) {
      deps.clearStrikes(ip);
      return server;
    }
    const credential = deps.credentials.find(secret);
    if (credential) return enrolledServer(deps, credential, uuid, ip);
    const userId = deps.userOfSecret(secret);
    if (userId === undefined) {
      deps.strike(ip);
      throw new AgentRefused("客户端认证失败");
    }
    deps.clearStrikes(ip);
    if (deps.credentials.sharedAreOff()) throw new AgentRefused("shared agent secrets are switched off here: enrol this host");
    // Somebody else's call may have registered the same UUID a moment before.
    const named = server ?? (await deps.register(uuid, userId));
    checkOwner(deps.transfers, named, userId);
    return named;
  };
}

/** A host that has lost its credential is told, and is no guesser; whoever names another's UUID with it is. */
function enrolledServer(deps: AuthenticationDeps, credential: HostCredential, uuid: string, ip: string): LiveServer {
  if (credential.uuid !== uuid) {
    deps.strike(ip);
    throw new AgentRefused("the credential belongs to another host");
  }
  const server = deps.servers.byUuid(uuid);
  if (!credential.isGood || server?.id !== credential.serverId) throw new AgentRefused("the credential was revoked: enrol this host again");
  deps.clearStrikes(ip);
  checkOwner(deps.transfers, server, credential.ownerId);
  return server;
}

/** Whether the owner of the secret may report for this server. */
function checkOwner(transfers: TransferSecrets, server: LiveServer, userId: number): void {
  if (userId === 0) return;
  const pending = transfers.pending(server.id);
  if (server.settings.ownerId === userId) {
    if (!pending || pending.fromUserId === userId) return;
    throw new AgentRefused(
      "destination user's global AgentSecret cannot authenticate during a pending transfer; agent must rotate to per-transfer HandshakeSecret",
    );
  }
  if (pending?.fromUserId === userId || transfers.rolledBackFrom(server.id) === userId) return;
  throw new AgentRefused("client UUID does not belong to the agent secret owner");
}
