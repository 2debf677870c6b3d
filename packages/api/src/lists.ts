import { z } from "zod";
import { rowId } from "./numbers.ts";
import { byteLength, bytes, LIMITS } from "./text.ts";

const TOO_MANY = `must have at most ${LIMITS.entries} entries`;
const ID_KEY = /^\d{1,20}$/;
const isRowId = (key: string): boolean => Number.isSafeInteger(Number(key));

/** An entry of a list or map that may be `null`, which stands for the zero value (spec 11 section 0.3). */
function orZero<S extends z.ZodType>(schema: S, zero: z.input<S>) {
  return z.preprocess((value: z.input<S>) => value ?? zero, schema);
}

const listedId = orZero(rowId, 0);

/** Row ids in a body. */
export const ids = z.array(listedId).max(LIMITS.entries, TOO_MANY);
/** A body that is a list of row ids: batch deletes, force update. */
export const IdList = ids.meta({
  id: "IdList",
  description: "Row ids; `null` is an empty list",
  examples: [[1, 2]],
});
/** Texts of at most 8 KiB each. */
export const lines = z.array(orZero(bytes(LIMITS.line), "")).max(LIMITS.entries, TOO_MANY);
/** A body that is a list of IP addresses. */
export const AddressList = lines.meta({
  id: "AddressList",
  description: "IP addresses; `null` is an empty list",
  examples: [["203.0.113.9", "2001:db8::1"]],
});
/** A body that is a list of host names. */
export const HostList = lines.meta({
  id: "HostList",
  description: "Host names; `null` is an empty list",
  examples: [["old.example.com"]],
});

/** A body that is a list of names of sign-in providers. */
export const ProviderNames = lines.meta({ id: "ProviderNames", description: "Names as they stand in the file", examples: [["Company"]] });

const idKey = z.string().regex(ID_KEY, "keys must be row ids");

/** A map whose keys are row ids. Keys are rewritten to their shortest form. */
function byId<S extends z.ZodType>(value: S) {
  return z
    .record(idKey, value, {
      error: (issue) => (issue.code === "invalid_key" ? "keys must be row ids" : undefined),
    })
    .refine((map) => Object.keys(map).length <= LIMITS.entries, TOO_MANY)
    .refine((map) => Object.keys(map).every(isRowId), "keys must be row ids")
    .overwrite((map) => Object.fromEntries(Object.entries(map).map(([key, entry]) => [String(Number(key)), entry])));
}

/** `{"3": true}`: only entries that are true count. */
export const flagsById = byId(orZero(z.boolean(), false)).meta({ examples: [{ "3": true }] });
/** `{"2": ["a.example.com"]}`; of at most 256 KiB as it is stored. */
export const linesById = byId(orZero(lines, []))
  .refine((map) => byteLength(JSON.stringify(map)) <= LIMITS.references, `must have at most ${LIMITS.references} bytes`)
  .meta({ examples: [{ "2": ["a.example.com"] }] });

/** Maps of answers. */
export const mapById = <S extends z.ZodType>(value: S) => z.record(z.string().regex(ID_KEY), value);
