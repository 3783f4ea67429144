import { checkSubject } from "./harness/check.ts";
import { erc721Enumerable } from "./subjects/erc721.ts";

checkSubject(erc721Enumerable);
