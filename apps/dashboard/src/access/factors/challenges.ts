import type { Clock, RandomBytes } from "@windfire/kit";

export interface ChallengeUse {
  readonly purpose: "create" | "use";
  /** 0: nobody is signed in. */
  readonly userId: number;
  /** Who asked; "" when unknown. */
  readonly address: string;
}

/** What authenticators sign: random, good once, for five minutes, for what it was made for. At most 1 000, and 20 of one address, whose oldest goes. */
export interface Challenges {
  /** 32 random bytes, Base64url. */
  begin(use: ChallengeUse): string;
  /** Ends it. */
  take(challenge: string, use: Omit<ChallengeUse, "address">): boolean;
}

const LIFE_MS = 5 * 60_000;
const MOST = 1_000;
const MOST_OF_ADDRESS = 20;
const BYTES = 32;

export function createChallenges({ clock, random }: { readonly clock: Clock; readonly random: RandomBytes }): Challenges {
  const open = new Map<string, ChallengeUse & { readonly until: number }>();
  return {
    begin(use) {
      const theirs = [...open].filter(([, { address }]) => address === use.address);
      // Whoever floods pushes out the own ones.
      for (const [old] of theirs.slice(0, Math.max(0, theirs.length - MOST_OF_ADDRESS + 1))) open.delete(old);
      const challenge = Buffer.from(random(BYTES)).toString("base64url");
      open.set(challenge, { ...use, until: clock.monotonic() + LIFE_MS });
      const oldest = open.size > MOST ? open.keys().next().value : undefined;
      if (oldest !== undefined) open.delete(oldest);
      return challenge;
    },
    take(challenge, { purpose, userId }) {
      const found = open.get(challenge);
      open.delete(challenge);
      return found !== undefined && found.purpose === purpose && found.userId === userId && clock.monotonic() <= found.until;
    },
  };
}
