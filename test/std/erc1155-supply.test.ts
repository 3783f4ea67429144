import { checkSubject } from "./harness/check.ts";
import { erc1155Supply } from "./subjects/erc1155.ts";

checkSubject(erc1155Supply);
