import { checkSubject } from "./harness/check.ts";
import { timelockController } from "./subjects/timelock-controller.ts";

checkSubject(timelockController);
