import { propertyName, tagOf, typeName } from "./names.ts";
import { isScalar, type ProtoField, type ProtoMessage, type Scalar } from "./proto-file.ts";

/** The function that writes a message. */
export function renderWrite(message: ProtoMessage): string {
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

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
