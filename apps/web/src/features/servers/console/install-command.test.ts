import { expect, test } from "vitest";
import { installCommand } from "./install-command.ts";

const OPTIONS = { program: "nezha" as const, server: "data.example.com:8008", tls: true, secret: "4FzUoQ3b", uuid: undefined };

test("Linux and macOS get the command of the official console", () => {
  const command =
    "curl -L https://raw.githubusercontent.com/nezhahq/scripts/main/agent/install.sh -o agent.sh && chmod +x agent.sh && env NZ_SERVER=data.example.com:8008 NZ_TLS=true NZ_CLIENT_SECRET=4FzUoQ3b ./agent.sh";
  expect(installCommand("linux", OPTIONS)).toBe(command);
  expect(installCommand("macos", OPTIONS)).toBe(command);
});

test("a known server is bound by its UUID", () => {
  expect(installCommand("linux", { ...OPTIONS, uuid: "0f1c" })).toContain("NZ_CLIENT_SECRET=4FzUoQ3b NZ_UUID=0f1c ./agent.sh");
});

test("Windows gets the same variables", () => {
  const command = installCommand("windows", { ...OPTIONS, tls: false });
  expect(command).toContain('$env:NZ_SERVER="data.example.com:8008"; $env:NZ_TLS="false"; $env:NZ_CLIENT_SECRET="4FzUoQ3b";');
  expect(command).toContain("install.ps1 -OutFile C:\\install.ps1");
});

test("nothing in a value can end its word", () => {
  const hostile = { ...OPTIONS, server: "a'; rm -rf /;\"$x`" };
  expect(installCommand("linux", hostile)).toContain(`NZ_SERVER='a'\\''; rm -rf /;"$x\`' NZ_TLS`);
  expect(installCommand("windows", hostile)).toContain('$env:NZ_SERVER="a\'; rm -rf /;`"`$x``";');
  expect(installCommand("manual", hostile)).toContain('server: "a\'; rm -rf /;\\"$x`"');
});

test("our agent is installed by the program itself, with the same variables", () => {
  const ours = { ...OPTIONS, program: "windfire" as const, uuid: "0f1c" };
  expect(installCommand("linux", ours)).toBe(
    "sudo env NZ_SERVER=data.example.com:8008 NZ_TLS=true NZ_CLIENT_SECRET=4FzUoQ3b NZ_UUID=0f1c node tools/windfire.mjs agent service install",
  );
  expect(installCommand("windows", ours)).toMatch(
    /^\$env:NZ_SERVER="data.*\$env:NZ_UUID="0f1c"; node tools\/windfire\.mjs agent service install$/,
  );
  expect(installCommand("manual", ours)).toBe(installCommand("manual", { ...ours, program: "nezha" }));
});
