namespace Releases;

/// <summary>Represents what could be determined about a folder's repository.</summary>
/// <param name="Unrelated">Whether the repository has nothing to do with the folder: it ignores the folder, or has no working tree.</param>
/// <param name="Commit">The commit of <c>HEAD</c>, if determining it takes more than reading files.</param>
/// <param name="Subject">The first line of the commit's message, or null if it can't be read.</param>
/// <param name="Changed">Whether tracked files differ from the commit, or null if unknown.</param>
/// <param name="Trouble">Why something is unknown.</param>
internal sealed record GitFacts(bool Unrelated = false, string? Commit = null, string? Subject = null, bool? Changed = null,
    string? Trouble = null);
