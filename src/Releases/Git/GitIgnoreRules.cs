namespace Releases;

/// <summary>Whether the <c>.gitignore</c> files of a repository have a folder, without git.</summary>
internal static class GitIgnoreRules
{
    /// <summary>A folder is ignored if it or one that it is in is, by the last pattern that matches.</summary>
    /// <param name="git">The repository.</param>
    /// <param name="path">The folder's path in it, with slashes.</param>
    public static bool Ignores(GitFolder git, string path)
    {
        var parts = path.Split('/');
        var files = new List<(string Folder, string File)> { ("", Path.Combine(git.Common(), "info", "exclude")) };
        for (var depth = 0; depth < parts.Length; depth++)
        {
            var above = string.Concat(parts.Take(depth).Select(p => p + "/"));
            files.Add((above, Path.Combine(git.Root, above, ".gitignore")));
            if (IsIgnored(files, string.Join('/', parts.Take(depth + 1)))) return true;
        }

        return false;
    }

    private static bool IsIgnored(List<(string Folder, string File)> files, string path)
    {
        var ignored = false;
        foreach (var (folder, file) in files.Where(f => File.Exists(f.File)))
            foreach (var line in File.ReadLines(file).Select(l => l.TrimEnd()).Where(l => l.Length > 0 && l[0] != '#'))
            {
                var isException = line[0] == '!';
                if (Matches(isException ? line[1..] : line, path[folder.Length..])) ignored = !isException;
            }

        return ignored;
    }

    /// <summary>A pattern with a slash before its end is for the file's own folder, any other for every folder below.</summary>
    private static bool Matches(string pattern, string path)
    {
        var body = pattern.TrimEnd('/');
        return body.Contains('/', StringComparison.Ordinal) ? IsMatch(body.TrimStart('/'), path) : IsMatch(body, path.Split('/')[^1]);
    }

    /// <summary>One star stops at a slash, two don't.</summary>
    private static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path)
    {
        if (pattern.IsEmpty) return path.IsEmpty;
        if (pattern.StartsWith("**"))
        {
            var rest = pattern[2..];
            if (rest is ['/', ..] && IsMatch(rest[1..], path)) return true;
            for (var i = 0; i <= path.Length; i++)
                if (IsMatch(rest, path[i..])) return true;
            return false;
        }

        if (pattern[0] == '*')
        {
            for (var i = 0; i <= path.Length && (i == 0 || path[i - 1] != '/'); i++)
                if (IsMatch(pattern[1..], path[i..])) return true;
            return false;
        }

        if (path.IsEmpty) return false;
        if (pattern[0] == '[' && pattern[1..].IndexOf(']') is > 0 and var end)
            return IsIn(pattern.Slice(1, end), path[0]) && IsMatch(pattern[(end + 2)..], path[1..]);
        if (pattern[0] == '\\' && pattern.Length > 1) pattern = pattern[1..];
        else if (pattern[0] == '?' && path[0] != '/') return IsMatch(pattern[1..], path[1..]);
        return pattern[0] == path[0] && IsMatch(pattern[1..], path[1..]);
    }

    /// <summary>Characters and ranges between brackets; with <c>!</c> or <c>^</c> all others.</summary>
    private static bool IsIn(ReadOnlySpan<char> set, char character)
    {
        var (isException, found) = (set[0] is '!' or '^', false);
        if (isException) set = set[1..];
        for (var i = 0; i < set.Length; i++)
        {
            var isRange = i + 2 < set.Length && set[i + 1] == '-';
            found |= isRange ? character >= set[i] && character <= set[i + 2] : character == set[i];
            if (isRange) i += 2;
        }

        return found != isException && character != '/';
    }
}
