import { checkSubject } from "./harness/check.ts";
import { wrappedCoin } from "./subjects/wrapped-coin.ts";

checkSubject(wrappedCoin);
