import { isScalar, type ProtoField, type ProtoMessage, type Scalar } from "./proto-file.ts";

const WIRE_TYPE: Record<Scalar, number> = { uint64: 0, bool: 0, double: 1, string: 2, bytes: 2, float: 5 };
const TYPE: Record<Scalar, string> = {
  string: "string",
  bytes: "Uint8Array",
  bool: "boolean",
  uint64: "Uint64",
  double: "number",
  float: "number",
};
const ZERO: Record<Scalar, string> = { string: '""', bytes: "NO_BYTES", bool: "false", uint64: "0", double: "0", float: "0" };

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

function renderRead(message: ProtoMessage, merged: boolean): string {
  const name = typeName(message.name);
  const parameters = merged ? `reader: WireReader, earlier: ${name} | undefined` : "reader: WireReader";
  const declarations = message.fields.map((field) => {
    const start = merged ? `earlier?.${propertyName(field)} ?? ${zero(field)}` : zero(field);
    const type = field.repeated
      ? `: ${elementType(field)}[] | undefined`
      : field.type === "bytes" || !isScalar(field.type) || isExact(field)
        ? `: ${fieldType(field)}`
        : "";
    return `  let ${propertyName(field)}${type} = ${field.repeated ? "undefined" : start};`;
  });
  const cases = message.fields.flatMap((field) => renderCases(field));
  const result = message.fields.map((field) => {
    const property = propertyName(field);
    return field.repeated ? `    ${property}: ${property} ?? ${emptyList(field)},` : `    ${property},`;
  });
  return [
    `function read${name}(${parameters}): ${name} {`,
    ...declarations,
    "  while (reader.more()) {",
    "    const tag = reader.tag();",
    "    switch (tag) {",
    ...cases,
    "      default:",
    "        reader.skip(tag);",
    "    }",
    "  }",
    "  return {",
    ...result,
    "  };",
    "}",
  ].join("\n");
}

function renderCases(field: ProtoField): string[] {
  const property = propertyName(field);
  if (!isScalar(field.type)) return renderMessageCase(field, property);
  const method = field.plain ? "integer" : field.type;
  if (!field.repeated) return block(tagOf(field), [`${property} = reader.${method}();`]);
  const item = [
    `const item = reader.${field.type}();`,
    `${property} ??= [];`,
    `if (${property}.length < MAX_REPEATED) ${property}.push(item);`,
  ];
  const single = block(tagOf(field), item, true);
  if (field.type === "string") return single;
  const packed = [
    "const outer = reader.enter();",
    `${property} ??= [];`,
    "while (reader.more()) {",
    `  const item = reader.${field.type}();`,
    `  if (${property}.length < MAX_REPEATED) ${property}.push(item);`,
    "}",
    "reader.leave(outer);",
  ];
  return [...single, ...block(field.number * 8 + 2, packed, true)];
}

function renderMessageCase(field: ProtoField, property: string): string[] {
  const read = `read${typeName(field.type)}`;
  const keep = field.repeated
    ? [`const item = ${read}(reader);`, `${property} ??= [];`, `if (${property}.length < MAX_REPEATED) ${property}.push(item);`]
    : [`${property} = ${read}(reader, ${property});`];
  return block(tagOf(field), ["const outer = reader.enter();", ...keep, "reader.leave(outer);"], true);
}

function block(tag: number, lines: readonly string[], braces = false): string[] {
  const body = lines.map((line) => `        ${line}`);
  return [`      case ${tag}:${braces ? " {" : ""}`, ...body, "        break;", ...(braces ? ["      }"] : [])];
}

function renderWrite(message: ProtoMessage): string {
  const name = typeName(message.name);
  const lines = message.fields.flatMap((field) => renderFieldWrite(field).map((line) => `  ${line}`));
  return [`function write${name}(writer: WireWriter, message: Partial<${name}>): void {`, ...lines, "}"].join("\n");
}

function renderFieldWrite(field: ProtoField): string[] {
  const property = propertyName(field);
  const value = `message.${property}`;
  const tag = `writer.uint64(${tagOf(field)});`;
  if (!isScalar(field.type)) {
    const item = [tag, "const mark = writer.open();", `write${typeName(field.type)}(writer, item);`, "writer.close(mark);"];
    if (field.repeated) return [`for (const item of ${value} ?? []) {`, ...indented(item), "}"];
    return [`if (${value} !== undefined) {`, ...indented([`const item = ${value};`, ...item]), "}"];
  }
  if (field.repeated && field.type === "string")
    return [`for (const item of ${value} ?? []) {`, ...indented([tag, "writer.string(item);"]), "}"];
  if (field.repeated) {
    const lines = [
      `writer.uint64(${field.number * 8 + 2});`,
      "const mark = writer.open();",
      `for (const item of ${value}) writer.${field.type}(item);`,
      "writer.close(mark);",
    ];
    return [`if (${value} !== undefined && ${value}.length > 0) {`, ...indented(lines), "}"];
  }
  return [`if (${isSet(field.type, value)}) {`, ...indented([tag, writeScalar(field.type, value)]), "}"];
}

function isSet(type: Scalar, value: string): string {
  if (type === "bytes") return `${value} !== undefined && ${value}.length > 0`;
  if (type === "double" || type === "float") return `${value} !== undefined && !Object.is(${value}, 0)`;
  if (type === "uint64") return `${value} !== undefined && ${value} !== 0`;
  return type === "string" ? `${value} !== undefined && ${value} !== ""` : `${value} === true`;
}

function writeScalar(type: Scalar, value: string): string {
  return type === "bool" ? "writer.uint64(1);" : `writer.${type}(${value});`;
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

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function typeName(name: string): string {
  return name.slice(name.lastIndexOf("_") + 1);
}

function propertyName(field: ProtoField): string {
  return field.name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function elementType(field: ProtoField): string {
  return isScalar(field.type) ? TYPE[field.type] : typeName(field.type);
}

function fieldType(field: ProtoField): string {
  if (field.repeated) return `readonly ${elementType(field)}[]`;
  if (field.plain) return "number";
  return isScalar(field.type) ? TYPE[field.type] : `${typeName(field.type)} | undefined`;
}

/** A uint64 with all of its digits. */
function isExact(field: ProtoField): boolean {
  return field.type === "uint64" && !field.plain;
}

function zero(field: ProtoField): string {
  return isScalar(field.type) ? ZERO[field.type] : "undefined";
}

function emptyList(field: ProtoField): string {
  if (field.type === "string") return "NO_STRINGS";
  return isScalar(field.type) ? "NO_NUMBERS" : `NO_${typeName(field.type).toUpperCase()}S`;
}

function tagOf(field: ProtoField): number {
  return field.number * 8 + (isScalar(field.type) ? WIRE_TYPE[field.type] : 2);
}
