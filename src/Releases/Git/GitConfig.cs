using System.Text;

namespace Releases;

/// <summary>The settings of a repository, read from its files and the user's, without git.</summary>
internal sealed class GitConfig
{
    private static readonly string[] KnownExtensions = ["noop", "partialclone", "preciousobjects", "relativeworktrees", "worktreeconfig", "objectformat"];

    private readonly List<KeyValuePair<string, string>> _values = [];
    private int _ownFrom;

    /// <summary>Later files win: the system's, the user's, the repository's. Fails with <see cref="FormatException"/>.</summary>
    public static GitConfig Read(GitFolder git, Func<string, string?> variable)
    {
        var (config, home, common) = (new GitConfig(), variable("HOME") ?? variable("USERPROFILE") ?? "", git.Common());
        config.Add("/etc/gitconfig");
        if (home.Length > 0)
        {
            config.Add(Path.Combine(variable("XDG_CONFIG_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(home, ".config"), "git", "config"));
            config.Add(Path.Combine(home, ".gitconfig"));
        }

        config._ownFrom = config._values.Count;
        config.Add(Path.Combine(common, "config"));
        if (config.IsTrue("extensions.worktreeconfig", otherwise: false)) config.Add(Path.Combine(git.Directory, "config.worktree"));
        return config;
    }

    /// <summary>The names in lower case, but for the part between quotes.</summary>
    public IEnumerable<string> Keys => _values.Select(v => v.Key);

    /// <summary>The value that counts; null: none is set.</summary>
    public string? Get(string key) => _values.LastOrDefault(v => v.Key == key).Value;

    /// <summary>The repository's own value, whatever the user's settings are.</summary>
    public string? Own(string key) => _values.Skip(_ownFrom).LastOrDefault(v => v.Key == key).Value;

    public bool IsTrue(string key, bool otherwise) => Get(key) is { } value ? value is not ("false" or "no" or "off" or "0" or "") : otherwise;

    /// <summary>Why only git itself can read the repository; null: its format is the usual one.</summary>
    public string? UnknownFormat() => Own("core.repositoryformatversion") switch
    {
        null or "0" => Format(),
        "1" => Keys.Skip(_ownFrom).Where(k => k.StartsWith("extensions.", StringComparison.Ordinal)).Select(k => k["extensions.".Length..])
            .FirstOrDefault(e => !KnownExtensions.Contains(e)) is { } extension ? $"it has the extension '{extension}'" : Format(),
        var version => $"its format is version {version}",
    };

    private string? Format() => Own("extensions.objectformat") is null or "sha1" ? null : "it has longer hashes";

    private void Add(string file)
    {
        if (!File.Exists(file)) return;
        var (section, pending) = ("", "");
        foreach (var raw in File.ReadLines(file))
        {
            var line = (pending + raw).Trim();
            pending = line.EndsWith('\\') ? line[..^1] : "";
            if (pending.Length > 0 || line.Length == 0 || line[0] is '#' or ';') continue;
            if (line[0] == '[') (section, line) = Section(line, file);
            if (line.Length == 0) continue;
            var (name, value) = line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (line[..at], line[(at + 1)..]) : (line, "true");
            _values.Add(new($"{section}.{name.Trim().ToLowerInvariant()}", Value(value.Trim())));
        }
    }

    private static (string Section, string After) Section(string line, string file)
    {
        var end = line.LastIndexOf(']');
        if (end < 2) throw new FormatException($"{file} has a line that is no setting");
        var parts = line[1..end].Split('"');
        var name = parts[0].Trim().ToLowerInvariant();
        return (parts.Length == 3 ? $"{name}.{parts[1]}" : name, line[(end + 1)..].Trim() is [not ('#' or ';'), ..] rest ? rest : "");
    }

    /// <summary>Without quotes, escapes and a comment behind it.</summary>
    private static string Value(string text)
    {
        var (value, quoted) = (new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            else if (!quoted && text[i] is '#' or ';') break;
            else if (text[i] == '\\' && i + 1 < text.Length) value.Append(text[++i] switch { 'n' => '\n', 't' => '\t', var other => other });
            else value.Append(text[i]);
        }

        return value.ToString().TrimEnd();
    }
}
