using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.CommandLine;

/// <summary>Each shell reads its script and completes lines, with the real tool on a rack that has an app, a service and two
/// releases.</summary>
[Collection("racks")]
public sealed class Completion_in_a_shell : IAsyncLifetime
{
    private const int Attempts = 5;

    private readonly TestRack _rack = new();
    private Release _release = null!;

    private string[] Lines => [$"dotnet-convox promote {_release.Id.ToString()[..4]}", "dotnet-convox rel", "dotnet-convox promote --det",
        "dotnet-convox apps info h", "dotnet-convox logs --service w", "dotnet convox apps info h"];

    private string[] Words => [_release.Id.ToString(), "releases", "--detach", "hello", "web", "hello"];

    public async ValueTask InitializeAsync()
    {
        _release = await _rack.Publish("services:\n  web:\n    port: 3000\n", "web");
        await _rack.Set("A=1");
        var bin = Directory.CreateDirectory(Path.Combine(_rack.Home, "..", "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(bin, "dotnet-convox"), TestRack.Tool);
        _rack.Variables["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}";
        _rack.Variables["TERM"] = "xterm";
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Bash_completes_words_and_leaves_the_rest_of_dotnet_to_who_had_it()
    {
        string[] words = [.. Words, "from the sdk"];
        var printed = await Tried("bash", "bash", $$"""
            _sdk() { COMPREPLY=(from the sdk); }
            complete -F _sdk dotnet
            source completion.bash
            source completion.bash
            while IFS= read -r COMP_LINE; do
                COMP_POINT=${#COMP_LINE}
                read -ra COMP_WORDS <<<"$COMP_LINE"
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                [[ $(complete -p "${COMP_WORDS[0]}") =~ -F\ ([^ ]+) ]]
                "${BASH_REMATCH[1]}"
                echo "${COMPREPLY[@]}"
            done <<'END'
            {{string.Join('\n', Lines)}}
            dotnet bui
            END

            """, words);
        Assert.Equal(words, printed);
    }

    [Fact]
    public async Task Zsh_completes_what_is_typed_and_lists_words_with_what_they_are()
    {
        await File.WriteAllTextAsync(Path.Combine(_rack.AppFolder, "setup.zsh"), """
            PS1='> '
            autoload -U compinit
            compinit -u -D
            source completion.zsh
            dotnet() { print -r -- "$*" >> typed; print ran-it }
            dotnet-convox() { if [[ $1 == __complete ]]; then command dotnet-convox "$@"; else dotnet "$@"; fi }

            """);
        string[] words = [.. Lines.Zip(Words, Ran), "releases", "listed"];
        var seen = await Tried("zsh", "zsh -f", $$"""
            zmodload zsh/zpty
            rm -f typed
            zpty -b shell "zsh -f -i"
            TRAPEXIT() { zpty -d shell }
            zpty -w shell 'source setup.zsh'
            while IFS= read -r line; do
                zpty -w -n shell "$line"$'\t\n'
                zpty -r -m shell out '*ran-it*'
            done <<'END'
            {{string.Join('\n', Lines)}}
            true && dotnet-convox rel
            END
            cat typed
            zpty -w -n shell $'dotnet-convox prom\t\t'
            zpty -r -m shell out '*promotions*-- List promotions*'
            echo listed

            """, words);
        Assert.Equal(words, seen);
    }

    [Fact]
    public async Task Fish_completes_words_and_says_what_they_are()
    {
        var printed = await Tried("fish", "fish --no-config",
            "source completion.fish\n" + string.Concat(Lines.Select(l => $"complete -C '{l}'\n")), Words);
        Assert.Equal(Words, printed.Select(Word));
        Assert.Equal("v1", printed[0].Split('\t')[1]);
        Assert.StartsWith("List releases", printed[1].Split('\t')[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task PowerShell_completes_words_and_says_what_they_are()
    {
        var shell = Path.Combine(Repository.Root, "artifacts", "pwsh", "pwsh");
        if (!File.Exists(shell)) throw new InvalidOperationException("PowerShell is not in artifacts/pwsh; build/pwsh.sh gets it there.");
        var printed = await Tried("pwsh", $"'{shell}' -NoProfile -NonInteractive -File", $$"""
            Invoke-Expression (Get-Content -Raw completion.pwsh)
            foreach ($line in {{string.Join(", ", Lines[..^1].Select(l => $"'{l}'"))}}) {
                (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches | ForEach-Object { "$($_.CompletionText)`t$($_.ToolTip)" }
            }

            """, Words[..^1]);
        Assert.Equal(Words[..^1], printed.Select(Word));
        Assert.StartsWith("List releases", printed[1].Split('\t')[1], StringComparison.Ordinal);
    }

    /// <summary>What the tool, or dotnet, gets to read of a line whose last word was completed.</summary>
    private static string Ran(string line, string word) => string.Join(' ', [.. line.Split(' ')[1..^1], word]);

    private static string Word(string line) => line.Split('\t')[0];

    /// <summary>
    /// What a script of a shell prints that has the tool's own script beside it. Where the rack does not answer within the second that
    /// a person waits there are fewer words and no complaint, so on a busy machine it is tried again.
    /// </summary>
    private async Task<string[]> Tried(string shell, string program, string script, string[] words)
    {
        var file = shell == "pwsh" ? "try.ps1" : $"try.{shell}";
        await File.WriteAllTextAsync(Path.Combine(_rack.AppFolder, file), script);
        for (var attempt = 1; ; attempt++)
        {
            var run = await _rack.RunInShell($"completion {shell} > completion.{shell} && {program} {file}");
            Assert.Equal("", run.Error);
            var printed = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (printed.Select(Word).SequenceEqual(words) || attempt == Attempts) return printed;
        }
    }
}
