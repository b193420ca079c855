/** The commoner languages of Slack's snippets. */
export const snippetTypes: ReadonlySet<string> = new Set(
  (
    'auto text applescript boxnote c csharp cpp css csv clojure coffeescript cfm d dart diff dockerfile docs ebnf elm ' +
    'erlang fsharp fortran go groovy html handlebars haskell haxe java javascript json julia kotlin latex lisp lua ' +
    'markdown matlab mumps ocaml objc php pascal perl pig post powershell puppet python r ruby rust sql sass scala ' +
    'scheme shell smalltalk space swift tsv typescript vb vbscript velocity verilog xml yaml'
  ).split(' '),
);

/** Snippets are kept as text and may not be longer. */
export const longestSnippet = 1024 * 1024;
