/** All that is compared with Solidity, in the order of docs/std.md. */
import type { Subject } from "../harness/subject.ts";
import { ownable2Step, pausable } from "./control.ts";
import { accessControl, erc20, erc20Guarded, erc20Votes } from "./erc20.ts";
import { ownable } from "./ownable.ts";
import { englishAuction } from "./english-auction.ts";
import { governor } from "./governor.ts";
import { multisig } from "./multisig.ts";
import { stakingRewards } from "./staking-rewards.ts";
import { timelockController } from "./timelock-controller.ts";
import { wrappedCoin } from "./wrapped-coin.ts";

export const subjects: readonly Subject[] = [
  ownable,
  ownable2Step,
  pausable,
  accessControl,
  erc20,
  erc20Guarded,
  erc20Votes,
  timelockController,
  governor,
  multisig,
  wrappedCoin,
  stakingRewards,
  englishAuction,
];
