using System.Diagnostics;
using System.Text;

namespace Releases;

/// <summary>What git answered.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">The beginning of what it printed.</param>
/// <param name="Error">The line of what it complained of that says most.</param>
internal sealed record GitOutput(int Code, string Output, string Error);

/// <summary>
/// Asks git's own command about a repository, without letting it change, fetch, ask or show anything: no locks, no hooks, no file
/// system monitor, no pager, no prompt, no network.
/// </summary>
internal sealed class GitCommand(string program, GitFolder git, TimeProvider time)
{
    /// <summary>As much of an answer as anything here needs.</summary>
    private const int MaxOutputChars = 64 * 1024;

    /// <summary>Far more than the status of a very large repository takes.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Variables that would make git look at another repository; <c>git rev-parse --local-env-vars</c> but for the settings.
    /// </summary>
    private static readonly string[] Misleading =
    [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NAMESPACE",
        "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
        "GIT_EXTERNAL_DIFF", "GIT_TRACE", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    ];

    private static readonly string[] Settings =
    [
        "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "log.showSignature=false", "protocol.allow=never",
        // Git refuses repositories of other users, as their settings could run a program. A build runs the programs of the folder
        // anyway, and its source is often mounted from another user into a container. Submodules are asked under this, too.
        "safe.directory=*",
    ];

    /// <summary>Where git is installed; null: nowhere on the PATH.</summary>
    public static string? Find(Func<string, string?> variable)
    {
        var name = OperatingSystem.IsWindows() ? "git.exe" : "git";
        return (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Asks; fails with <see cref="TimeoutException"/> beyond the limit, and ends what it began.</summary>
    public async Task<GitOutput> Ask(CancellationToken cancel, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var process = Process.Start(Start(arguments))!;
        try
        {
            process.StandardInput.Close();
            var (output, error) = (Beginning(process.StandardOutput, both.Token), Beginning(process.StandardError, both.Token));
            await process.WaitForExitAsync(both.Token);
            return new(process.ExitCode, await output, OneLine(await error));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"git {arguments[0]} did not answer within {Timeout.TotalSeconds} seconds");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private ProcessStartInfo Start(string[] arguments)
    {
        var start = new ProcessStartInfo(program, [.. Settings.SelectMany(s => new[] { "-c", s }), .. arguments])
        {
            WorkingDirectory = git.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in Misleading) start.Environment.Remove(name);
        // Stated, so that git takes this repository and no outer one where this is damaged.
        start.Environment["GIT_DIR"] = git.Directory;
        if (git.Stated) start.Environment["GIT_WORK_TREE"] = git.Root;
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_PAGER"] = "cat";
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>Reads to the end, so that git is never held up, and keeps the beginning.</summary>
    private static async Task<string> Beginning(StreamReader reader, CancellationToken cancel)
    {
        var (kept, block) = (new StringBuilder(), new char[4096]);
        while (await reader.ReadAsync(block, cancel) is > 0 and var read)
            if (kept.Length < MaxOutputChars) kept.Append(block, 0, Math.Min(read, MaxOutputChars - kept.Length));
        return kept.ToString();
    }

    /// <summary>What ended it, as hints may follow and warnings come before.</summary>
    private static string OneLine(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.FirstOrDefault(l => l.StartsWith("fatal: ", StringComparison.Ordinal))?["fatal: ".Length..]
            ?? lines.LastOrDefault() ?? "";
        return string.Concat(line.Where(c => !char.IsControl(c)));
    }
}
