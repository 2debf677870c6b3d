import { openTemporaryDatabase } from "#platform/database/testing";
import { testLeases } from "./testing/contract.ts";

testLeases(openTemporaryDatabase);
