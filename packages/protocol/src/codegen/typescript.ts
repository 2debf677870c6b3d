import { elementType, emptyList, fieldType, propertyName, typeName } from "./names.ts";
import { isScalar, type ProtoMessage } from "./proto-file.ts";
import { renderRead } from "./reading.ts";
import { renderWrite } from "./writing.ts";

/**
 * The codec of these messages as one TypeScript module. A message that is a singular field of another reads on from its earlier
 * occurrence, as protobuf wants.
 */
export function renderCodec(messages: readonly ProtoMessage[]): string {
  const merged = new Set(messages.flatMap((message) => message.fields.filter((field) => !field.repeated).map((field) => field.type)));
  const parts = messages.map((message) => {
    const isMerged = merged.has(message.name);
    return [renderInterface(message), renderRead(message, isMerged), renderWrite(message), renderFace(message, isMerged)].join("\n\n");
  });
  const lists = messages
    .flatMap((message) => message.fields)
    .filter((field) => field.repeated && !isScalar(field.type))
    .map((field) => `const ${emptyList(field)}: readonly ${elementType(field)}[] = Object.freeze([]);\n`);
  return `${HEADER}${lists.join("")}\n${parts.join("\n\n")}\n`;
}

const HEADER = `// Generated from nezha.proto by src/codegen/generate.ts. Do not edit.
import { MAX_REPEATED, WireReader } from "./reader.ts";
import type { Uint64 } from "./uint64.ts";
import { WireWriter } from "./writer.ts";

const NO_BYTES = new Uint8Array(0);
const NO_STRINGS: readonly string[] = Object.freeze([]);
const NO_NUMBERS: readonly number[] = Object.freeze([]);
`;

function renderInterface(message: ProtoMessage): string {
  const name = typeName(message.name);
  const fields = message.fields.map((field) => `  ${propertyName(field)}: ${fieldType(field)};`);
  const comment = message.comment === undefined ? "" : `/** ${message.comment} */\n`;
  return `${comment}export interface ${name} {\n${fields.join("\n")}\n}`;
}

function renderFace(message: ProtoMessage, merged: boolean): string {
  const name = typeName(message.name);
  return `/** @throws WireError */
export function decode${name}(bytes: Uint8Array): ${name} {
  return read${name}(new WireReader(bytes)${merged ? ", undefined" : ""});
}

/** Absent fields and zero values are left out. \`headroom\` bytes stay free in front. */
export function encode${name}(message: Partial<${name}>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  write${name}(writer, message);
  return writer.finish();
}`;
}
