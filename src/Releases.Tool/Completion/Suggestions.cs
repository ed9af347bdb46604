using System.CommandLine;
using System.CommandLine.Completions;

namespace Releases.Tool;

/// <summary>
/// Answers a shell's <c>__complete &lt;position&gt; &lt;line&gt;</c> with one suggestion per line: the word, a tab, and its description.
/// </summary>
internal static class Suggestions
{
    public const string Word = "__complete";

    public static int Print(string[] arguments, ToolHost host)
    {
        if (arguments is not [var number, var line, ..] || !int.TryParse(number, out var position)) return ExitCode.Success;
        var typed = line[..Math.Clamp(position, 0, line.Length)];
        // The first word is the program itself, whatever its path; with 'dotnet convox' it is the first two.
        var text = WithoutWord(typed);
        if (Path.GetFileNameWithoutExtension(typed.Split(' ')[0]) == "dotnet") text = WithoutWord(text);
        var begun = text[(text.LastIndexOf(' ') + 1)..];
        foreach (var item in WithWords(host).Parse(text).GetCompletions(text.Length)
            .Where(i => i.Label.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).DistinctBy(i => i.Label))
            host.Terminal.Out.WriteLine((item.Documentation ?? item.Detail) is { Length: > 0 } about
                ? $"{item.Label}\t{SafeText.Line(about)}"
                : item.Label);
        return ExitCode.Success;
    }

    private static string WithoutWord(string line) =>
        line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? line[(space + 1)..] : "";

    private static RootCommand WithWords(ToolHost host)
    {
        var root = Commands.All(host);
        From(new(host), root);
        return root;
    }

    /// <summary>Adds completions from the rack to every argument and option that names something on it.</summary>
    private static void From(RackCompletions words, Command command)
    {
        foreach (var argument in command.Arguments) Add(argument.CompletionSources, argument.Name);
        foreach (var option in command.Options)
            Add(option.CompletionSources, option.HelpName ?? "");
        foreach (var inner in command.Subcommands) From(words, inner);

        void Add(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, string meant)
        {
            Func<CompletionContext, IEnumerable<CompletionItem>>? source = meant switch
            {
                "release" or "other" => words.Releases,
                "active|release" => c => words.Releases(c).Prepend(new("active")),
                "service" => words.Services,
                "process" => words.Processes,
                "app" => words.Apps,
                "promotion" => words.Promotions,
                "build" => words.Builds,
                "key" => words.Keys,
                "hook" => words.Hooks,
                _ => null,
            };
            if (source is not null) sources.Add(source);
        }
    }
}
