using Xunit;

namespace Releases.Tests.Git;

/// <summary>The steps of which they are made.</summary>
public static partial class OddRepositories
{
    private static void Ordinary(TestRepository git)
    {
        git.Write("a.txt", "a\n");
        git.Write("b/b.txt", "b\n");
        git.Commit("one");
    }

    private static void Stale(TestRepository git, Action<TestRepository> make)
    {
        make(git);
        foreach (var file in Directory.EnumerateFiles(git.Folder, "*.txt", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(40));
    }

    private static void Filtered(TestRepository git)
    {
        git.Git("config", "filter.rot.clean", "tr A-Za-z N-ZA-Mn-za-m");
        git.Git("config", "filter.rot.smudge", "tr A-Za-z N-ZA-Mn-za-m");
        Attributes(git, "*.txt filter=rot\n", "secret\n");
    }

    private static void Attributes(TestRepository git, string attributes, string text)
    {
        git.Write(".gitattributes", attributes);
        git.Write("a.txt", text);
        git.Commit("one");
    }

    private static void Index(TestRepository git, string version)
    {
        git.Git("config", "index.version", version);
        Ordinary(git);
        git.Git("update-index", "--index-version", version);
    }

    private static void Sparse(TestRepository git, params string[] how)
    {
        Ordinary(git);
        git.Write("c/d/c.txt", "c\n");
        git.Commit("two");
        git.Git(["sparse-checkout", "set", .. how, "b"]);
    }

    /// <summary>The repository becomes a clone of itself.</summary>
    private static void Cloned(TestRepository git, string how)
    {
        Ordinary(git);
        git.Commit("two");
        git.Git("config", "uploadpack.allowFilter", "true");
        Directory.Move(git.Folder, git.Beside("origin"));
        git.GitIn(git.Beside(""), "clone", "-q", how, "file://" + git.Beside("origin"), git.Folder);
    }

    private static void Executable(TestRepository git, string file = "a.txt")
    {
        // Windows has no such mode, so there nothing is changed.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(git.Folder, file), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Module(TestRepository git, Action<string> then)
    {
        var library = git.Beside("library");
        git.GitIn(git.Beside(""), "init", "-q", library);
        File.WriteAllText(Path.Combine(library, "a.txt"), "a");
        git.GitIn(library, "add", "-A");
        git.GitIn(library, "commit", "-q", "-m", "library");
        git.Git("-c", "protocol.file.allow=always", "submodule", "add", "-q", library, "library");
        Ordinary(git);
        then(Path.Combine(git.Folder, "library"));
    }

    private static void Conflict(TestRepository git, params string[] how)
    {
        Ordinary(git);
        git.Git("checkout", "-q", "-b", "other");
        git.Write("a.txt", "theirs\n");
        git.Commit("theirs");
        git.Git("checkout", "-q", "main");
        git.Write("a.txt", "ours\n");
        git.Commit("ours");
        Assert.Throws<InvalidOperationException>(() => git.Git(how));
    }

    private static void Subject(TestRepository git, string message)
    {
        git.Write("a.txt", "a\n");
        git.Git("add", "-A");
        File.WriteAllText(git.Beside("message"), message);
        git.Git("commit", "-q", "--cleanup=verbatim", "-F", git.Beside("message"));
    }
}
