import { storeContract } from "./contract.ts";
import { makeTestbed } from "./testbed.ts";

storeContract("embedded store", () => makeTestbed());
storeContract("embedded store with little memory", () => makeTestbed({ headBytes: 1 }));
