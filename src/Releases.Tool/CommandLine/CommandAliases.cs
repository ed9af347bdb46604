using System.CommandLine;

namespace Releases.Tool;

/// <summary>Maps commands that people know from Heroku, Convox, Fly, kubectl and git to this tool's commands.</summary>
internal static class CommandAliases
{
    private static readonly Dictionary<string, string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        ["config"] = "env",
        ["secrets"] = "env",
        ["variables"] = "env",
        ["exec"] = "run",
        ["deploys"] = "releases",
        ["deployments"] = "promotions",
        ["history"] = "releases",
        ["abort"] = "cancel",
        ["revert"] = "rollback",
        ["undo"] = "rollback",
        ["follow"] = "watch",
        ["push"] = "deploy",
        ["ship"] = "deploy",
        ["up"] = "deploy",
        ["status"] = "services",
        ["open"] = "services",
        ["url"] = "services",
        ["instances"] = "ps",
        ["top"] = "ps",
        ["log"] = "logs",
        ["tail"] = "logs",
        ["racks"] = "rack",
        ["create"] = "apps create",
        ["delete"] = "apps delete",
        ["destroy"] = "apps delete",
        ["info"] = "apps info",
        ["lock"] = "apps lock",
        ["unlock"] = "apps unlock",
        ["diff"] = "releases diff",
        ["version"] = "--version",
        ["ps scale"] = "scale",
        ["ps restart"] = "restart",
        ["apps destroy"] = "apps delete",
        ["apps new"] = "apps create",
        ["env add"] = "env set",
        ["env delete"] = "env unset",
        ["env show"] = "env",
        ["builds create"] = "build",
        ["releases create"] = "build",
        ["rack up"] = "rack start",
        ["rack down"] = "rack stop",
    };

    /// <summary>Other names for the last word of a command.</summary>
    private static readonly Dictionary<string, string[]> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["show"] = ["info", "status", "get"],
        ["view"] = ["info", "status", "get"],
        ["describe"] = ["info", "status"],
        ["info"] = ["status"],
        ["remove"] = ["delete", "unset"],
        ["rm"] = ["delete", "unset"],
        ["add"] = ["create", "set"],
        ["list"] = [],
        ["ls"] = [],
    };

    /// <summary>Returns the command that unknown words after another command mean, or null if they are unknown.</summary>
    /// <param name="behind">The command that was understood so far.</param>
    /// <param name="words">The words that follow; Heroku's colons count as spaces.</param>
    public static string? Meant(Command behind, IReadOnlyList<string> words)
    {
        var root = CommandPath.Ancestry(behind).Last();
        string[] typed = [.. CommandPath.Of(behind).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            .. words[0].Split(':', StringSplitOptions.RemoveEmptyEntries)];
        // In 'config set A=1' the second word belongs to the command too.
        string[]? longer = words.Count > 1 ? [.. typed, words[1]] : null;
        return (longer is null ? null : Known(root, longer)) ?? Known(root, typed);
    }

    private static string? Known(Command root, string[] typed)
    {
        var line = string.Join(' ', typed);
        if (Ours.TryGetValue(line, out var whole)) return Exists(root, whole);
        if (typed.Length == 0) return null;
        var begun = Ours.TryGetValue(typed[0], out var first) ? $"{first} {string.Join(' ', typed[1..])}".Trim() : line;
        return Exists(root, Ours.GetValueOrDefault(begun, begun)) ?? BySynonym(root, begun);
    }

    private static string? BySynonym(Command root, string line)
    {
        var at = line.LastIndexOf(' ');
        if (at < 0 || !Synonyms.TryGetValue(line[(at + 1)..], out var others)) return null;
        return others.Length == 0
            ? Exists(root, line[..at])
            : others.Select(o => Exists(root, $"{line[..at]} {o}")).FirstOrDefault(o => o is not null);
    }

    private static string? Exists(Command root, string line)
    {
        var (at, names) = (root, new List<string>());
        foreach (var word in line.Split(' '))
        {
            if (word.StartsWith('-')) return at.Options.Any(o => o.Name == word) ? line : null;
            if (at.Subcommands.FirstOrDefault(c => c.Name.Equals(word, StringComparison.OrdinalIgnoreCase)) is not { } next) return null;
            at = next;
            names.Add(next.Name);
        }

        return string.Join(' ', names);
    }
}
