import { checkSubject } from "./harness/check.ts";
import { paymentSplitter } from "./subjects/finance.ts";

checkSubject(paymentSplitter);
