/** The grammars as files: their paths in editors/, and texts. */
import { markdownGrammar, weftGrammar } from "./grammar.ts";
import type { TextMateGrammar } from "./grammar.ts";
import { vimSyntax } from "./vim.ts";

export interface GrammarFile {
  readonly name: string;
  readonly text: string;
}

export function grammarFiles(): readonly GrammarFile[] {
  return [
    { name: "vscode/syntaxes/weft.tmLanguage.json", text: print(weftGrammar()) },
    { name: "vscode/syntaxes/weft.markdown.tmLanguage.json", text: print(markdownGrammar()) },
    { name: "vim/syntax/weft.vim", text: vimSyntax() },
  ];
}

function print(grammar: TextMateGrammar): string {
  return `${JSON.stringify(grammar, undefined, 2)}\n`;
}
