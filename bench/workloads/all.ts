/** All workloads, in the order in which they are run and shown. */
import { APPLICATIONS } from "./applications.ts";
import { COUNTERS } from "./counters.ts";
import { GRAPH_SHAPES } from "./graphs.ts";
import { TRANSFERS } from "./transfers.ts";
import type { Workload } from "./workload.ts";

export const WORKLOADS: readonly Workload[] = [...TRANSFERS, ...APPLICATIONS, ...COUNTERS, ...GRAPH_SHAPES];
