import { reasonOf, systemCode } from "@windfire/kit";
import type { Config } from "#platform/config";
import type { Flags } from "#platform/config";
import { probePort } from "#platform/listener";
import { tryCertificate } from "./certificate.ts";

/** Where the dashboard listens. */
export interface Ports {
  readonly host: string;
  readonly port: number;
  /** 0: no TLS. */
  readonly tlsPort: number;
  /** For messages. */
  readonly configPath: string;
}

export function portsOf({ listenHost, listenPort, https }: Config, flags: Flags): Ports {
  return { host: listenHost, port: flags.port ?? listenPort, tlsPort: https.listenPort, configPath: flags.configPath };
}

/** `host:port` as it stands in an address. */
export function shownAddress(host: string, port: number): string {
  return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}

/**
 * Finds out whether the dashboard could listen, before it touches anything: the program it replaces may still be running on the same
 * folder. @throws a sentence that says what to do
 */
export async function tryToListen(ports: Ports, https: Config["https"]): Promise<void> {
  await namingPort(ports, async () => {
    await probePort(ports.host, ports.port);
    if (ports.tlsPort !== 0) await probePort(ports.host, ports.tlsPort);
  });
  if (ports.tlsPort !== 0) await tryCertificate(https);
}

/** What the system says of a port, as a sentence that names it and what to do. */
export async function namingPort<T>(ports: Ports, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    throw new Error(sentence(ports, error), { cause: error });
  }
}

function sentence({ host, port, tlsPort, configPath }: Ports, error: unknown): string {
  const isTls = error instanceof Error && "port" in error && error.port === tlsPort && tlsPort !== port;
  const failed = isTls ? tlsPort : port;
  const choose = isTls ? `https.listen_port in ${configPath}` : `--port, or listen_port in ${configPath}`;
  const where = host === "" ? "" : ` on ${host}`;
  switch (systemCode(error) ?? "") {
    case "EADDRINUSE":
      return `port ${failed}${where} is already in use by another program: stop that one, or choose another port with ${choose}`;
    case "EACCES":
      return `port ${failed}${where} is kept for privileged programs: choose another port with ${choose}`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EINVAL":
      return `cannot listen on ${host}: ${reasonOf(error)}; change listen_host in ${configPath}`;
    default:
      return `cannot listen on port ${failed}${where}: ${reasonOf(error)}`;
  }
}
