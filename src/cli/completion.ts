import type { Command } from "commander";
import type { Shell } from "./shells.ts";

/** What can follow one command. */
interface Words {
  /** Its name, and its alias; of one below another, both words. */
  readonly names: readonly string[];
  readonly summary: string;
  /** Commands below it, or words that often follow. */
  readonly arguments: readonly string[];
  readonly options: readonly OptionWords[];
}

interface OptionWords {
  readonly flag: string;
  readonly summary: string;
  /** Its values; null for one that takes none, empty for one that takes any. */
  readonly values: readonly string[] | null;
  /** Whether the value is a path. */
  readonly isPath: boolean;
}

/** A script for `shell` that completes the commands of `program`, their options, and what these take. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.flatMap((command) => [
    wordsOf(command),
    ...command.commands.map((each) => wordsOf(each, `${command.name()} `)),
  ]);
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return `#compdef athanor\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
    case "powershell":
      return powershell(commands);
  }
}

/** What revisions are called without knowing any. */
const revisionWords = ["head", "heads", "base"] as const;

function wordsOf(command: Command, before = ""): Words {
  const subcommands = command.commands.map((each) => each.name());
  const first = command.registeredArguments[0];
  const isRevision = /^(?:target|revisions?)$/.test(first?.name() ?? "");
  const alias = command.alias();
  return {
    names: [command.name(), ...(alias ? [alias] : [])].map((name) => before + name),
    summary: command.description(),
    arguments: [...subcommands, ...(first?.argChoices ?? (isRevision ? revisionWords : []))],
    options: command.options.map((option) => ({
      flag: option.long ?? option.short ?? "",
      summary: option.description,
      values: option.required || option.optional ? (option.argChoices ?? []) : null,
      isPath: /file|folder|path|dir/i.test(option.flags),
    })),
  };
}

/** Whether a name is one word: a command that stands below no other. */
function isAlone(name: string): boolean {
  return !name.includes(" ");
}

function bash(commands: readonly Words[]): string {
  const all = commands.flatMap(({ names }) => names).filter(isAlone);
  const groups = all.filter((name) => commands.some(({ names }) => names[0]?.startsWith(`${name} `)));
  const cases = commands.map(({ names, arguments: words, options }) => {
    const flags = [...words, ...options.map(({ flag }) => flag)].join(" ");
    return `    ${names.map((name) => name.replace(" ", "\\ ")).join("|")}) words="${flags}" ;;`;
  });
  const values = uniqueOptions(commands).map(({ flag, values: own, isPath }) =>
    isPath
      ? `    ${flag}) COMPREPLY=($(compgen -f -- "$cur")); return ;;`
      : `    ${flag}) COMPREPLY=($(compgen -W "${own.join(" ")}" -- "$cur")); return ;;`,
  );
  return `_athanor() {
  local cur prev command words word
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  command=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) command="\${command:+$command }$word" ;; esac
    case "$command" in ${groups.length === 0 ? '""' : groups.map((name) => `"${name}"`).join("|")}|"") ;; *) break ;; esac
  done
  case "$prev" in
${values.join("\n")}
  esac
  case "$command" in
    "") words="${all.join(" ")} --help --version" ;;
${cases.join("\n")}
    *) words="" ;;
  esac
  COMPREPLY=($(compgen -W "$words --help" -- "$cur"))
}
complete -o default -F _athanor athanor
`;
}

/** Options that take a value, each once; one flag means the same everywhere. */
function uniqueOptions(
  commands: readonly Words[],
): readonly (OptionWords & { readonly values: readonly string[] })[] {
  const seen = new Map<string, OptionWords & { readonly values: readonly string[] }>();
  for (const option of commands.flatMap(({ options }) => options)) {
    const { values } = option;
    if (values === null) continue;
    const before = seen.get(option.flag)?.values ?? [];
    seen.set(option.flag, { ...option, values: [...new Set([...before, ...values])] });
  }
  return [...seen.values()];
}

function fish(commands: readonly Words[]): string {
  const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = ["complete -c athanor -f"];
  for (const { names, summary, arguments: words, options } of commands) {
    for (const name of names.filter(isAlone))
      lines.push(`complete -c athanor -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`);
    const each = isAlone(names[0] ?? "") ? [names.join(" ")] : (names[0] ?? "").split(" ");
    const seen = `-n ${quote(each.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and "))}`;
    if (words.length > 0) lines.push(`complete -c athanor ${seen} -a ${quote(words.join(" "))}`);
    for (const { flag, summary: what, values, isPath } of options) {
      const takes =
        values === null
          ? ""
          : ` -r${isPath ? " -F" : ""}${values.length > 0 ? ` -a ${quote(values.join(" "))}` : ""}`;
      lines.push(`complete -c athanor ${seen} -l ${flag.replace(/^--/, "")} -d ${quote(what)}${takes}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function powershell(commands: readonly Words[]): string {
  const list = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(", ");
  const entries = commands.flatMap(({ names, arguments: words, options }) =>
    names.map(
      (name) => `    '${name}' = @(${list([...words, ...options.map(({ flag }) => flag), "--help"])})`,
    ),
  );
  return `Register-ArgumentCompleter -Native -CommandName athanor -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = @{
${entries.join("\n")}
  }
  $typed = $commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() }
  $own = @($typed | Where-Object { -not $_.StartsWith('-') })
  $command = @("$($own[0]) $($own[1])", $own[0]) | Where-Object { $_ -and $commands.ContainsKey($_) } | Select-Object -First 1
  $words = if ($command) { $commands[$command] } else { @($commands.Keys | Where-Object { -not $_.Contains(' ') }) + @('--help', '--version') }
  $words | Where-Object { $_ -like "$wordToComplete*" } | Sort-Object | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
