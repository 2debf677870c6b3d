import { TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import type { FakeClock } from "@windfire/testkit";
import type { HostState } from "#features/servers";
import { joinedAddress } from "#features/servers";
import { stateWith } from "#features/servers/testing";
import type { Agents, DispatchOutcome } from "#kernel";
import type { Outage } from "./outage.ts";
import type { Process } from "./process.ts";
import type { Random } from "./random.ts";

const CALM: HostState = stateWith({ cpu: 10 });
/** The slowest answers: of a probe over a bad line, and of a command. */
const LAG_MS = 25_000;
const COMMAND_MS = 30_000;

export type AgentMood = "calm" | "hot" | "lies" | "lags" | "away";

/** A command that was handed to an agent, or was to be, and what came of it. */
export interface Command {
  readonly at: number;
  readonly serverId: number;
  readonly cronId: number;
  readonly outcome: DispatchOutcome;
  /** `lost`: the agent was gone before it had answered; `refused`: the dashboard did not want its answer; `failed`: it could not take it. */
  answer: "awaited" | "lost" | "taken" | "refused" | "failed";
  answeredAt: number;
}

export interface Address {
  readonly ipv4: string;
  readonly ipv6: string;
}

export interface AgentFleetDeps {
  readonly clock: FakeClock;
  readonly random: Random;
  readonly outage: Outage;
  /** The process that runs now; `undefined` when none does. */
  readonly process: () => Process | undefined;
  /** Whether what a service probes is there. */
  readonly isUp: (serviceId: number) => boolean;
}

/** The agents of all servers, as what they are like makes them. */
export class AgentFleet implements Pick<Agents, "dispatch" | "where"> {
  readonly moods = new Map<number, AgentMood>();
  readonly addresses = new Map<number, Address>();
  readonly commands: Command[] = [];
  /** Streams by the dashboard's object of the server: a new process has new ones. */
  readonly #streams = new WeakMap<object, number>();
  readonly #deps: AgentFleetDeps;

  constructor(deps: AgentFleetDeps) {
    this.#deps = deps;
  }

  /** Server `id` reports what differs from a calm one. */
  report(id: number, over: Partial<HostState> = {}): void {
    const process = this.#deps.process();
    const server = process?.servers.get(id);
    if (!process || !server) return;
    server.noteCall();
    const generation = this.#streams.get(server) ?? server.openStream();
    this.#streams.set(server, generation);
    this.#tellAddress(id);
    server.applyState(generation, { ...CALM, ...over }, this.#deps.clock.now());
    process.alerts.onReport(server);
    this.#deps.outage.reported(id);
  }

  /** The connection of server `id` ends. */
  leave(id: number): void {
    this.#deps.outage.left(id);
    const server = this.#deps.process()?.servers.get(id);
    const generation = server && this.#streams.get(server);
    if (!server || generation === undefined) return;
    server.closeStream(generation);
    this.#streams.delete(server);
  }

  readonly dispatch = async (serverId: number, task: Task): Promise<DispatchOutcome> => {
    const { clock, process, random } = this.#deps;
    // Nobody is there any more who could send it.
    if (process() === undefined) return "offline";
    const isCommand = task.type === TASK.command;
    const outcome = !this.#isConnected(serverId) ? "offline" : isCommand && random(20) === 0 ? "queue-full" : "sent";
    if (isCommand) this.#command({ at: clock.now(), serverId, cronId: task.id, outcome, answer: "awaited", answeredAt: 0 });
    else if (outcome === "sent") this.#probe(serverId, task);
    return outcome;
  };

  readonly where = async (serverId: number): Promise<"here" | "offline"> => (this.#isConnected(serverId) ? "here" : "offline");

  #isConnected(id: number): boolean {
    const server = this.#deps.process()?.servers.get(id);
    return server !== undefined && this.#streams.has(server);
  }

  /** As agents do it: when they have connected to a new process, and when it changes. */
  #tellAddress(id: number): void {
    const process = this.#deps.process();
    const server = process?.servers.get(id);
    const address = this.addresses.get(id);
    if (!process || !server || !address) return;
    const previous = joinedAddress(server.address);
    const current = joinedAddress({ ...server.address, ...address });
    if (previous === current) return;
    server.applyAddress({ ...server.address, ...address });
    process.facts.publish("server.address-changed", { serverId: id, previous, current });
  }

  #probe(serverId: number, { id, type }: Task): void {
    const { clock, isUp, random } = this.#deps;
    const mood = this.moods.get(serverId);
    const delay = mood === "lags" ? random(LAG_MS) : 10 + random(900);
    const successful = mood === "lies" ? random(2) === 0 : isUp(id);
    clock.setTimeout(() => {
      const process = this.#deps.process();
      if (!process || !this.#isConnected(serverId)) return;
      process.services?.onResult(serverId, { id, type, delay, data: successful ? "" : "no answer", successful });
    }, delay);
  }

  #command(command: Command): void {
    this.commands.push(command);
    if (command.outcome !== "sent") return;
    const { clock, random } = this.#deps;
    const { cronId, serverId } = command;
    const takes = random(COMMAND_MS);
    const result = { id: cronId, type: TASK.command, delay: takes / 1000, data: "said", successful: random(4) !== 0 };
    clock.setTimeout(() => {
      command.answeredAt = clock.now();
      command.answer = "lost";
      const { cron } = (this.#isConnected(serverId) ? this.#deps.process() : undefined) ?? {};
      void cron?.results.onResult(serverId, result).then(
        (isTaken) => void (command.answer = isTaken ? "taken" : "refused"),
        () => void (command.answer = "failed"),
      );
    }, takes);
  }
}
