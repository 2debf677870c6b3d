import { Agent, request } from "node:http";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const AT_ONCE = 8;

/** GETs again and again, by eight clients that keep their connections. */
export interface Asking {
  /** `host:port` */
  readonly target: string;
  /** Nobody signs in without one. */
  readonly token: string | undefined;
  /** Below `/api/v1`, in turn. */
  readonly paths: readonly string[];
  readonly seconds: number;
}

export interface Asked {
  /** Milliseconds that each answer took. */
  readonly times: readonly number[];
  /** Bytes of all of them. */
  readonly bytes: number;
}

export async function ask({ target, token, paths, seconds }: Asking): Promise<Asked> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const times: number[] = [];
  let bytes = 0;
  let next = 0;
  const until = performance.now() + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now();
      const size = await get(`http://${target}/api/v1${paths[next++ % paths.length]}`, token, agent);
      bytes += size;
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  agent.destroy();
  return { times, bytes };
}

/** The same in a thread: to read large answers takes time, which would count for whatever else is measured here meanwhile. */
export function askInThread(asking: Asking): Promise<Asked> {
  const { promise, resolve, reject } = Promise.withResolvers<Asked>();
  const thread = new Worker(new URL(import.meta.url), { workerData: asking });
  thread.once("message", resolve);
  thread.once("error", reject);
  return promise;
}

/** Reads an answer to its end and returns its size; rejects when it is no success. */
function get(url: string, token: string | undefined, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }, (response) => {
      let bytes = 0;
      let head = "";
      response.on("data", (chunk: Buffer) => {
        if (head === "") head = chunk.toString("latin1", 0, 15);
        bytes += chunk.length;
      });
      response.on("end", () => {
        if (response.statusCode === 200 && head.startsWith('{"success":true')) resolve(bytes);
        else reject(new Error(`${url} was answered with ${response.statusCode}`));
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

if (!isMainThread) parentPort?.postMessage(await ask(workerData as Asking));
