import { checkSubject } from "./harness/check.ts";
import { erc721 } from "./subjects/erc721.ts";

checkSubject(erc721);
