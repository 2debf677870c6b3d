import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emptyFolder, isInstalled, ROOT, run } from "./testing/artefacts.ts";

const CAN_TRY = isInstalled("bwrap") && process.getuid?.() === 0;
const POSTINST = join(ROOT, "tools/release/debian/postinst");

test.runIf(CAN_TRY)("an update of the package gives the dashboard's user no file of root's that it made a link to", () => {
  const folder = emptyFolder();
  const [users, groups] = [join(folder, "passwd"), join(folder, "group")];
  writeFileSync(users, "root:x:0:0::/root:/bin/sh\nwindfire:x:65532:65532::/var/lib/windfire:/bin/false\n");
  writeFileSync(groups, "root:x:0:\nwindfire:x:65532:\n");
  const script = `
    set -e
    mkdir /var/lib/windfire
    touch /var/lib/of-root
    ln -s ../of-root /var/lib/windfire/config.yaml
    sh "$1" configure 0.0.1
    stat -c '%u %n' /var/lib/of-root /var/lib/windfire /var/lib/windfire/config.yaml`;
  const mounts = ["--ro-bind", "/", "/", "--tmpfs", "/var/lib", "--tmpfs", "/run", "--ro-bind", users, "/etc/passwd"];
  const command = ["bwrap", ...mounts, "--ro-bind", groups, "/etc/group", "--dev", "/dev", "sh", "-c", script, "sh", POSTINST];
  expect(run(folder, command)).toEqual({
    code: 0,
    text: "0 /var/lib/of-root\n65532 /var/lib/windfire\n65532 /var/lib/windfire/config.yaml\n",
  });
});
