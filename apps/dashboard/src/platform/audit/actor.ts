import type { Caller } from "#kernel";

/** Who does something, and from where. */
export interface Actor {
  readonly kind: "user" | "token" | "system" | "guest";
  /** 0: nobody. */
  readonly userId: number;
  /** As it was then: the line outlives the user. */
  readonly username: string;
  /** 0: no token. */
  readonly tokenId: number;
  /** "" when unknown. */
  readonly address: string;
}

/** The program itself. */
export const SYSTEM: Actor = { kind: "system", userId: 0, username: "", tokenId: 0, address: "" };

/** Who makes a request. */
export function actorOf(caller: Caller): Actor {
  if (caller.kind === "guest") return { ...SYSTEM, kind: "guest" };
  const { user, address = "" } = caller;
  const tokenId = caller.kind === "token" ? caller.tokenId : 0;
  return { kind: caller.kind === "token" ? "token" : "user", userId: user.id, username: user.username, tokenId, address };
}
