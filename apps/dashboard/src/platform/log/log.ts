import type { Clock } from "@windfire/kit";
import { pino } from "pino";
import type { Logger } from "pino";
import { redactDetails, redactText } from "./redact.ts";

export type Details = Readonly<Record<string, unknown>>;

/** Where the program's lines go. Secrets are censored, but are not to be handed over in the first place (spec 60 section 3). */
export interface Log {
  debug(text: string, details?: Details): void;
  info(text: string, details?: Details): void;
  warn(text: string, details?: Details): void;
  error(text: string, details?: Details): void;
  /** A plain line `NEZHA>> <text>`: people and scripts wait for some of them (spec 41 section 2). */
  announce(text: string): void;
  /** The same log; its lines name the room they come from. */
  child(room: string): Log;
}

export interface LogOptions {
  readonly clock: Clock;
  /** Standard output, or what a test reads. */
  readonly destination: { write(line: string): unknown };
  /** Also writes `debug` lines. */
  readonly debug: boolean;
}

/** Makes a log of lines of JSON, with announcements as plain text between them. */
export function createLog(options: LogOptions): Log {
  const { clock } = options;
  const destination = { write: (line: string): void => void options.destination.write(line) };
  const logger = pino(
    {
      level: options.debug ? "debug" : "info",
      base: null,
      formatters: { level: (level) => ({ level }) },
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    },
    destination,
  );
  return face(logger, destination);
}

function face(logger: Logger, destination: { write(line: string): void }): Log {
  const line = (level: "debug" | "info" | "warn" | "error") => (text: string, details?: Details) => {
    if (logger.isLevelEnabled(level)) logger[level](details === undefined ? {} : redactDetails(details), redactText(text));
  };
  return {
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
    announce: (text) => destination.write(`NEZHA>> ${text.replace(/[\r\n]+/g, " ")}\n`),
    child: (room) => face(logger.child({ room }), destination),
  };
}
