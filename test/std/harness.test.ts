/** Mistakes made in the library on purpose: the comparison with Solidity must notice each. */
import { describe, expect, test } from "vitest";
import { findDifference } from "./harness/check.ts";
import { erc20, erc20Guarded, erc20Votes, accessControl } from "./subjects/erc20.ts";
import { ownable2Step } from "./subjects/control.ts";
import type { Subject } from "./harness/subject.ts";

interface Mistake {
  readonly title: string;
  readonly subject: Subject;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const MISTAKES: readonly Mistake[] = [
  {
    title: "an allowance that isn't used up",
    subject: erc20,
    file: "weft/std/erc20.weft",
    from: "self.allowance[owner][spender] = allowed - value;",
    to: "self.allowance[owner][spender] = allowed;",
  },
  {
    title: "an allowance without end that is",
    subject: erc20,
    file: "weft/std/erc20.weft",
    from: "if allowed < UNLIMITED {",
    to: "if allowed <= UNLIMITED {",
  },
  {
    title: "a nonce that isn't stepped",
    subject: erc20,
    file: "weft/std/nonces.weft",
    from: "self.nonces[owner] = nonce + 1;",
    to: "self.nonces[owner] = nonce;",
  },
  {
    title: "both signatures that say the same",
    subject: erc20,
    file: "weft/std/ecdsa.weft",
    from: "require u256(s) <= HALF_ORDER else ECDSAInvalidSignatureS(s);",
    to: "",
  },
  {
    title: "a pause that is looked at before the receiver",
    subject: erc20Guarded,
    file: "weft/std/erc20.weft",
    from: `    require from != ZERO_ADDRESS else ERC20InvalidSender(ZERO_ADDRESS);
    require to != ZERO_ADDRESS else ERC20InvalidReceiver(ZERO_ADDRESS);
    self.beforeUpdate(from, to, value);`,
    to: `    self.beforeUpdate(from, to, value);
    require from != ZERO_ADDRESS else ERC20InvalidSender(ZERO_ADDRESS);
    require to != ZERO_ADDRESS else ERC20InvalidReceiver(ZERO_ADDRESS);`,
  },
  {
    title: "a cap that may not be reached",
    subject: erc20Guarded,
    file: "weft/std/erc20.weft",
    from: "require self.totalSupply <= self.cap else",
    to: "require self.totalSupply < self.cap else",
  },
  {
    title: "votes that don't move when they are delegated anew",
    subject: erc20Votes,
    file: "weft/std/votes.weft",
    from: "self.moveDelegated(previous, delegatee, self.votingUnits(account));",
    to: "self.moveDelegated(ZERO_ADDRESS, delegatee, self.votingUnits(account));",
  },
  {
    title: "past votes of the block after",
    subject: erc20Votes,
    file: "weft/std/votes.weft",
    from: "return self.votes[account].at(u64(timepoint));",
    to: "return self.votes[account].at(min(u64(timepoint) + 1, block.height - 1));",
  },
  {
    title: "a role that its holder may give",
    subject: accessControl,
    file: "weft/std/access-control.weft",
    from: "pub fn grantRole(role: bytes32, account: address) with onlyRole(self.getRoleAdmin[role]) {",
    to: "pub fn grantRole(role: bytes32, account: address) with onlyRole(role) {",
  },
  {
    title: "an offer that stays when it was accepted",
    subject: ownable2Step,
    file: "weft/std/ownable.weft",
    from: "    delete self.pendingOwner;\n    self.setOwner(caller);",
    to: "    self.setOwner(caller);",
  },
];

describe("the comparison notices", () => {
  test.each(MISTAKES.map((mistake) => [mistake.title, mistake] as const))(
    "%s",
    async (_, { subject, file, from, to }) => {
      const found = await findDifference(subject, { file, from, to });
      expect(found).toMatch(/Solidity: [\s\S]*Weft: |at the end/);
      console.log(found);
    },
    600_000,
  );
});
