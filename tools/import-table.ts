import { fileURLToPath } from "node:url";
import { checkImports } from "./import-table/check.ts";

const { files, findings } = await checkImports(fileURLToPath(new URL("..", import.meta.url)));
for (const { file, line, rule, text } of findings) console.error(`${file}:${line}  ${rule}: ${text}`);
console.log(`${files} files, ${findings.length} imports against the table`);
if (findings.length > 0) process.exitCode = 1;
