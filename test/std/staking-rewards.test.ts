import { checkSubject } from "./harness/check.ts";
import { stakingRewards } from "./subjects/staking-rewards.ts";

checkSubject(stakingRewards);
