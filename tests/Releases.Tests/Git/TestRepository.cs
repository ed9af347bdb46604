using System.Diagnostics;

namespace Releases.Tests.Git;

/// <summary>A real repository, made with git's own command and a configuration of the test's. Deleted afterwards.</summary>
public sealed class TestRepository : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("convox-git-").FullName;

    public TestRepository()
    {
        Folder = Directory.CreateDirectory(Path.Combine(_root, "repository")).FullName;
        File.WriteAllText(Beside("gitconfig"), "[user]\n name = Test\n email = test@example.invalid\n[init]\n defaultBranch = main\n");
        Git("init", "-q");
    }

    public string Folder { get; }

    /// <summary>A path beside the repository.</summary>
    public string Beside(string name) => Path.Combine(_root, name);

    public void Write(string path, string text)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>Commits everything and returns the full hash.</summary>
    public string Commit(string message)
    {
        Git("add", "-A");
        Git("commit", "-q", "--allow-empty", "-m", message);
        return Git("rev-parse", "HEAD");
    }

    public string Git(params string[] arguments) => GitIn(Folder, arguments);

    public string GitIn(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GIT_CONFIG_GLOBAL"] = Beside("gitconfig");
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        using var git = Process.Start(start)!;
        var error = git.StandardError.ReadToEndAsync();
        var output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return git.ExitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error.Result}");
    }

    /// <summary>Git's objects are read-only files, which Windows does not delete as they are.</summary>
    public void Dispose()
    {
        foreach (var file in new DirectoryInfo(_root).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => f.IsReadOnly && f.LinkTarget is null))
            file.IsReadOnly = false;
        Directory.Delete(_root, recursive: true);
    }
}
