import type { Clock } from "@windfire/kit";
import { pino } from "pino";
import type { Logger } from "pino";
import { redactDetails, redactText } from "./redact.ts";
import { textLine } from "./text-line.ts";

export type Details = Readonly<Record<string, unknown>>;

/** From the quietest to the loudest. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ["json", "text"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What is written, and how. */
export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
}

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

/** The log of the whole program, whose settings can be changed while it runs. */
export interface ProgramLog extends Log {
  readonly settings: LogSettings;
  /** Holds at once, for every room. */
  change(settings: Partial<LogSettings>): void;
}

export interface LogOptions extends LogSettings {
  readonly clock: Clock;
  /** Standard output, or what a test reads. */
  readonly destination: { write(line: string): unknown };
}

interface Shared {
  readonly clock: Clock;
  readonly destination: { write(line: string): void };
  settings: LogSettings;
}

/** Makes a log of lines, with announcements as plain text between them. */
export function createLog({ clock, destination, level, format }: LogOptions): ProgramLog {
  const shared: Shared = { clock, destination: { write: (line) => void destination.write(line) }, settings: { level, format } };
  const logger = pino(
    {
      // Which lines are written is decided here and not by each child for itself.
      level: "debug",
      base: null,
      formatters: { level: (name) => ({ level: name }) },
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    },
    shared.destination,
  );
  return {
    ...face(logger, "", shared),
    get settings() {
      return shared.settings;
    },
    change: (settings) => {
      shared.settings = { ...shared.settings, ...settings };
    },
  };
}

function face(logger: Logger, room: string, shared: Shared): Log {
  const { clock, destination } = shared;
  const line = (level: LogLevel) => (text: string, details?: Details) => {
    const { level: loudest, format } = shared.settings;
    if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(loudest)) return;
    const shown = details === undefined ? {} : redactMembers(details);
    if (format === "json") logger[level](shown, redactText(text));
    else destination.write(textLine(new Date(clock.now()).toISOString(), level, room, redactText(text), shown));
  };
  return {
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
    announce: (text) => destination.write(`NEZHA>> ${text.replace(/[\r\n]+/g, " ")}\n`),
    child: (name) => face(logger.child({ room: name }), name, shared),
  };
}

function redactMembers(details: Details): Details {
  const shown = redactDetails(details);
  return typeof shown === "object" && shown !== null ? { ...shown } : {};
}
