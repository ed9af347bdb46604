namespace Releases;

/// <summary>Represents the commit that <c>HEAD</c> refers to.</summary>
/// <param name="Commit">The full hash, SHA-1 or SHA-256; null before the first commit or if it can't be read.</param>
/// <param name="Trouble">Why it can't be read, or null if it can.</param>
/// <param name="IsReftable">Whether the references are stored in the reftable format, which only git reads.</param>
internal sealed record GitHead(string? Commit, string? Trouble = null, bool IsReftable = false)
{
    private const string Symbolic = "ref:";

    /// <summary>The number of links that git itself follows.</summary>
    private const int MaxLinks = 5;

    /// <summary>The maximum size of a reference file; a larger file isn't one.</summary>
    private const int MaxFileChars = 4096;

    /// <summary>
    /// Reads the commit from files: loose references, then packed ones. So the commit is known even if nothing else of the repository can
    /// be read.
    /// </summary>
    public static GitHead Read(GitFolder git)
    {
        try
        {
            if (!git.IsThere) return new(null, $"{git.Root} belongs to {git.Directory}, which is not here");
            return Follow(git, git.Common(), "HEAD");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new(null, unreadable.Message.TrimEnd('.'));
        }
    }

    private static GitHead Follow(GitFolder git, string common, string name)
    {
        for (var links = 0; links < MaxLinks; links++)
        {
            if (Text(git, common, name) is not { } text)
                return name == "HEAD" ? new(null, "HEAD is empty") : new(Packed(common, name));
            if (IsHash(text)) return new(text);
            if (!text.StartsWith(Symbolic, StringComparison.Ordinal))
                return new(null, $"{name} holds neither a commit nor the name of a branch");
            name = text[Symbolic.Length..].Trim();
            if (name == "refs/heads/.invalid") return new(null, IsReftable: true);
            if (!name.StartsWith("refs/", StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal))
                return new(null, "HEAD names no branch");
        }

        return new(null, "HEAD leads from one name to the next and to no commit");
    }

    /// <summary>Returns the text of a loose reference, or null if there is none.</summary>
    private static string? Text(GitFolder git, string common, string name)
    {
        var own = name == "HEAD" || name.StartsWith("refs/worktree/", StringComparison.Ordinal)
            || name.StartsWith("refs/bisect/", StringComparison.Ordinal) || name.StartsWith("refs/rewritten/", StringComparison.Ordinal);
        var file = new FileInfo(Path.Combine(own ? git.Directory : common, name));
        // Before symbolic references existed, HEAD was a link to the branch, and core.preferSymlinkRefs still makes it one.
        if (name == "HEAD" && file.LinkTarget is { } target && target.StartsWith("refs/", StringComparison.Ordinal))
            return $"{Symbolic} {target}";
        if (!file.Exists) return null;
        using var reader = file.OpenText();
        var text = new char[MaxFileChars];
        return new string(text, 0, reader.ReadBlock(text)).Trim() is { Length: > 0 } read ? read : name == "HEAD" ? null : "";
    }

    private static string? Packed(string common, string name)
    {
        var file = Path.Combine(common, "packed-refs");
        if (!File.Exists(file)) return null;
        return File.ReadLines(file).Select(line => line.Split(' ', 2))
            .FirstOrDefault(line => line is [var hash, var packed] && packed == name && IsHash(hash))?[0];
    }

    private static bool IsHash(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);
}
