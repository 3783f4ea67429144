import { checkSubject } from "./harness/check.ts";
import { accessControl } from "./subjects/erc20.ts";

checkSubject(accessControl);
