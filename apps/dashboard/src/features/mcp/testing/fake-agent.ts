import {
  decodeIOStreamData,
  decodeTask,
  encodeHost,
  encodeIOStreamData,
  encodeTaskResult,
  formatHandshake,
  formatMcpFrame,
} from "@windfire/protocol";
import type { FsTransferRequest, McpFrame, Task, TaskResult } from "@windfire/protocol";
import type { AgentStream, Fleet } from "#features/fleet";
import type { LiveServer } from "#features/servers";

/** Both ends of one stream in memory: the dashboard's as it gets it, the agent's as a test drives it. */
function createPipe() {
  let onMessage: (message: Buffer) => void = () => undefined;
  let onEnd: (how: "half-close" | "cancelled") => void = () => undefined;
  let ended = false;
  const sent: Uint8Array[] = [];
  const waiting: ((message: Uint8Array) => void)[] = [];
  const finish = (how: "half-close" | "cancelled"): void => {
    if (ended) return;
    ended = true;
    onEnd(how);
  };
  const stream: AgentStream = {
    send(message) {
      if (ended) return "closed";
      const taker = waiting.shift();
      if (taker) taker(message);
      else sent.push(message);
      return "sent";
    },
    unread: () => 0,
    pause: () => undefined,
    resume: () => undefined,
    sendAway: () => undefined,
    onMessage: (handle) => void (onMessage = handle),
    onDrain: () => undefined,
    onEnd: (handle) => void (onEnd = handle),
    end: () => finish("cancelled"),
  };
  return {
    stream,
    get ended() {
      return ended;
    },
    say: (message: Uint8Array) => onMessage(Buffer.from(message)),
    halfClose: () => finish("half-close"),
    next: async (): Promise<Uint8Array> => sent.shift() ?? new Promise((resolve) => void waiting.push(resolve)),
  };
}

/** An agent's side of a file transfer. */
export interface FakeTransfer {
  readonly order: FsTransferRequest;
  /** Opens the stream and says hello. */
  attach(): void;
  say(...frames: (McpFrame | Uint8Array)[]): void;
  /** The next bytes of an upload. */
  next(): Promise<Uint8Array>;
  halfClose(): void;
  readonly ended: boolean;
}

export interface FakeAgent {
  readonly server: LiveServer;
  connect(): void;
  disconnect(): void;
  nextTask(): Promise<Task>;
  answer(result: Partial<TaskResult>): void;
  /** Waits for a task, says the data back as its result, and gives the task. */
  reply(data: object | string, successful?: boolean): Promise<Task>;
  nextTransfer(): Promise<FakeTransfer>;
}

/** An agent that has signed in, as the fleet sees it. */
export async function createFakeAgent(fleet: Fleet, server: LiveServer, version: string): Promise<FakeAgent> {
  await fleet.reportSystemInfo2(server, encodeHost({ version, platform: "debian", arch: "x86_64", bootTime: 1 }));
  let tasks = createPipe();
  const answer = (result: Partial<TaskResult>): void => tasks.say(encodeTaskResult(result));
  const nextTask = async (): Promise<Task> => decodeTask(await tasks.next());
  return {
    server,
    connect() {
      tasks = createPipe();
      fleet.requestTask(server, tasks.stream);
    },
    disconnect: () => tasks.halfClose(),
    nextTask,
    answer,
    async reply(data, successful = true) {
      const task = await nextTask();
      answer({ id: task.id, type: task.type, data: typeof data === "string" ? data : JSON.stringify(data), successful });
      return task;
    },
    async nextTransfer() {
      const order = JSON.parse((await nextTask()).data) as FsTransferRequest;
      const pipe = createPipe();
      const say = (bytes: Uint8Array): void => pipe.say(encodeIOStreamData({ data: bytes }));
      return {
        order,
        attach() {
          fleet.ioStream(server, pipe.stream);
          say(formatHandshake(order.stream_id));
        },
        say: (...frames) => frames.forEach((frame) => say(frame instanceof Uint8Array ? frame : formatMcpFrame(frame))),
        next: async () => decodeIOStreamData(await pipe.next()).data,
        halfClose: pipe.halfClose,
        get ended() {
          return pipe.ended;
        },
      };
    },
  };
}
