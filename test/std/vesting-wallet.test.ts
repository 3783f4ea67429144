import { checkSubject } from "./harness/check.ts";
import { vestingWallet } from "./subjects/finance.ts";

checkSubject(vestingWallet);
