import { checkSubject } from "./harness/check.ts";
import { erc20, erc20Guarded, erc20Votes } from "./subjects/erc20.ts";

checkSubject(erc20);
checkSubject(erc20Guarded);
checkSubject(erc20Votes);
