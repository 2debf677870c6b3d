import type { Clock } from "@windfire/kit";
import type { Installation } from "#features/backup";
import { createBus, createNatsWire, noBus } from "#platform/bus";
import type { Bus, BusAddress } from "#platform/bus";
import type { Config } from "#platform/config";
import type { Log } from "#platform/log";
import type { Sealing } from "#platform/sealing";

const NAME_BYTES = 6;
const KEY_BYTES = 32;
const PREFIX_BYTES = 6;

export interface BusOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly sealing: Sealing;
  readonly random: (size: number) => Uint8Array;
}

/** What several dashboards have to have in common. @throws a sentence that names the key of the configuration and what to do */
export function requireCommonGround(
  { bus, history }: Pick<Config, "bus" | "history">,
  { databaseAddress }: Installation,
  configPath: string,
): void {
  if (bus === undefined) return;
  const say = (what: string): Error => new Error(`${configPath}: bus is for several dashboards, and ${what}`);
  if (databaseAddress === undefined) throw say("they need one database: set database: postgres://…, or take bus out");
  if (history.kind === "embedded") throw say("a history in a folder is one dashboard's: set history: victoriametrics http://…, or off");
}

/** What joins the dashboards of an installation; nothing where there is one. Whoever has the key beside the database belongs to them. */
export function composeBus(address: BusAddress | undefined, { clock, log, sealing, random }: BusOptions): Bus {
  if (address === undefined) return noBus;
  const own = log.child("bus");
  const onError = (error: unknown): void => own.error("failed", { error });
  return createBus({
    clock,
    wire: createNatsWire({ address, clock, random: Math.random, log: own, onError }),
    key: sealing.derive("bus", KEY_BYTES),
    prefix: `windfire.${sealing.derive("name on the bus", PREFIX_BYTES).toString("hex")}`,
    replica: Buffer.from(random(NAME_BYTES)).toString("hex"),
    onError,
  });
}
