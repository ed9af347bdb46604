using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>completion</c>: prints the completion script of a shell.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, (string Script, string Use)> Shells = new()
    {
        ["bash"] = (
            """
            _dotnet_convox() {
                local line
                COMPREPLY=()
                while IFS= read -r line; do
                    COMPREPLY+=("${line%%$'\t'*}")
                done < <(dotnet-convox __complete "$COMP_POINT" "$COMP_LINE" 2>/dev/null)
            }
            complete -o default -F _dotnet_convox dotnet-convox

            # 'dotnet convox' too; everything else of 'dotnet' works as before.
            _dotnet_and_convox() {
                if [[ ${COMP_WORDS[1]} == convox && $COMP_CWORD -gt 1 ]]; then
                    _dotnet_convox
                elif [[ -n $_dotnet_without_convox ]]; then
                    "$_dotnet_without_convox" "$@"
                fi
            }
            if [[ $(complete -p dotnet 2>/dev/null) =~ -F\ ([^ ]+) && ${BASH_REMATCH[1]} != _dotnet_and_convox ]]; then
                _dotnet_without_convox=${BASH_REMATCH[1]}
            fi
            complete -o default -F _dotnet_and_convox dotnet
            """, """eval "$(dotnet-convox completion bash)" in ~/.bashrc"""),
        ["zsh"] = (
            """
            #compdef dotnet-convox
            _dotnet_convox() {
                local line typed="${(j: :)words[1,CURRENT-1]} $PREFIX"
                local -a words_and_what
                while IFS= read -r line; do
                    words_and_what+=("${${line//:/\\:}/$'\t'/:}")
                done < <(dotnet-convox __complete "${#typed}" "$typed" 2>/dev/null)
                if (( $#words_and_what )); then _describe 'dotnet-convox' words_and_what; else _files; fi
            }
            compdef _dotnet_convox dotnet-convox

            # 'dotnet convox' too; everything else of 'dotnet' works as before.
            _dotnet_and_convox() {
                if [[ ${words[2]} == convox && $CURRENT -gt 2 ]]; then
                    _dotnet_convox
                elif [[ -n $_dotnet_without_convox ]]; then
                    "$_dotnet_without_convox" "$@"
                else
                    _default
                fi
            }
            if [[ ${_comps[dotnet]} != _dotnet_and_convox ]]; then _dotnet_without_convox=${_comps[dotnet]}; fi
            compdef _dotnet_and_convox dotnet
            """, """eval "$(dotnet-convox completion zsh)" in ~/.zshrc, after compinit"""),
        ["fish"] = (
            """
            function __dotnet_convox
                set -l line (commandline -cp)
                set -l found (dotnet-convox __complete (string length -- "$line") "$line" 2>/dev/null)
                if set -q found[1]
                    printf '%s\n' $found
                else
                    __fish_complete_path (commandline -ct)
                end
            end
            complete -c dotnet-convox -f -a '(__dotnet_convox)'
            # 'dotnet convox' too, with everything else of 'dotnet'.
            complete -c dotnet -n 'string match -q convox -- (commandline -opc)[2]' -f -a '(__dotnet_convox)'
            """, "dotnet-convox completion fish | source in ~/.config/fish/config.fish"),
        ["pwsh"] = (
            """
            Register-ArgumentCompleter -Native -CommandName dotnet-convox -ScriptBlock {
                param($word, $ast, $position)
                $line = "$ast".PadRight($position)
                dotnet-convox __complete $position $line 2>$null | ForEach-Object {
                    $text, $what = $_ -split "`t", 2
                    [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $(if ($what) { $what } else { $text }))
                }
            }
            """, "dotnet-convox completion pwsh | Out-String | Invoke-Expression in $PROFILE"),
    };

    public static Command Create(ToolHost host)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.CompletionSources.Add([.. Shells.Keys]);
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && !Shells.ContainsKey(name))
                result.AddError($"'{name}' isn't supported; choose bash, zsh, fish or pwsh.");
        });
        return new Command("completion", "Print the completion script of a shell") { shell }
            .Example("eval \"$(dotnet-convox completion bash)\"", "in ~/.bashrc")
            .Example("dotnet-convox completion fish | source", "in ~/.config/fish/config.fish")
            .SetHandler(host, (call, _) =>
            {
                var (script, use) = Shells[call.Value(shell)!];
                if (call.Terminal.OutIsTerminal) call.Terminal.Say($"To enable completion permanently: {use}");
                call.Terminal.Out.WriteLine(script.ReplaceLineEndings("\n"));
                return Task.CompletedTask;
            });
    }
}
