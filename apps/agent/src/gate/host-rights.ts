import { faultText } from "../fault.ts";
import type { HostRights } from "./gate.ts";
import { NOTHING, parsePermits } from "./rights.ts";

/** The file that says what the host permits, looked at for every order. */
export interface RightsFile {
  /** Another text for every change of the file; undefined when it is not there. */
  stamp(): string | undefined;
  /** @throws errors of the system */
  read(): string;
  /** Undefined when the text goes beyond what can be read at once. */
  parsePlain(text: string): Readonly<Record<string, unknown>> | undefined;
  /** @throws errors of the reader */
  parse(text: string): Promise<unknown>;
}

export interface HostRightsDeps {
  readonly file: RightsFile;
  readonly warn: (text: string) => void;
}

/** First line of every file that this agent creates. In such a file a missing `permits:` permits nothing. */
export const OWN_MARK = "# windfire agent";

export const OWN_HEAD = `${OWN_MARK}: permits says what the dashboard may do on this host; change it with "windfire agent permit"\n`;

const CLOSED: HostRights = { kind: "own", permits: NOTHING };

/** Reads the file again whenever it has changed. What cannot be read or understood permits nothing. */
export function createHostRights({ file, warn }: HostRightsDeps): () => HostRights {
  let stamp: string | undefined;
  let known = CLOSED;

  const understand = (text: string, values: unknown): HostRights => {
    const found = rightsIn(text, values);
    if (typeof found !== "string") return found;
    warn(`nothing but reports is permitted: ${found}`);
    return CLOSED;
  };
  const read = (seen: string): HostRights => {
    try {
      const text = file.read();
      const plain = file.parsePlain(text);
      if (plain !== undefined) return understand(text, plain);
      void readSlowly(text, seen);
    } catch (error) {
      warn(`nothing but reports is permitted: ${faultText(error)}`);
    }
    return CLOSED;
  };
  const readSlowly = async (text: string, seen: string): Promise<void> => {
    try {
      const values = await file.parse(text);
      if (stamp === seen) known = understand(text, values);
    } catch (error) {
      warn(`nothing but reports is permitted: ${faultText(error)}`);
    }
  };

  return () => {
    const seen = file.stamp();
    if (seen === undefined) known = CLOSED;
    else if (seen !== stamp) {
      stamp = seen;
      known = read(seen);
    }
    stamp = seen;
    return known;
  };
}

/** A text says why the rights cannot be told. */
export function rightsIn(text: string, values: unknown): HostRights | string {
  if (typeof values !== "object" || Array.isArray(values)) return "the configuration file holds no keys";
  const entry = Object.entries(values ?? {}).find(([key]) => key.toLowerCase() === "permits");
  if (entry === undefined) return text.startsWith(OWN_MARK) ? "the configuration file has lost its permits:" : { kind: "official" };
  const permits = parsePermits(entry[1]);
  return permits.ok ? { kind: "own", permits: permits.value } : permits.error;
}
