import { win32 } from "node:path";
import { run, tryRun } from "./service.ts";
import type { ServiceManager, ServiceSpec } from "./service.ts";

/**
 * Windows. Its service manager only talks to programs that answer it, which Node does not, so a small one that keeps the
 * service running is compiled on the host by what every Windows has.
 */
export const windows: ServiceManager = {
  name: "Windows services",
  file: wrapperPath,
  steps: (action, spec) => {
    const { name, description } = spec;
    const wrapper = wrapperPath(spec);
    switch (action) {
      case "install":
        return [
          { kind: "write", path: sourcePath(spec), text: source(spec), mode: 0o644 },
          run("powershell.exe", "-NoProfile", "-NonInteractive", "-Command", compile(sourcePath(spec), wrapper)),
          run("sc.exe", "create", name, "binPath=", `"${wrapper}"`, "start=", "auto", "DisplayName=", description),
          run("sc.exe", "failure", name, "reset=", "10", "actions=", "restart/1000"),
          run("sc.exe", "start", name),
        ];
      case "uninstall":
        return [
          tryRun("powershell.exe", "-NoProfile", "-NonInteractive", "-Command", `Stop-Service -Name '${name}'`),
          run("sc.exe", "delete", name),
          { kind: "remove", path: wrapper },
          { kind: "remove", path: sourcePath(spec) },
        ];
      case "start":
      case "stop":
      case "restart":
        return [run("powershell.exe", "-NoProfile", "-NonInteractive", "-Command", `${VERBS[action]}-Service -Name '${name}'`)];
    }
  },
};

const VERBS = { start: "Start", stop: "Stop", restart: "Restart" };

function wrapperPath({ folder, name }: ServiceSpec): string {
  return win32.join(folder, `${name}-service.exe`);
}

function sourcePath({ folder, name }: ServiceSpec): string {
  return win32.join(folder, `${name}-service.cs`);
}

function compile(from: string, to: string): string {
  const text = (path: string): string => `'${path.replaceAll("'", "''")}'`;
  return `Add-Type -Path ${text(from)} -OutputAssembly ${text(to)} -OutputType ConsoleApplication -ReferencedAssemblies System.ServiceProcess`;
}

function source({ name, program, args, folder }: ServiceSpec): string {
  return `using System;
using System.Diagnostics;
using System.ServiceProcess;

class KeptService : ServiceBase
{
    Process child;
    volatile bool stopping;

    KeptService() { ServiceName = ${literal(name)}; CanShutdown = true; }

    protected override void OnStart(string[] args)
    {
        var start = new ProcessStartInfo(${literal(program)}, ${literal(args.map(commandLineWord).join(" "))});
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.WorkingDirectory = ${literal(folder)};
        child = Process.Start(start);
        child.EnableRaisingEvents = true;
        // Leaving without a word is what the service manager takes for a failure, and starts us again.
        child.Exited += (sender, e) => { if (!stopping) Environment.Exit(1); };
    }

    protected override void OnStop()
    {
        stopping = true;
        try { child.Kill(); child.WaitForExit(5000); } catch (InvalidOperationException) { }
    }

    protected override void OnShutdown() { OnStop(); }

    static void Main() { ServiceBase.Run(new KeptService()); }
}
`;
}

function literal(text: string): string {
  return `@"${text.replaceAll('"', '""')}"`;
}

/** As the C runtime takes command lines apart. */
export function commandLineWord(text: string): string {
  if (/^[^\s"]+$/.test(text)) return text;
  return `"${text
    .split('"')
    .map(withoutEscape)
    .join(String.raw`\"`)}"`;
}

/** Backslashes mean themselves except before a quotation mark, where they are doubled. */
function withoutEscape(part: string): string {
  let end = part.length;
  while (part[end - 1] === "\\") end--;
  return part + part.slice(end);
}
