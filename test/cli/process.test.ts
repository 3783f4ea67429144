import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { jsonOf, ROOT, weft } from "../helpers/cli.ts";

/** Throws inside the process once the command is under way. */
const SABOTAGE = "--import data:text/javascript,setTimeout(()=>{throw(new(TypeError)(/sabotaged/.source))},400)";

describe("our own bugs", () => {
  test("exit with 3 and a block to report, without a stack", () => {
    const { code, out, err } = weft(["run", "examples/token"], { env: { NODE_OPTIONS: SABOTAGE } });
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toContain("internal error[E0901]: this is a bug in weft");
    expect(err).toContain("command: weft run examples/token\n  error: TypeError: sabotaged\n");
    expect(err).not.toMatch(/\n\s+at /);
  });

  test("show the stack when WEFT_BACKTRACE asks for it", () => {
    const { code, err } = weft(["run", "examples/token"], { env: { NODE_OPTIONS: SABOTAGE, WEFT_BACKTRACE: "1" } });
    expect(code).toBe(3);
    expect(err).toMatch(/\n\s+at /);
  });

  test("are one JSON document with --json", () => {
    const finished = weft(["run", "examples/token", "--json"], { env: { NODE_OPTIONS: SABOTAGE } });
    expect(finished).toMatchObject({ code: 3, err: "" });
    expect(jsonOf(finished)).toMatchObject({ schema: 1, ok: false });
  });
});

describe("the process", () => {
  test("an interrupt ends a run with 130", async () => {
    const child = spawn(process.execPath, [join(ROOT, "dist/weft.js"), "run", "examples/token"], { cwd: ROOT, stdio: "ignore" });
    setTimeout(() => child.kill("SIGINT"), 1_000);
    const [code] = (await once(child, "exit")) as [number | null];
    expect(code).toBe(130);
  });

  test("a reader that closes the pipe early causes no noise", async () => {
    const child = spawn(
      "bash",
      [
        "-c",
        `"${process.execPath}" dist/weft.js conflicts examples/token/token.weft --json | head -c 10 >/dev/null; exit \${PIPESTATUS[0]}`,
      ],
      {
        cwd: ROOT,
      },
    );
    let err = "";
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    const [code] = (await once(child, "exit")) as [number | null];
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  test.runIf(existsSync("/dev/full"))("results that couldn't be written are an error", () => {
    for (const args of ["--version", "footprint examples/token/token.weft", "footprint examples/token/token.weft --json"]) {
      const { status, stderr } = spawnSync("bash", ["-c", `"${process.execPath}" dist/weft.js ${args} >/dev/full`], {
        cwd: ROOT,
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({ status: 2, stderr: "error[E0814]: can't write `standard output`: ENOSPC\n" });
    }
  });

  test("large results arrive whole through a pipe", () => {
    const finished = weft(["footprint", "examples/token/token.weft", "--json"]);
    expect(finished.code).toBe(0);
    expect(jsonOf(finished)).toHaveProperty("timing");
  });
});
