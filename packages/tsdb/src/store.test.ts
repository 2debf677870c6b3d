import { storeContract } from "./testing/contract.ts";
import { makeTestbed } from "./testing/testbed.ts";

storeContract("embedded store", () => makeTestbed());
storeContract("embedded store with little memory", () => makeTestbed({ headBytes: 1 }));
