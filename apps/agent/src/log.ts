/** Lines for people. Whoever writes one keeps secrets, commands and their output out of it. */
export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
}

export interface LogDeps {
  readonly write: (line: string) => void;
  readonly now: () => number;
  /** Asked for every debug line: the setting can change while the agent runs. */
  readonly isDebug: () => boolean;
}

const MAX_LINE_CHARACTERS = 1000;

export function createLog({ write, now, isDebug }: LogDeps): Log {
  const line = (level: string, text: string): void => {
    const oneLine = text.replace(/\p{Cc}+/gu, " ").slice(0, MAX_LINE_CHARACTERS);
    write(`${new Date(now()).toISOString()} ${level} ${oneLine}\n`);
  };
  return {
    debug: (text) => {
      if (isDebug()) line("debug", text);
    },
    info: (text) => line("info", text),
    warn: (text) => line("warn", text),
  };
}
