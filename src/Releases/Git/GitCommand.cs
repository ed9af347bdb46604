using System.Diagnostics;
using System.Text;

namespace Releases;

/// <summary>Represents git's answer.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">The beginning of its standard output.</param>
/// <param name="Error">The most informative line of its standard error.</param>
internal sealed record GitOutput(int Code, string Output, string Error);

/// <summary>
/// Runs git to query a repository, without letting it change, fetch, prompt for or display anything: no locks, hooks, file system monitor,
/// pager, prompt or network.
/// </summary>
internal sealed class GitCommand(string program, GitFolder git, TimeProvider time)
{
    /// <summary>More than any answer that is needed here.</summary>
    private const int MaxOutputChars = 64 * 1024;

    /// <summary>Far more than the status of a very large repository takes.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Variables that would make git use another repository: the output of <c>git rev-parse --local-env-vars</c>, except for the settings.
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
        // Git refuses repositories of other users, because their settings could run a program. A build runs the programs of the folder
        // anyway, and its source is often mounted into a container from another user. Submodules need this too.
        "safe.directory=*",
    ];

    /// <summary>Returns the path of git, or null if it isn't on the PATH.</summary>
    public static string? Find(Func<string, string?> variable)
    {
        var name = OperatingSystem.IsWindows() ? "git.exe" : "git";
        return (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Runs git. Fails with <see cref="TimeoutException"/> after the time limit, and kills the process.</summary>
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
        // Set explicitly, so that git doesn't fall back to an outer repository if this one is damaged.
        start.Environment["GIT_DIR"] = git.Directory;
        if (git.Stated) start.Environment["GIT_WORK_TREE"] = git.Root;
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_PAGER"] = "cat";
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>Reads to the end, so that git never blocks, but keeps only the beginning.</summary>
    private static async Task<string> Beginning(StreamReader reader, CancellationToken cancel)
    {
        var (kept, block) = (new StringBuilder(), new char[4096]);
        while (await reader.ReadAsync(block, cancel) is > 0 and var read)
            if (kept.Length < MaxOutputChars) kept.Append(block, 0, Math.Min(read, MaxOutputChars - kept.Length));
        return kept.ToString();
    }

    /// <summary>Returns the line with the error: warnings may precede it, and hints may follow.</summary>
    private static string OneLine(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.FirstOrDefault(l => l.StartsWith("fatal: ", StringComparison.Ordinal))?["fatal: ".Length..]
            ?? lines.LastOrDefault() ?? "";
        return string.Concat(line.Where(c => !char.IsControl(c)));
    }
}
