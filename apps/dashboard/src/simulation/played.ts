import type { FakeClock } from "@windfire/testkit";
import type { AgentFleet } from "./agents.ts";
import type { Cast } from "./cast.ts";
import type { Channels } from "./channels.ts";
import type { Engines } from "./engines.ts";
import type { Fate } from "./fate.ts";
import type { Move } from "./moves.ts";
import type { NameService } from "./name-service.ts";
import type { Outage } from "./outage.ts";
import type { Process } from "./process.ts";
import type { Silences } from "./silences.ts";

/** A run that is over, as far as it is judged. */
export interface Played {
  readonly agents: Pick<AgentFleet, "addresses" | "commands">;
  /** When people have made what there is in the run, Unix milliseconds. */
  readonly begun: number;
  readonly cast: Cast;
  readonly channels: Channels;
  readonly clock: Pick<FakeClock, "now">;
  readonly engines: Engines;
  readonly fate: Pick<Fate, "deaths" | "disturbed" | "refusals" | "wasDisturbed">;
  readonly move: Move;
  readonly names: NameService;
  /** The process that judged last. */
  readonly now: Pick<Process, "alerts" | "cron" | "services">;
  readonly outage: Pick<Outage, "isAway">;
  readonly silences: Pick<Silences, "certainlyHold" | "mayHold">;
  secondsAt(time: number): number;
}
