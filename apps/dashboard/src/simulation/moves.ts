import { alice, bob, nameOf } from "./cast.ts";

/** Alice's server that becomes Bob's. */
export const MOVED_SERVER = 3;

/** The change of hands of a run. Unix milliseconds; infinite: it did not take place. */
export interface Move {
  /** When it began, and when everybody knew. */
  begun: number;
  done: number;
}

/** As it is called before. */
export const MOVED_AS = `${nameOf(alice.id)}-s${MOVED_SERVER}`;

/** Its name says whose it is, as everywhere in a run. */
export const nameOfMoved = (): string => `${nameOf(bob.id)}-s${MOVED_SERVER}`;
