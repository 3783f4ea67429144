/** All that is compared with Solidity, in the order of docs/std.md. */
import type { Subject } from "../harness/subject.ts";
import { ownable } from "./ownable.ts";

export const subjects: readonly Subject[] = [ownable];
