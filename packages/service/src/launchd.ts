import { run, tryRun } from "./service.ts";
import type { ServiceManager, ServiceSpec } from "./service.ts";

/** macOS. Kept alive, so started when it is loaded. */
export const launchd: ServiceManager = {
  name: "launchd",
  file: listPath,
  steps: (action, spec) => {
    const path = listPath(spec);
    switch (action) {
      case "install":
        return [{ kind: "write", path, text: propertyList(spec), mode: 0o644 }, run("launchctl", "load", "-w", path)];
      case "uninstall":
        return [tryRun("launchctl", "unload", "-w", path), { kind: "remove", path }];
      case "start":
        return [run("launchctl", "load", "-w", path)];
      case "stop":
        return [run("launchctl", "unload", "-w", path)];
      case "restart":
        return [tryRun("launchctl", "unload", path), run("launchctl", "load", "-w", path)];
    }
  },
};

function listPath({ name }: ServiceSpec): string {
  return `/Library/LaunchDaemons/${name}.plist`;
}

function propertyList({ name, program, args, folder, user }: ServiceSpec): string {
  const words = [program, ...args].map((text) => `    <string>${escaped(text)}</string>`).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${escaped(name)}</string>
  <key>ProgramArguments</key>
  <array>
${words}
  </array>
  <key>WorkingDirectory</key>
  <string>${escaped(folder)}</string>
${user === undefined ? "" : `  <key>UserName</key>\n  <string>${escaped(user)}</string>\n`}  <key>KeepAlive</key>
  <true/>
  <key>RunAtLoad</key>
  <false/>
  <key>ThrottleInterval</key>
  <integer>30</integer>
  <key>StandardOutPath</key>
  <string>/var/log/${escaped(name)}.log</string>
  <key>StandardErrorPath</key>
  <string>/var/log/${escaped(name)}.log</string>
</dict>
</plist>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
