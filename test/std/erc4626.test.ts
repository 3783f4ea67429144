import { checkSubject } from "./harness/check.ts";
import { erc4626 } from "./subjects/finance.ts";

checkSubject(erc4626);
