import { readFileSync, writeFileSync } from "node:fs";
import { parseProto } from "./proto-file.ts";
import { renderCodec } from "./typescript.ts";

const source = new URL("../nezha.proto", import.meta.url);
const target = new URL("../codec/messages.gen.ts", import.meta.url);

writeFileSync(target, renderCodec(parseProto(readFileSync(source, "utf8"))));
