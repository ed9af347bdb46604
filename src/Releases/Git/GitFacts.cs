namespace Releases;

/// <summary>What could be found out about a folder's repository.</summary>
/// <param name="Unrelated">Whether the repository has nothing to do with the folder, which it ignores, or has no working tree.</param>
/// <param name="Commit">The commit of <c>HEAD</c>, where more is needed for it than reading files.</param>
/// <param name="Subject">The first line of its message; null: it cannot be read.</param>
/// <param name="Changed">Whether tracked files differ from it; null: unknown.</param>
/// <param name="Trouble">Why something of it is unknown.</param>
internal sealed record GitFacts(bool Unrelated = false, string? Commit = null, string? Subject = null, bool? Changed = null,
    string? Trouble = null);
