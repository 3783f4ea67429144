import fc from "fast-check";
import { alice, amount, anyone, bob, call, people, ZERO } from "../harness/subject.ts";
import type { Subject } from "../harness/subject.ts";

const content = { function: "content", args: () => [[]] };

export const pausable: Subject = {
  name: "Pausable",
  instances: [
    {
      label: "it",
      solidity: { file: "control.sol", contract: "PausableBox" },
      weft: { file: "test/std/contracts/control.weft", contract: "PausableBox" },
    },
  ],
  calls: [
    call({ function: "set", pick: amount, weight: 2 }),
    call({ function: "rescue", pick: amount, weight: 2 }),
    call({ function: "pause", pick: fc.constant([]) }),
    call({ function: "unpause", pick: fc.constant([]) }),
  ],
  views: [content, { function: "paused", args: () => [[]] }],
  differences: [],
};

export const ownable2Step: Subject = {
  name: "Ownable2Step",
  instances: [
    {
      label: "it",
      solidity: { file: "control.sol", contract: "TwoStepBox" },
      weft: { file: "test/std/contracts/control.weft", contract: "TwoStepBox" },
      args: [alice],
    },
  ],
  calls: [
    call({ function: "set", pick: amount, weight: 2 }),
    // Mostly back and forth between two, so that somebody stays the owner.
    call({ function: "transferOwnership", pick: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(alice, bob) }, anyone), weight: 4 }),
    call({ function: "acceptOwnership", pick: fc.constant([]), weight: 3 }),
    call({ function: "renounceOwnership", pick: fc.constant([]), from: fc.constantFrom(...people, alice), weight: 1 }),
  ],
  views: [content, { function: "owner", args: () => [[]] }, { function: "pendingOwner", args: () => [[]] }],
  constructions: [[bob], [ZERO]],
  differences: [],
};
