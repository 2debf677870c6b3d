import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { json } from "./tree.ts";

interface Bill {
  serialNumber: string;
  metadata: { timestamp: string; component: { name: string } };
}

/** All packages of the release as CycloneDX, as npm writes it; number and time are made the same for the same content. */
export function billOfMaterials(root: string, time: number): string {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only"];
  const bill = JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 2 ** 20 })) as Bill;
  bill.metadata.timestamp = new Date(time * 1000).toISOString();
  // npm names it by the folder that it lies in.
  bill.metadata.component.name = "windfire";
  bill.serialNumber = "";
  const hash = createHash("sha256").update(JSON.stringify(bill)).digest("hex");
  bill.serialNumber = `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  return json(bill);
}
