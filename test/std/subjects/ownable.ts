import fc from "fast-check";
import { alice, amount, anyone, call, ZERO } from "../harness/subject.ts";
import type { Subject } from "../harness/subject.ts";

export const ownable: Subject = {
  name: "Ownable",
  instances: [
    {
      label: "it",
      solidity: { file: "ownable.sol", contract: "OwnedBox" },
      weft: { file: "test/std/contracts/ownable.weft", contract: "OwnedBox" },
      args: [alice],
    },
  ],
  calls: [
    call({ function: "set", pick: amount, weight: 3 }),
    call({ function: "transferOwnership", pick: anyone }),
    call({ function: "renounceOwnership", pick: fc.constant([]) }),
  ],
  views: [
    { function: "owner", args: () => [[]] },
    { function: "content", args: () => [[]] },
  ],
  constructions: [[alice], [ZERO]],
  differences: [],
};
