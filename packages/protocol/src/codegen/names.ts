import { isScalar, type ProtoField, type Scalar } from "./proto-file.ts";

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

export function typeName(name: string): string {
  return name.slice(name.lastIndexOf("_") + 1);
}

export function propertyName(field: ProtoField): string {
  return field.name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

export function elementType(field: ProtoField): string {
  return isScalar(field.type) ? TYPE[field.type] : typeName(field.type);
}

export function fieldType(field: ProtoField): string {
  if (field.repeated) return `readonly ${elementType(field)}[]`;
  if (field.plain) return "number";
  return isScalar(field.type) ? TYPE[field.type] : `${typeName(field.type)} | undefined`;
}

/** A uint64 with all of its digits. */
export function isExact(field: ProtoField): boolean {
  return field.type === "uint64" && !field.plain;
}

export function zero(field: ProtoField): string {
  return isScalar(field.type) ? ZERO[field.type] : "undefined";
}

export function emptyList(field: ProtoField): string {
  if (field.type === "string") return "NO_STRINGS";
  return isScalar(field.type) ? "NO_NUMBERS" : `NO_${typeName(field.type).toUpperCase()}S`;
}

export function tagOf(field: ProtoField): number {
  return field.number * 8 + (isScalar(field.type) ? WIRE_TYPE[field.type] : 2);
}
