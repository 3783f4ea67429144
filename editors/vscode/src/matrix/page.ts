/** The empty page of the panel. Its policy allows one style sheet and one script of the extension, and nothing else: no network, no inline code. */
import { escape } from "./html.ts";

export interface PageSources {
  /** What the editor lets the page load from. */
  readonly origin: string;
  readonly style: string;
  readonly script: string;
  /** Made anew for each page. */
  readonly nonce: string;
}

export function panelPage({ origin, style, script, nonce }: PageSources): string {
  const policy = `default-src 'none'; style-src ${origin}; script-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width">
<title>Conflicts</title>
<link rel="stylesheet" href="${escape(style)}">
</head>
<body>
<p id="status" class="aside" role="status"></p>
<main id="content" aria-busy="true"></main>
<script nonce="${escape(nonce)}" src="${escape(script)}"></script>
</body>
</html>
`;
}
