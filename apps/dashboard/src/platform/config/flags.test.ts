import { expect, test } from "vitest";
import { parseFlags } from "./flags.ts";

const defaults = { configPath: "data/config.yaml", databasePath: "data/sqlite.db", version: false };

test.each([
  [[], {}, []],
  [["-c", "x.yaml"], { configPath: "x.yaml" }, []],
  [["--c", "x.yaml", "--db", "y.db"], { configPath: "x.yaml", databasePath: "y.db" }, []],
  [["-c=x.yaml", "-db=y.db?_journal_mode=WAL"], { configPath: "x.yaml", databasePath: "y.db?_journal_mode=WAL" }, []],
  [["-db", "postgres://me@db/wf"], { databasePath: "postgres://me@db/wf" }, []],
  [["-port", "9000"], { port: 9000 }, []],
  [["--port=0"], { port: 0 }, []],
  [["-v"], { version: true }, []],
  [["--v=false"], {}, []],
  [["-v", "-c", "-x"], { version: true, configPath: "-x" }, []],
  [["extra", "-v"], {}, ["extra", "-v"]],
  [["--", "-v"], {}, ["-v"]],
])("%j", (args, changes, rest) => {
  expect(parseFlags(args)).toEqual({ flags: { ...defaults, ...changes }, rest });
});

test.each([
  [["-x"], "flag provided but not defined: -x"],
  [["--data=1"], "flag provided but not defined: -data"],
  [["-db", "postgres://me:hunter2@db/wf"], "a password in -db can be read by everybody on the host"],
  [["-db=postgresql://db/wf?password=hunter2"], "a password in -db can be read by everybody on the host"],
  [["-c"], "flag needs an argument: -c"],
  [["-c="], "flag needs an argument: -c"],
  [["-db", ""], "flag needs an argument: -db"],
  [["-port"], "flag needs an argument: -port"],
  [["--port", "65536"], 'invalid value "65536" for flag -port'],
  [["--port=http"], 'invalid value "http" for flag -port'],
  [["--port="], 'invalid value "" for flag -port'],
  [["--port=-1"], 'invalid value "-1" for flag -port'],
  [["-v=maybe"], 'invalid boolean value "maybe" for -v'],
  [["---c"], "bad flag syntax: ---c"],
  [["-=x"], "bad flag syntax: -=x"],
])("%j is refused with the usage and exit code 2", (args, reason) => {
  const result = parseFlags(args);
  expect(result).toMatchObject({ exitCode: 2 });
  expect("text" in result && result.text.startsWith(reason) && result.text.includes("\nUsage of ")).toBe(true);
});

test("-h prints the usage", () => {
  expect(parseFlags(["-h"])).toMatchObject({ exitCode: 0, text: expect.stringContaining("-db path") as string });
});
