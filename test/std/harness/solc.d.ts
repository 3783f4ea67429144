declare module "solc" {
  interface Compiler {
    version(): string;
    compile(
      input: string,
      callbacks: { readonly import: (path: string) => { readonly contents: string } | { readonly error: string } },
    ): string;
  }
  const solc: Compiler;
  export default solc;
}
