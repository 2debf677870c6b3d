import type { RandomBytes } from "@windfire/kit";
import type { TicketOffice } from "#platform/tickets";

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
  begin(use: ChallengeUse): Promise<string>;
  /** Ends it. */
  take(challenge: string, use: Omit<ChallengeUse, "address">): Promise<boolean>;
}

const LIFE_MS = 5 * 60_000;
const MOST = 1_000;
const MOST_OF_ADDRESS = 20;
const BYTES = 32;

export async function createChallenges({
  random,
  tickets,
}: {
  readonly random: RandomBytes;
  readonly tickets: TicketOffice;
}): Promise<Challenges> {
  const kind = { name: "passkey-challenge", lifeMs: LIFE_MS, most: MOST, mostOfHolder: MOST_OF_ADDRESS };
  const open = await tickets<Omit<ChallengeUse, "address">>(kind);
  return {
    async begin({ purpose, userId, address }) {
      const challenge = Buffer.from(random(BYTES)).toString("base64url");
      await open.put(challenge, { purpose, userId }, { holder: address });
      return challenge;
    },
    async take(challenge, { purpose, userId }) {
      const found = await open.take(challenge, () => true);
      return found?.purpose === purpose && found.userId === userId;
    },
  };
}
