import { checkSubject } from "./harness/check.ts";
import { erc1155 } from "./subjects/erc1155.ts";

checkSubject(erc1155);
