import type { Caller } from "#kernel";

/** Who does something, and from where. */
export interface Actor {
  /** `mcp`: a token that came through MCP. */
  readonly kind: "user" | "token" | "mcp" | "system" | "guest";
  /** 0: nobody. */
  readonly userId: number;
  /** As it was then: the line outlives the user. */
  readonly username: string;
  /** 0: no token. */
  readonly tokenId: number;
  /** As it was then. */
  readonly tokenName?: string;
  /** "" when unknown. */
  readonly address: string;
}

/** The program itself. */
export const SYSTEM: Actor = { kind: "system", userId: 0, username: "", tokenId: 0, address: "" };

/** Who makes a request. */
export function actorOf(caller: Caller): Actor {
  if (caller.kind === "guest") return { ...SYSTEM, kind: "guest" };
  const { user, address = "" } = caller;
  const person = { userId: user.id, username: user.username, address };
  if (caller.kind === "session") return { kind: "user", ...person, tokenId: 0 };
  return { kind: "token", ...person, tokenId: caller.tokenId, tokenName: caller.name ?? "" };
}
