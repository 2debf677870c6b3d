export { abandon, connect } from "./connect.ts";
export { compatStatements, lateCompatStatements } from "./compat.ts";
export { asDatabaseError as asPostgresError } from "./failures.ts";
export { beTheWriter, claimDatabase } from "./locks.ts";
export { createPostgresEngine } from "./postgres-engine.ts";
export { createReader } from "./reader.ts";
export { createWriter as createPostgresWriter } from "./writer.ts";
export { translate } from "./translate.ts";
