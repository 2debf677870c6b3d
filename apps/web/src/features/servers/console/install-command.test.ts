import { expect, test } from "vitest";
import { nezhaCommand, SYSTEMS, windfireCommand } from "./install-command.ts";

const SECRET = "4FzUoQ3b";
const CODE = "h4Tq0ZsPw9Yc2LrKmE7uXb1N";
const TARGET = { server: "data.example.com:8008", tls: true, uuid: undefined };
const HOSTILE = { ...TARGET, server: "a'; rm -rf /;\"$x`" };

test("Linux and macOS get the command of the official console", () => {
  const command =
    "curl -L https://raw.githubusercontent.com/nezhahq/scripts/main/agent/install.sh -o agent.sh && chmod +x agent.sh && env NZ_SERVER=data.example.com:8008 NZ_TLS=true NZ_CLIENT_SECRET=4FzUoQ3b ./agent.sh";
  expect(nezhaCommand("linux", TARGET, SECRET)).toBe(command);
  expect(nezhaCommand("macos", TARGET, SECRET)).toBe(command);
});

test("a known server is bound by its UUID", () => {
  const known = { ...TARGET, uuid: "0f1c" };
  expect(nezhaCommand("linux", known, SECRET)).toContain("NZ_CLIENT_SECRET=4FzUoQ3b NZ_UUID=0f1c ./agent.sh");
  for (const system of SYSTEMS.windfire) expect(windfireCommand(system, known, CODE)).toContain("0f1c");
});

test("Windows gets the same variables", () => {
  const command = nezhaCommand("windows", { ...TARGET, tls: false }, SECRET);
  expect(command).toContain('$env:NZ_SERVER="data.example.com:8008"; $env:NZ_TLS="false"; $env:NZ_CLIENT_SECRET="4FzUoQ3b";');
  expect(command).toContain("install.ps1 -OutFile C:\\install.ps1");
});

test("nothing in a value can end its word", () => {
  expect(nezhaCommand("linux", HOSTILE, SECRET)).toContain(`NZ_SERVER='a'\\''; rm -rf /;"$x\`' NZ_TLS`);
  expect(nezhaCommand("windows", HOSTILE, SECRET)).toContain('$env:NZ_SERVER="a\'; rm -rf /;`"`$x``";');
  expect(nezhaCommand("manual", HOSTILE, SECRET)).toContain('server: "a\'; rm -rf /;\\"$x`"');
  expect(windfireCommand("linux", HOSTILE, CODE)).toContain(`'https://a'\\''; rm -rf /;"$x\`/install/agent.sh'`);
  expect(windfireCommand("windows", HOSTILE, CODE)).toContain(
    'Invoke-WebRequest -UseBasicParsing "https://a\'; rm -rf /;`"`$x``/install/agent.ps1" ',
  );
});

test("our agent comes from the dashboard, and its host gets a credential by the code", () => {
  expect(windfireCommand("linux", TARGET, CODE)).toBe(
    `curl -fsSLo agent.sh https://data.example.com:8008/install/agent.sh && env NZ_SERVER=data.example.com:8008 NZ_TLS=true WF_CODE=${CODE} sh agent.sh`,
  );
  expect(windfireCommand("macos", { ...TARGET, tls: false }, CODE)).toBe(
    `curl -fsSLo agent.sh http://data.example.com:8008/install/agent.sh && sudo env NZ_SERVER=data.example.com:8008 NZ_TLS=false WF_CODE=${CODE} sh agent.sh`,
  );
  expect(windfireCommand("windows", TARGET, CODE)).toBe(
    `$env:NZ_SERVER="data.example.com:8008"; $env:NZ_TLS="true"; $env:WF_CODE="${CODE}"; [Net.ServicePointManager]::SecurityProtocol=[Net.SecurityProtocolType]::Tls12; Invoke-WebRequest -UseBasicParsing "https://data.example.com:8008/install/agent.ps1" -OutFile agent.ps1; powershell.exe -ExecutionPolicy Bypass -File agent.ps1`,
  );
  expect(windfireCommand("manual", TARGET, CODE)).toBe(
    `node tools/windfire.mjs agent enrol -c config.yml https://data.example.com:8008 ${CODE}\nnode tools/windfire.mjs agent -c config.yml`,
  );
});

test("a container installs once into its volume and then runs from there", () => {
  const command = windfireCommand("docker", TARGET, CODE);
  expect(command).toContain(`-e WF_ROOT=/agent -e NZ_SERVER=data.example.com:8008 -e NZ_TLS=true -e WF_CODE=${CODE}`);
  expect(command).toContain(
    "node:26 sh -c 'test -e /agent/opt/windfire-agent || { curl -fsSLo /tmp/agent.sh https://data.example.com:8008/install/agent.sh",
  );
});
