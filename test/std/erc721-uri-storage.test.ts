import { checkSubject } from "./harness/check.ts";
import { erc721UriStorage } from "./subjects/erc721.ts";

checkSubject(erc721UriStorage);
