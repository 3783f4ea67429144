/** Completions for PowerShell 5 and later. */
import type { Kind, Shape, ShapedArgument, ShapedOption } from "./shape.ts";
import type { CodeLine } from "./zsh.ts";

export function powershellCompletions({ name, options, commands }: Shape, codes: readonly CodeLine[]): string {
  const names = commands.map((command) => command.name);
  return `# Completions of ${name} for PowerShell. Add to $PROFILE:  ${name} completions powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName ${name} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)

  $commands = [ordered]@{
${commands.map((command) => `    ${quoted(command.name)} = ${quoted(command.about)}`).join("\n")}
  }
  # By command, then by option: what it is about, and the words that may follow.
  $options = @{
    '' = ${optionTable(options)}
${commands.map((command) => `    ${quoted(command.name)} = ${optionTable(command.options)}`).join("\n")}
  }
  # By command: what its arguments are, in order.
  $arguments = @{
${commands.map((command) => `    ${quoted(command.name)} = ${argumentTable(command.arguments, names)}`).join("\n")}
  }
  $codes = [ordered]@{
${codes.map(({ code, about }) => `    ${quoted(code)} = ${quoted(about)}`).join("\n")}
  }

  function Offer($text, $about) {
    if ([string]::IsNullOrEmpty($about)) { $about = $text }
    if ($text -like "$wordToComplete*") { [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $about) }
  }

  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or $_.Extent.Text -ne $wordToComplete } | Select-Object -Skip 1 | ForEach-Object { $_.Extent.Text })
  $command = ''
  $number = 0
  $file = ''
  $waiting = $null
  foreach ($word in $words) {
    if ($null -ne $waiting) { $waiting = $null; continue }
    if ($word.StartsWith('-')) {
      $option = $options[$command][$word]
      if ($null -ne $option -and $option.Value) { $waiting = $option }
    } elseif ($command -eq '') { $command = $word }
    else { $number++; $file = $word }
  }
  if (-not $options.ContainsKey($command)) { return }

  if ($null -ne $waiting) { $waiting.Words | ForEach-Object { Offer $_ '' }; return }
  if ($wordToComplete.StartsWith('-')) { $options[$command].GetEnumerator() | Sort-Object Name | ForEach-Object { Offer $_.Name $_.Value.About }; return }
  if ($command -eq '') { $commands.GetEnumerator() | ForEach-Object { Offer $_.Name $_.Value }; return }
  $places = @($arguments[$command])
  if ($places.Count -eq 0) { return }
  $place = if ($number -lt $places.Count) { $places[$number] } elseif ($places[-1].Repeats) { $places[-1] } else { return }
  switch ($place.Kind) {
    'words' { $place.Words | ForEach-Object { Offer $_ '' } }
    'codes' { $codes.GetEnumerator() | ForEach-Object { Offer $_.Name $_.Value } }
    'sources' { Get-ChildItem -Path "$wordToComplete*" | Where-Object { $_.PSIsContainer -or $_.Extension -eq '.weft' } | ForEach-Object { Offer (Resolve-Path -Relative $_.FullName).Replace('\\', '/').Replace('./', '') '' } }
    'folders' { Get-ChildItem -Directory -Path "$wordToComplete*" | ForEach-Object { Offer $_.Name '' } }
    'contracts' { if (Test-Path $file -PathType Leaf) { Select-String -Path $file -Pattern '^\\s*contract\\s+(\\w+)' | ForEach-Object { Offer $_.Matches[0].Groups[1].Value '' } } }
  }
}
`;
}

function optionTable(options: readonly ShapedOption[]): string {
  const rows = options.flatMap(({ names, about, value, takes }) =>
    names.map(
      (name) => `${quoted(name)} = @{ About = ${quoted(about)}; Value = $${String(value === "required")}; Words = ${wordsOf(takes, [])} }`,
    ),
  );
  return `@{\n${rows.map((row) => `      ${row}`).join("\n")}\n    }`;
}

function argumentTable(places: readonly ShapedArgument[], commands: readonly string[]): string {
  const rows = places.map(({ takes, repeats }) => {
    const kind = takes.kind === "commands" ? "words" : takes.kind;
    return `@{ Kind = ${quoted(kind)}; Repeats = $${String(repeats)}; Words = ${wordsOf(takes, commands)} }`;
  });
  return `@(${rows.join(", ")})`;
}

function wordsOf(kind: Kind, commands: readonly string[]): string {
  const words = kind.kind === "words" ? kind.words : kind.kind === "commands" ? commands : [];
  return `@(${words.map(quoted).join(", ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
