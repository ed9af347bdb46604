using System.Globalization;

namespace Releases;

/// <summary>
/// Represents the commit of a folder and a release's description, read from git. A problem with git never stops a release.
/// </summary>
/// <param name="Commit">The full hash, or null outside of a repository and before the first commit.</param>
/// <param name="Description">For example <c>build 7329df90c1 this is my commit message</c>; empty without a commit.</param>
public sealed record GitDescription(string? Commit, string Description)
{
    private const int HexDigits = 10;

    /// <summary>In characters. The description is passed to processes and task definitions, which limit its size.</summary>
    private const int MaxSubjectLength = 200;

    /// <summary>What couldn't be read, and why; null if everything could.</summary>
    public Problem? Warning { get; init; }

    /// <summary>Reads the repository of a folder; a given description replaces git's.</summary>
    /// <param name="folder">The absolute path of a project's folder.</param>
    /// <param name="given">A description to use instead of git's, or null to use git's.</param>
    /// <param name="time">The clock that limits how long to wait for git.</param>
    /// <param name="cancel">Cancels the read.</param>
    public static Task<GitDescription> Read(string folder, string? given, TimeProvider time, CancellationToken cancel = default) =>
        Read(folder, given, time, Environment.GetEnvironmentVariable, cancel);

    internal static async Task<GitDescription> Read(
        string folder, string? given, TimeProvider time, Func<string, string?> variable, CancellationToken cancel)
    {
        var read = GitFolder.Find(folder, variable) is { } git ? await Read(git, folder, time, variable, cancel) : new(null, "");
        return given is null ? read : read with { Description = given, Warning = read.Commit is null ? read.Warning : null };
    }

    /// <summary>Determines whether the surrounding repository has nothing to do with the folder.</summary>
    internal static bool IsUnrelated(GitFolder git, string folder, Func<string, string?> variable)
    {
        if (GitCommand.Find(variable) is not { } program) return GitLibrary.IsIgnored(git, folder);
        try
        {
            return new GitQueries(new(program, git, TimeProvider.System), git).IsIgnored(folder, CancellationToken.None)
                .GetAwaiter().GetResult();
        }
        catch (Exception unanswered) when (GitQueries.IsUnanswered(unanswered))
        {
            // A repository that can't be queried is treated as related.
            return false;
        }
    }

    private static async Task<GitDescription> Read(
        GitFolder git, string folder, TimeProvider time, Func<string, string?> variable, CancellationToken cancel)
    {
        var head = GitHead.Read(git);
        if (head is { Commit: null, Trouble: null, IsReftable: false }) return new(null, "");
        var installed = GitCommand.Find(variable);
        var facts = head.Trouble is not null ? new()
            : installed is { } program ? await new GitQueries(new(program, git, time), git).Read(folder, cancel)
            : GitLibrary.Read(git, folder);
        if (facts.Unrelated) return new(null, "");
        var commit = head.Commit ?? facts.Commit;
        var trouble = head.Trouble ?? facts.Trouble;
        var described = new GitDescription(commit, commit is null
            ? ""
            : $"build {commit[..HexDigits]} {(facts.Changed == true ? "with uncommitted changes" : Subject(facts))}".TrimEnd());
        return trouble is null
            ? described
            : described with { Warning = NotReadable(git, commit, facts, trouble, installed is not null || head.Trouble is not null) };
    }

    private static Problem NotReadable(GitFolder git, string? commit, GitFacts facts, string trouble, bool gitCanTell)
    {
        var what = commit is null ? "the commit" : facts.Subject is null ? "the commit's message" : "whether there are uncommitted changes";
        return new(
            ProblemCode.Git, $"git can't read {what} in {git.Root}: {Printable(trouble)}. The release is created without it.",
            gitCanTell ? "Run 'git status' and 'git fsck' there." : "Install git.");
    }

    private static string Subject(GitFacts facts)
    {
        var subject = Printable(facts.Subject ?? "");
        if (subject.Length <= MaxSubjectLength) return subject;
        var whole = StringInfo.ParseCombiningCharacters(subject).TakeWhile(start => start < MaxSubjectLength).Last();
        return subject[..whole].TrimEnd() + "…";
    }

    /// <summary>Returns the text on one line, without control characters and characters that change the text's direction.</summary>
    private static string Printable(string text) => string.Concat(
        text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
            ? ' '
            : c)).Trim();
}
