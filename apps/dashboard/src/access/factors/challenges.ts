import type { Clock, RandomBytes } from "@windfire/kit";

export interface ChallengeUse {
  readonly purpose: "create" | "use";
  /** 0: nobody is signed in. */
  readonly userId: number;
}

/** What authenticators sign: random, good once, for five minutes, for what it was made for. At most 1 000; the oldest goes. */
export interface Challenges {
  /** 32 random bytes, Base64url. */
  begin(use: ChallengeUse): string;
  /** Ends it. */
  take(challenge: string, use: ChallengeUse): boolean;
}

const LIFE_MS = 5 * 60_000;
const MOST = 1_000;
const BYTES = 32;

export function createChallenges({ clock, random }: { readonly clock: Clock; readonly random: RandomBytes }): Challenges {
  const open = new Map<string, ChallengeUse & { readonly until: number }>();
  return {
    begin(use) {
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
