import { checkSubject } from "./harness/check.ts";
import { ownable } from "./subjects/ownable.ts";

checkSubject(ownable);
