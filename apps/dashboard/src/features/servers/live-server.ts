import type { Uint64 } from "@windfire/protocol";
import { bootStep, TrafficMeter } from "#features/traffic";
import { LoadWatch } from "./load-watch.ts";
import type { LoadStanding } from "./load-watch.ts";
import { objectOf } from "./json-members.ts";
import { geoJson, hostJson, momentJson, stateMembers } from "./live-json.ts";
import { NO_ADDRESS } from "./model.ts";
import type { GeoAddress, HostInfo, HostState, Server } from "./model.ts";

/** An earlier boot time that is told again after so long is no late message: the host's clock was set back. */
const BELIEVED_AFTER_MS = 60_000;

/** What a host report led to (spec 20 section 5.1). */
export type HostReport = "first" | "updated" | "stale" | "restarted";

/**
 * One server as the dashboard knows it now: its stored settings and what its agent last reported. Nothing here survives a restart of the
 * dashboard but the settings and the traffic. JSON fragments are rendered once for each change.
 */
export class LiveServer {
  readonly traffic = new TrafficMeter();
  #load = new LoadWatch();
  #settings: Server;
  #host: HostInfo | undefined;
  /** An earlier boot time than the host's, and since when nothing else was told; monotonic milliseconds. */
  #doubted: { readonly bootTime: number; readonly since: number } | undefined;
  #state: HostState | undefined;
  #address: GeoAddress = NO_ADDRESS;
  #lastActive = 0;
  #lastReport = 0;
  #generation = 0;
  #hasCalled = false;
  #fullHostJson = "{}";
  #publicHostJson = "{}";
  #stateMembers: readonly string[] | undefined = [];
  #stateJson: string | undefined = "{}";
  #geoJson = geoJson(NO_ADDRESS);
  #revision = 0;

  constructor(settings: Server) {
    this.#settings = settings;
  }

  get id(): number {
    return this.#settings.id;
  }

  get settings(): Server {
    return this.#settings;
  }

  get host(): HostInfo | undefined {
    return this.#host;
  }

  get state(): HostState | undefined {
    return this.#state;
  }

  get address(): GeoAddress {
    return this.#address;
  }

  /** Unix milliseconds of the last accepted state; 0 when never seen or disconnected. */
  get lastActive(): number {
    return this.#lastActive;
  }

  /** Unix milliseconds of the last accepted state, also when the server has disconnected since; 0 when there was none in this process. */
  get lastReport(): number {
    return this.#lastReport;
  }

  /** Whether its agent has proven who it is since this process started, whatever it said then. */
  get hasCalled(): boolean {
    return this.#hasCalled;
  }

  noteCall(): void {
    this.#hasCalled = true;
  }

  /** The limits that the host is over. */
  get load(): LoadWatch {
    return this.#load;
  }

  /** Grows with every change of anything a viewer may see. */
  get revision(): number {
    return this.#revision;
  }

  get lastActiveJson(): string {
    return momentJson(this.#lastActive);
  }

  /** Members of `stateJson`, each as `"key":value`. */
  get stateMembers(): readonly string[] {
    this.#stateMembers ??= stateMembers(this.#state);
    return this.#stateMembers;
  }

  get stateJson(): string {
    this.#stateJson ??= objectOf(this.stateMembers);
    return this.#stateJson;
  }

  get geoJson(): string {
    return this.#geoJson;
  }

  hostJson(redacted: boolean): string {
    return redacted ? this.#publicHostJson : this.#fullHostJson;
  }

  /** Settings saved anew; connection, state and counters stay. */
  replaceSettings(settings: Server): void {
    this.#settings = settings;
    this.#revision++;
  }

  /**
   * Which way a host report goes, before anything changes (a restart is first written to the traffic table). One that seems to come from
   * before the last start is stale, unless it stays so. `now` is monotonic.
   */
  judgeHost(host: HostInfo, now: number): HostReport {
    if (!this.#host) return "first";
    const step = bootStep(this.#host.bootTime, host.bootTime);
    if (step === "earlier" && !this.#isBelieved(host.bootTime, now)) return "stale";
    this.#doubted = undefined;
    return step === "later" ? "restarted" : "updated";
  }

  #isBelieved(bootTime: number, now: number): boolean {
    const isTheSame = this.#doubted !== undefined && bootStep(this.#doubted.bootTime, bootTime) === "same";
    this.#doubted = { bootTime, since: isTheSame ? (this.#doubted?.since ?? now) : now };
    return now - this.#doubted.since >= BELIEVED_AFTER_MS;
  }

  /** Stores a host report that is not stale; a restarted host begins with an empty state and new counters. */
  applyHost(host: HostInfo, report: HostReport): void {
    if (report === "stale") return;
    this.#host = host;
    this.#fullHostJson = hostJson(host, false);
    this.#publicHostJson = hostJson(host, true);
    this.traffic.boot(host.bootTime);
    if (report === "restarted") this.#forgetState();
    this.#revision++;
  }

  #forgetState(): void {
    this.#state = undefined;
    this.#stateMembers = [];
    this.#stateJson = "{}";
    this.#lastActive = 0;
    this.#load = new LoadWatch();
  }

  /** A new state stream takes over; the number it gets proves later that it still is the current one. */
  openStream(): number {
    return ++this.#generation;
  }

  /** Applies a state of the stream `generation`; `false` when another stream has taken over. */
  applyState(generation: number, state: HostState, now: number): boolean {
    if (generation !== this.#generation) return false;
    this.#state = state;
    this.#stateMembers = undefined;
    this.#stateJson = undefined;
    this.#lastActive = now;
    this.#lastReport = now;
    this.#revision++;
    this.#load.take(state.cpu, share(state.memUsed, this.#host?.memTotal), share(state.diskUsed, this.#host?.diskTotal), now);
    this.traffic.count(state.netInTransfer, state.netOutTransfer);
    return true;
  }

  /** Whoever took the last report in knows longer how the host's load is. */
  resumeLoad(standings: readonly LoadStanding[]): void {
    this.#load.resume(standings);
    this.#revision++;
  }

  /** The stream ended: the server is offline at once, unless a newer stream has taken over. */
  closeStream(generation: number): void {
    if (generation !== this.#generation) return;
    this.#generation++;
    this.#lastActive = 0;
    this.#revision++;
  }

  applyAddress(address: GeoAddress): void {
    this.#address = address;
    this.#geoJson = geoJson(address);
    this.#revision++;
  }
}

/** Percent; 0 where the whole is not known. */
function share(used: Uint64, total: Uint64 | undefined): number {
  return total === undefined || total === 0 ? 0 : (100 * Number(used)) / Number(total);
}
