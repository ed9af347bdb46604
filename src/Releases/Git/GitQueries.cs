using System.ComponentModel;

namespace Releases;

/// <summary>
/// Reads a repository with the git command, which alone supports every format of the index, references and objects, and every filter.
/// </summary>
internal sealed class GitQueries(GitCommand command, GitFolder git)
{
    /// <summary>Reads all facts; what git can't answer is omitted, with the reason.</summary>
    public async Task<GitFacts> Read(string folder, CancellationToken cancel)
    {
        var facts = new GitFacts();
        try
        {
            var tree = await command.Ask(cancel, "rev-parse", "--is-inside-work-tree");
            if (tree.Code != 0) return facts with { Trouble = Reason(tree) };
            if (tree.Output.Trim() != "true" || await IsIgnored(folder, cancel)) return facts with { Unrelated = true };
            var commit = await command.Ask(cancel, "rev-parse", "--quiet", "--verify", "HEAD");
            if (commit.Code == 0) facts = facts with { Commit = commit.Output.Trim() };
            var log = await command.Ask(cancel, "log", "-1", "--no-color", "--encoding=UTF-8", "--format=%s", "HEAD");
            facts = log.Code == 0 ? facts with { Subject = log.Output } : facts with { Trouble = Reason(log) };
            var status = await command.Ask(cancel, "status", "--porcelain", "--untracked-files=no", "--no-renames");
            return status.Code == 0 ? facts with { Changed = status.Output.Length > 0 } : facts with { Trouble = Reason(status) };
        }
        catch (Exception unanswered) when (IsUnanswered(unanswered))
        {
            return facts with { Trouble = unanswered.Message.TrimEnd('.') };
        }
    }

    /// <summary>
    /// Determines whether the repository is about something else, such as the dotfiles in a home folder: it ignores the folder, or hides
    /// untracked files (as such repositories do), and tracks no file in it.
    /// </summary>
    public async Task<bool> IsIgnored(string folder, CancellationToken cancel)
    {
        var path = git.PathOf(folder);
        if (path == ".") return false;
        var ignored = await command.Ask(cancel, "check-ignore", "--quiet", "--no-index", "--", $"./{path}");
        if (ignored.Code != 0 && (await command.Ask(cancel, "config", "--local", "status.showUntrackedFiles")).Output.Trim() != "no")
            return false;
        return (await command.Ask(cancel, "ls-files", "--error-unmatch", "--", $":(literal){path}")).Code == 1;
    }

    /// <summary>Determines whether git timed out or couldn't be started.</summary>
    public static bool IsUnanswered(Exception failure) => failure is TimeoutException or Win32Exception or IOException;

    private static string Reason(GitOutput answer) =>
        answer.Error.Length > 0 ? answer.Error.TrimEnd('.') : $"git ended with code {answer.Code}";
}
