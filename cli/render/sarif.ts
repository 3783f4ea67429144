/**
 * Diagnostics as SARIF 2.1.0 (OASIS), for code scanning and editors. Rules come from the table of codes, those that are reported. Notes are related
 * locations, fixes are replacements. Paths are relative to the working folder where they can be.
 */
import { pathToFileURL } from "node:url";
import { isAbsolute } from "node:path";
import { CODES, isCode } from "../../compiler/diagnostics/codes.ts";
import type { Diagnostic, Edit, Fix, Place } from "../../compiler/diagnostics/diagnostic.ts";
import type { ExitCode } from "../exit.ts";
import { EXIT } from "../exit.ts";
import type { Json, Outcome } from "../outcome.ts";
import { compareText, sortDiagnostics } from "./frame.ts";
import type { Tool } from "./json.ts";
import { createRegions } from "./places.ts";
import type { RegionOf } from "./places.ts";

type JsonObject = { readonly [key: string]: Json };

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/** Relative addresses are relative to this: the folder in which the command was started. */
const BASE = "SRCROOT";

export function renderSarif({ diagnostics, files, exit }: Outcome, tool: Tool): string {
  const sorted = sortDiagnostics(diagnostics);
  const codes = [...new Set(sorted.map(({ code }) => code))].sort(compareText);
  const regionOf = createRegions(files);
  return sarifDocument(tool, {
    rules: codes.map(ruleOf),
    invocation: { exitCode: exit, executionSuccessful: exit !== EXIT.internal },
    results: sorted.map((diagnostic) => resultOf(diagnostic, codes.indexOf(diagnostic.code), regionOf)),
  });
}

/** A fault of our own: no results, and a notification that says what to report. */
export function renderSarifFault(tool: Tool, lines: readonly string[], exit: ExitCode): string {
  const notification = { level: "error", message: { text: escaped(lines.join("\n")) } };
  return sarifDocument(tool, {
    rules: [],
    invocation: { exitCode: exit, executionSuccessful: false, toolExecutionNotifications: [notification] },
    results: [],
  });
}

interface Run {
  readonly rules: readonly JsonObject[];
  readonly invocation: JsonObject;
  readonly results: readonly JsonObject[];
}

function sarifDocument({ name, version }: Tool, { rules, invocation, results }: Run): string {
  const driver = { name, version, semanticVersion: version, rules };
  const run = { tool: { driver }, columnKind: "utf16CodeUnits", invocations: [invocation], results };
  return JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, undefined, 2);
}

function ruleOf(code: string): JsonObject {
  if (!isCode(code)) return { id: code };
  const { message, explanation, severity, help } = CODES[code];
  const more = `\`weft explain ${code}\` shows a program that fails and one that works.`;
  const text = help === undefined ? `${explanation} ${more}` : `${explanation} What to do: ${shape(help)}. ${more}`;
  return {
    id: code,
    shortDescription: { text: shape(message) },
    fullDescription: { text: explanation },
    help: { text, markdown: text },
    defaultConfiguration: { level: severity },
  };
}

/** A template of the table as a text of its own: what depends on the program is left open. */
function shape(template: string): string {
  return template.replaceAll(/\{\w+\}/g, "…");
}

function resultOf(diagnostic: Diagnostic, ruleIndex: number, regionOf: RegionOf): JsonObject {
  const { code, severity, message, help, notes, fixes } = diagnostic;
  const text = help === undefined ? message : `${message}\nhelp: ${help}`;
  const related = notes.map((note, id) => ({ id, message: { text: escaped(note.text) }, physicalLocation: physical(note, regionOf) }));
  const changes = fixes.filter((fix) => fix.edits.every((edit) => regionOf(edit) !== undefined));
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: escaped(text) },
    // What is wrong with the command line is at no place.
    locations: diagnostic.path === "" ? [] : [{ physicalLocation: physical(diagnostic, regionOf) }],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    ...(changes.length === 0 ? {} : { fixes: changes.map((fix) => fixOf(fix, regionOf)) }),
  };
}

/** Braces mark placeholders in messages, and stand for themselves when doubled (section 3.11.5). */
function escaped(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}

function physical(place: Place, regionOf: RegionOf): JsonObject {
  const region = regionJson(place, regionOf);
  return { artifactLocation: artifact(place.path), ...(region === undefined ? {} : { region }) };
}

function artifact(path: string): JsonObject {
  if (isAbsolute(path)) return { uri: pathToFileURL(path).href };
  return { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: BASE };
}

function regionJson(place: Place, regionOf: RegionOf): JsonObject | undefined {
  const region = regionOf(place);
  if (region === undefined) return undefined;
  return {
    startLine: region.line,
    startColumn: region.col,
    endLine: region.endLine,
    endColumn: region.endCol,
    charOffset: region.start,
    charLength: region.end - region.start,
  };
}

function fixOf({ title, changes, edits }: Fix, regionOf: RegionOf): JsonObject {
  const paths = [...new Set(edits.map(({ path }) => path))];
  const replacement = (edit: Edit): JsonObject => {
    const deletedRegion = regionJson(edit, regionOf) ?? {};
    return { deletedRegion, ...(edit.text === "" ? {} : { insertedContent: { text: edit.text } }) };
  };
  return {
    description: { text: escaped(title) },
    properties: { changes },
    artifactChanges: paths.map((path) => ({
      artifactLocation: artifact(path),
      replacements: edits.filter((edit) => edit.path === path).map(replacement),
    })),
  };
}
