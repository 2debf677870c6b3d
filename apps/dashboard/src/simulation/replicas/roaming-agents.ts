import { TASK } from "@windfire/protocol";
import type { State, Task } from "@windfire/protocol";
import type { FakeClock } from "@windfire/testkit";
import type { Address, AgentMood } from "../agents.ts";
import type { Outage } from "../outage.ts";
import { pick } from "../random.ts";
import type { Random } from "../random.ts";
import { connect } from "./connection.ts";
import type { Connection } from "./connection.ts";
import type { Replica } from "./replica.ts";

/** The slowest answers: of a probe over a bad line, and of a command. */
const LAG_MS = 25_000;
const COMMAND_MS = 20_000;
/** An agent that lost its connection comes again no later. */
const BACK_WITHIN_MS = 10_000;
/** So long it may stay with a replica that says nothing. */
const PATIENCE_MS = 40_000;

/** A command that an agent got. Unix milliseconds. */
export interface Receipt {
  readonly at: number;
  readonly serverId: number;
  readonly cronId: number;
  readonly by: string;
  /** When its answer was read; `undefined`: it was not. */
  answeredAt: number | undefined;
}

/** A state that a replica read. */
export interface Seen {
  readonly at: number;
  readonly serverId: number;
  readonly replica: string;
}

export interface RoamingAgentsDeps {
  readonly clock: FakeClock;
  readonly random: Random;
  readonly outage: Outage;
  /** Where a balancer would send an agent. */
  readonly reachable: () => readonly Replica[];
  readonly isUp: (serviceId: number) => boolean;
}

interface Agent {
  connection: Connection | undefined;
  told: Address | undefined;
  /** It does not come before, and does not wait for its replica any longer. Unix milliseconds. */
  backAt: number;
  patientUntil: number;
}

/** The agents of all servers, with streams of their own to whichever replica they came to. */
export class RoamingAgents {
  readonly moods = new Map<number, AgentMood>();
  readonly addresses = new Map<number, Address>();
  readonly receipts: Receipt[] = [];
  readonly seen: Seen[] = [];
  readonly #agents = new Map<number, Agent>();
  readonly #all: Connection[] = [];
  readonly #deps: RoamingAgentsDeps;

  constructor(deps: RoamingAgentsDeps) {
    this.#deps = deps;
  }

  /** The replica that a server's agent is connected to. */
  at(id: number): Replica | undefined {
    return this.#agents.get(id)?.connection?.replica;
  }

  /** Server `id` reports, if it is connected or can be. */
  report(id: number, state: Partial<State>): void {
    const agent = this.#agentOf(id);
    const { clock } = this.#deps;
    const current = agent.connection;
    if (current && !current.replica.life.runs && clock.now() >= agent.patientUntil) this.#leave(agent);
    if (current?.replica.life.runs) agent.patientUntil = clock.now() + this.#deps.random(PATIENCE_MS);
    const connection = agent.connection ?? this.#connect(id, agent);
    if (!connection) return;
    const address = this.addresses.get(id);
    if (address && agent.told !== address) connection.tellAddress((agent.told = address));
    connection.report(state);
  }

  /** The connection of server `id` ends. */
  leave(id: number): void {
    this.#leave(this.#agentOf(id));
  }

  /** The agent of server `id` comes to another replica, or to the same, at once; perhaps the old connection does not know. */
  move(id: number): void {
    const agent = this.#agentOf(id);
    agent.connection?.leave(this.#deps.random(3) === 0 ? "silent" : undefined);
    Object.assign(agent, { connection: undefined, told: undefined });
    this.#connect(id, agent);
  }

  /** The agents of a replica that ended know at once. */
  lost(replica: Replica): void {
    for (const agent of this.#agents.values()) if (agent.connection?.replica === replica) this.#end(agent);
  }

  /** A replica that stood still reads what was said meanwhile. */
  goOn(replica: Replica): void {
    for (const connection of this.#all) if (connection.replica === replica) connection.read();
  }

  #agentOf(id: number): Agent {
    const known = this.#agents.get(id) ?? { connection: undefined, told: undefined, backAt: 0, patientUntil: 0 };
    this.#agents.set(id, known);
    return known;
  }

  #leave(agent: Agent): void {
    agent.connection?.leave();
    this.#end(agent);
  }

  #end(agent: Agent): void {
    if (!agent.connection) return;
    const { clock, random } = this.#deps;
    Object.assign(agent, { connection: undefined, told: undefined, backAt: clock.now() + 500 + random(BACK_WITHIN_MS - 500) });
  }

  #connect(id: number, agent: Agent): Connection | undefined {
    const { clock, random, outage, reachable } = this.#deps;
    const places = reachable();
    if (clock.now() < agent.backAt || places.length === 0) return undefined;
    const replica = pick(random, places);
    const connection = connect(replica, id, {
      onTask: (task) => this.#take(id, task, connection),
      onEnd: () => {
        if (agent.connection !== connection) return;
        connection?.leave();
        this.#end(agent);
      },
      onRead: () => {
        outage.reported(id);
        this.seen.push({ at: clock.now(), serverId: id, replica: replica.name });
      },
    });
    if (connection) this.#all.push(connection);
    agent.patientUntil = clock.now() + random(PATIENCE_MS);
    return (agent.connection = connection);
  }

  #take(serverId: number, { id, type }: Task, connection: Connection | undefined): void {
    const { clock, isUp, random } = this.#deps;
    const mood = this.moods.get(serverId);
    if (type === TASK.command) {
      const receipt: Receipt = { at: clock.now(), serverId, cronId: id, by: connection?.replica.name ?? "", answeredAt: undefined };
      this.receipts.push(receipt);
      const takes = random(COMMAND_MS);
      const result = { id, type, delay: takes / 1000, data: "said", successful: random(4) !== 0 };
      clock.setTimeout(() => {
        if (!connection || connection.isOver) return;
        if (connection.replica.life.runs) receipt.answeredAt = clock.now();
        connection.answer(result);
      }, takes);
      return;
    }
    const delay = mood === "lags" ? random(LAG_MS) : 10 + random(900);
    const successful = mood === "lies" ? random(2) === 0 : isUp(id);
    clock.setTimeout(() => {
      if (!connection?.isOver) connection?.answer({ id, type, delay, data: successful ? "" : "no answer", successful });
    }, delay);
  }
}
