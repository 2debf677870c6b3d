import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Ports outside those that a system gives to its own connections (Linux from 32768, others from 49152): none of these
 * is taken by a connection of somebody else between here and the listener that is meant to have it.
 */
const FIRST = 10_240;
const LAST = 32_767;
const MAX_TRIES = 100;

/**
 * A port of the loopback interface that nobody listens on, and `neighbours` after it that are free as well: in a
 * configuration 0 stands for the usual port, not for any. Throws where a hundred tries find none.
 */
export async function unusedPort(neighbours = 0): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = randomInt(FIRST, LAST - neighbours);
    const wanted = Array.from({ length: neighbours + 1 }, (_, offset) => port + offset);
    if ((await Promise.all(wanted.map(isFree))).every(Boolean)) return port;
  }
  throw new Error(`no free port of ${MAX_TRIES} between ${FIRST} and ${LAST}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
