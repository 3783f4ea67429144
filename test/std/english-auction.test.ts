import { checkSubject } from "./harness/check.ts";
import { englishAuction } from "./subjects/english-auction.ts";

checkSubject(englishAuction);
