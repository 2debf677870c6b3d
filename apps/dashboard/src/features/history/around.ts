/** Texts that the points of a metric are to stand between, so that what is sent is written once. */
export interface Around {
  readonly head: string;
  readonly tail: string;
}

export const NOTHING_AROUND: Around = { head: "", tail: "" };
