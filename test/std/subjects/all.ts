/** All that is compared with Solidity, in the order of docs/std.md. */
import type { Subject } from "../harness/subject.ts";
import { ownable2Step, pausable } from "./control.ts";
import { accessControl, erc20, erc20Guarded, erc20Votes } from "./erc20.ts";
import { erc1155, erc1155Supply } from "./erc1155.ts";
import { erc721, erc721Enumerable, erc721UriStorage } from "./erc721.ts";
import { erc4626, paymentSplitter, vestingWallet } from "./finance.ts";
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
  erc721,
  erc721UriStorage,
  erc721Enumerable,
  erc1155,
  erc1155Supply,
  erc4626,
  vestingWallet,
  paymentSplitter,
  timelockController,
  governor,
  multisig,
  wrappedCoin,
  stakingRewards,
  englishAuction,
];
