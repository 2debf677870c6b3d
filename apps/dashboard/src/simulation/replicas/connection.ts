import { decodeTask, encodeGeoIP, encodeState, encodeTaskResult, TASK } from "@windfire/protocol";
import type { State, Task, TaskResult } from "@windfire/protocol";
import { testCall } from "#features/fleet/testing";
import type { Address } from "../agents.ts";
import type { Replica } from "./replica.ts";

/** The two streams of one agent to one replica. What is said to one that stands still waits on the way. */
export interface Connection {
  readonly replica: Replica;
  /** Either end has ended it. */
  readonly isOver: boolean;
  report(state: Partial<State>): void;
  answer(result: TaskResult): void;
  tellAddress(address: Address): void;
  /** The agent ends it. `silent`: nobody at the other end notices. */
  leave(how?: "silent"): void;
  /** The replica reads what waited. */
  read(): void;
}

export interface Hearing {
  /** A task came. */
  readonly onTask: (task: Task) => void;
  /** The replica has ended it. */
  readonly onEnd: () => void;
  /** A state was read. */
  readonly onRead: () => void;
}

/** Connects server `id` to a replica; `undefined` where that does not know it. */
export function connect(replica: Replica, id: number, { onTask, onEnd, onRead }: Hearing): Connection | undefined {
  const server = replica.servers.get(id);
  if (!server) return undefined;
  const [tasks, states] = [testCall(), testCall()];
  const unread: (() => void)[] = [];
  let isOver = false;
  const say = (what: () => void): void => {
    if (replica.life.runs) what();
    else if (!replica.life.isOver) unread.push(what);
  };
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    onEnd();
  };
  const take = async (): Promise<void> => {
    for (;;) {
      const task = decodeTask(await tasks.received.take());
      if (isOver) return;
      if (task.type !== TASK.keepalive) onTask(task);
    }
  };
  server.noteCall();
  replica.fleet.requestTask(server, tasks.stream);
  replica.fleet.reportSystemState(server, states.stream);
  void take();
  for (const { ended } of [tasks, states]) void ended.then(end);
  return {
    replica,
    get isOver() {
      return isOver;
    },
    report(state) {
      const message = encodeState(state);
      say(() => {
        states.say(message);
        onRead();
      });
    },
    answer: (result) => say(() => tasks.say(encodeTaskResult(result))),
    tellAddress(address) {
      const message = encodeGeoIP({ ip: address });
      const call = { ip: "192.0.2.9", peer: "192.0.2.9", secret: "", uuid: "" };
      say(() => void replica.fleet.reportGeoIp(server, call, message));
    },
    leave(how) {
      isOver = true;
      if (how === "silent") return;
      say(() => {
        tasks.leave();
        states.leave();
      });
    },
    read() {
      for (const what of unread.splice(0)) what();
    },
  };
}
