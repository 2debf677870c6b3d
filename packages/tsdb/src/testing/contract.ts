import { afterEach, beforeEach, describe } from "vitest";
import { ageingContract } from "./ageing-contract.ts";
import { answeringContract } from "./answering-contract.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** What every kind of store promises, whatever it keeps its points in. Declares tests; `makeStore` opens an empty store. */
export function storeContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract`, { timeout: 60_000 }, () => {
    let made: StoreUnderTest;
    beforeEach(async () => {
      made = await makeStore();
    });
    afterEach(() => made.dispose());

    answeringContract(() => made.store);
    ageingContract(() => made);
  });
}
