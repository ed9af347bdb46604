using System.Text;
using Xunit;

namespace Releases.Tests.Git;

/// <summary>Repositories as people really have them, made with git itself: clean, and with one tracked file changed.</summary>
public static partial class OddRepositories
{
    private static readonly Dictionary<string, Action<TestRepository>> Makers = new()
    {
        ["plain"] = Ordinary,
        ["stale stat data"] = git => Stale(git, Ordinary),
        ["clean and smudge filter"] = Filtered,
        ["clean and smudge filter with stale stat data"] = git => Stale(git, Filtered),
        ["required filter that is missing"] = git =>
        {
            Filtered(git);
            git.Git("config", "filter.rot.clean", "/nowhere/filter");
            git.Git("config", "filter.rot.required", "true");
        },
        ["ident expansion"] = git => Attributes(git, "*.txt ident\n", "$Id$ a\n"),
        ["eol=crlf with stale stat data"] = git => Stale(git, g => Attributes(g, "*.txt text eol=crlf\n", "a\r\nb\r\n")),
        ["autocrlf=true with stale stat data"] = git => Stale(git, g =>
        {
            g.Git("config", "core.autocrlf", "true");
            Ordinary(g);
        }),
        ["autocrlf=input over CRLF files"] = git => Stale(git, g =>
        {
            g.Write("a.txt", "a\r\nb\r\n");
            g.Commit("one");
            g.Git("config", "core.autocrlf", "input");
        }),
        ["text=auto over committed CRLF"] = git => Stale(git, g =>
        {
            g.Write("a.txt", "a\r\nb\r\n");
            g.Commit("one");
            g.Write(".gitattributes", "* text=auto\n");
            g.Commit("two");
        }),
        ["working-tree-encoding"] = git => Stale(git, g =>
        {
            g.Write(".gitattributes", "a.txt working-tree-encoding=UTF-16LE eol=lf\n");
            File.WriteAllBytes(Path.Combine(g.Folder, "a.txt"), Encoding.Unicode.GetBytes("grün\n"));
            g.Commit("one");
        }),
        ["index version 2"] = git => Index(git, "2"),
        ["index version 3"] = git =>
        {
            Index(git, "3");
            git.Write("later.txt", "x");
            git.Git("add", "--intent-to-add", "later.txt");
            git.Git("rm", "-q", "--cached", "later.txt");
        },
        ["index version 4"] = git => Index(git, "4"),
        ["split index"] = git =>
        {
            Ordinary(git);
            git.Git("update-index", "--split-index");
        },
        ["untracked cache"] = git =>
        {
            Ordinary(git);
            git.Git("update-index", "--force-untracked-cache");
        },
        ["file system monitor that would fail"] = git =>
        {
            Ordinary(git);
            git.Git("config", "core.fsmonitor", "/nowhere/monitor");
            git.Git("update-index", "--fsmonitor");
        },
        ["sparse checkout, cone"] = git => Sparse(git, "--cone"),
        ["sparse checkout, no cone"] = git => Sparse(git, "--no-cone"),
        ["sparse index"] = git => Sparse(git, "--cone", "--sparse-index"),
        ["shallow clone"] = git => Cloned(git, "--depth=1"),
        ["partial clone"] = git => Cloned(git, "--filter=blob:none"),
        ["borrowed objects"] = git => Cloned(git, "--shared"),
        ["detached HEAD"] = git =>
        {
            Ordinary(git);
            git.Git("checkout", "-q", "--detach");
        },
        ["packed references"] = git =>
        {
            Ordinary(git);
            git.Git("pack-refs", "--all");
            git.Git("gc", "-q");
        },
        ["HEAD is a link"] = git =>
        {
            git.Git("config", "core.preferSymlinkRefs", "true");
            Ordinary(git);
            git.Git("symbolic-ref", "HEAD", "refs/heads/main");
        },
        ["skip-worktree"] = git =>
        {
            Ordinary(git);
            git.Write("b/b.txt", "changed and longer");
            git.Git("update-index", "--skip-worktree", "b/b.txt");
        },
        ["assume-unchanged"] = git =>
        {
            Ordinary(git);
            git.Git("update-index", "--assume-unchanged", "b/b.txt");
            git.Write("b/b.txt", "changed and longer");
        },
        ["intent to add"] = git =>
        {
            Ordinary(git);
            git.Write("later.txt", "x");
            git.Git("add", "--intent-to-add", "later.txt");
        },
        ["ignores case"] = git =>
        {
            Ordinary(git);
            git.Git("config", "core.ignoreCase", "true");
            git.Write("A.TXT", "another file");
        },
        ["file mode changed"] = git =>
        {
            Ordinary(git);
            Executable(git);
        },
        ["file mode changed where modes do not count"] = git =>
        {
            Ordinary(git);
            git.Git("config", "core.fileMode", "false");
            Executable(git);
        },
        ["symbolic link"] = git =>
        {
            File.CreateSymbolicLink(Path.Combine(git.Folder, "link"), "a.txt");
            Ordinary(git);
        },
        ["symbolic link that became a file"] = git =>
        {
            File.CreateSymbolicLink(Path.Combine(git.Folder, "link"), "a.txt");
            Ordinary(git);
            File.Delete(Path.Combine(git.Folder, "link"));
            git.Write("link", "a.txt");
        },
        ["links are files"] = git =>
        {
            File.CreateSymbolicLink(Path.Combine(git.Folder, "link"), "a.txt");
            Ordinary(git);
            git.Git("config", "core.symlinks", "false");
            File.Delete(Path.Combine(git.Folder, "link"));
            git.Write("link", "a.txt");
        },
        ["submodule"] = git => Module(git, _ => { }),
        ["submodule with changes"] = git => Module(git, folder => File.WriteAllText(Path.Combine(folder, "a.txt"), "changed and longer")),
        ["submodule with untracked files"] = git => Module(git, folder => File.WriteAllText(Path.Combine(folder, "untracked.txt"), "x")),
        ["submodule at another commit"] = git => Module(git, folder => git.GitIn(folder, "commit", "-q", "--allow-empty", "-m", "more")),
        ["submodule with changes that are ignored"] = git =>
        {
            Module(git, folder => File.WriteAllText(Path.Combine(folder, "a.txt"), "changed and longer"));
            git.Git("config", "submodule.library.ignore", "all");
        },
        ["submodule that is not checked out"] = git =>
        {
            Module(git, _ => { });
            git.Git("submodule", "deinit", "-q", "-f", "library");
        },
        ["merge with a conflict"] = git => Conflict(git, "merge", "-q", "other"),
        ["rebase with a conflict"] = git => Conflict(git, "rebase", "-q", "other"),
        ["cherry-pick with a conflict"] = git => Conflict(git, "cherry-pick", "other"),
        ["staged and taken back in the working tree"] = git =>
        {
            Ordinary(git);
            git.Write("a.txt", "changed and longer");
            git.Git("add", "a.txt");
            git.Write("a.txt", "a\n");
        },
        ["renamed"] = git =>
        {
            Ordinary(git);
            git.Git("mv", "a.txt", "c.txt");
        },
        ["empty subject"] = git =>
        {
            git.Write("a.txt", "a\n");
            git.Git("add", "-A");
            git.Git("commit", "-q", "--allow-empty-message", "-m", "");
        },
        ["very long subject"] = git => Subject(git, string.Concat(Enumerable.Repeat("ein 👩‍👩‍👧 ", 2000))),
        ["control characters in the subject"] = git => Subject(git, "one\u001b[2J\u0007\ttwo \u202Eeerht\u2028four"),
        ["subject of several lines"] = git => Subject(git, "one\ntwo\n\nthe rest"),
        ["commit encoding Latin-1"] = git =>
        {
            git.Git("config", "i18n.commitEncoding", "ISO-8859-1");
            File.WriteAllBytes(git.Beside("message"), Encoding.Latin1.GetBytes("José grüßt"));
            git.Write("a.txt", "a\n");
            git.Git("add", "-A");
            git.Git("commit", "-q", "-F", git.Beside("message"));
        },
        ["Latin-1 bytes that say UTF-8"] = git =>
        {
            File.WriteAllBytes(git.Beside("message"), Encoding.Latin1.GetBytes("José"));
            git.Write("a.txt", "a\n");
            git.Git("add", "-A");
            git.Git("commit", "-q", "-F", git.Beside("message"));
        },
        ["log settings that print more"] = git =>
        {
            Ordinary(git);
            git.Git("config", "log.showSignature", "true");
            git.Git("config", "log.decorate", "full");
            git.Git("config", "color.ui", "always");
            git.Git("config", "format.pretty", "fuller");
            git.Git("config", "status.branch", "true");
            git.Git("config", "status.short", "true");
            git.Git("config", "core.quotePath", "false");
        },
        ["hooks that would fail"] = git =>
        {
            Ordinary(git);
            foreach (var hook in new[] { "post-index-change", "pre-commit", "fsmonitor-watchman" })
            {
                git.Write($".git/hooks/{hook}", $"#!/bin/sh\necho ran >> '{git.Beside("hook-ran")}'\nexit 1\n");
                Executable(git, $".git/hooks/{hook}");
            }
        },
        ["unknown optional and worktree settings"] = git =>
        {
            Ordinary(git);
            git.Git("config", "core.repositoryFormatVersion", "1");
            git.Git("config", "extensions.worktreeConfig", "true");
            git.Git("config", "extensions.preciousObjects", "true");
        },
        ["names with every kind of character"] = git =>
        {
            Ordinary(git);
            git.Write("wörter \"und\" mehr/a\tb.txt", "a\n");
            git.Write(":(top)x", "a\n");
            git.Commit("one");
        },
    };

    public static TheoryData<string> Names { get; } = [.. Makers.Keys];

    public static void Make(string name, TestRepository git) => Makers[name](git);
}
