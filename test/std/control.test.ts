import { checkSubject } from "./harness/check.ts";
import { pausable, ownable2Step } from "./subjects/control.ts";

checkSubject(pausable);
checkSubject(ownable2Step);
