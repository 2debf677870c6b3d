/** A message of the catalogue, to be sent to the service's group. `mute` throttles repetitions; without it every one is sent. */
export interface ProbeNotice {
  readonly kind: "notice";
  readonly messageId: string;
  readonly args: readonly (string | number)[];
  readonly mute?: string;
  /** It follows from what becomes known with this result, and no later one says it again: it is kept together with that. */
  readonly once?: true;
  /** Stands before the text where that does not name the service. */
  readonly about?: string;
}

/** Whoever was told of this may be told again. */
export interface ProbeUnmute {
  readonly kind: "unmute";
  readonly label: string;
  /** The limit that this server keeps: it may be told again only when all others keep it too. */
  readonly side?: LatencySide;
}

/** Which of a service's limits a delay is outside of. */
export type LatencySide = "above" | "below";
