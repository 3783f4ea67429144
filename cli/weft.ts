#!/usr/bin/env node
/** The `weft` binary. Parses arguments, runs one command, prints its outcome, sets the exit code. Nothing here knows what commands do. */
import { main } from "./main.ts";

await main(process.argv.slice(2));
