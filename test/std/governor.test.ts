import { checkSubject } from "./harness/check.ts";
import { governor } from "./subjects/governor.ts";

checkSubject(governor);
