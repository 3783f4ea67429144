import { checkSubject } from "./harness/check.ts";
import { multisig } from "./subjects/multisig.ts";

checkSubject(multisig);
