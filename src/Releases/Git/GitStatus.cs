namespace Releases;

/// <summary>
/// Whether tracked files differ from the commit, without git. Where settings ask for what only git does (filters, encodings, ignored
/// submodules), a difference is unknown, and never reported as a change.
/// </summary>
internal sealed class GitStatus
{
    private static readonly string[] Rewriting = ["filter=", "working-tree-encoding=", "ident", "ignore =", "ignore="];
    private static readonly string[] LineEnds = ["text", "eol", "crlf"];

    private readonly GitFolder _git;
    private readonly GitConfig _config;
    private readonly GitIndex _index;
    private readonly string[] _attributes;
    private readonly Func<string, string?> _variable;

    public GitStatus(GitFolder git, GitConfig config, GitIndex index, Func<string, string?> variable)
    {
        (_git, _config, _index, _variable) = (git, config, index, variable);
        _attributes = [.. index.Entries.Where(e => e.Path?.Split('/')[^1] is ".gitattributes" or ".gitmodules").Select(e => PathOf(e.Path!))
            .Append(Path.Combine(git.Common(), "info", "attributes")).Where(File.Exists).Select(File.ReadAllText)];
    }

    /// <summary>Null: unknown.</summary>
    /// <param name="tree">The hash of the commit's files.</param>
    public bool? HasChanges(string tree)
    {
        if (_index.Entries.Any(e => !e.IsWhole) || _index.Tree() != tree) return true;
        var answers = _index.Entries.Select(HasChanged).Where(changed => changed != false);
        return answers.Any() ? answers.Contains(true) ? true : null : false;
    }

    private bool? HasChanged(GitEntry entry)
    {
        if (entry.Path is not { } path) return null;
        var file = PathOf(path);
        // With a sparse checkout git looks at such a file again if it is there.
        if (entry.IsHeld) return _config.IsTrue("core.sparsecheckout", otherwise: false) && Path.Exists(file) ? null : false;
        if (entry.Mode == GitEntry.Module) return HasModuleChanged(entry, file) switch { true when IsRewritten() => null, var changed => changed };
        var info = new FileInfo(file);
        if (entry.Mode == GitEntry.Link && _config.IsTrue("core.symlinks", otherwise: !OperatingSystem.IsWindows()))
            return info.LinkTarget is not { } target || !GitHash.Of("blob", System.Text.Encoding.UTF8.GetBytes(target)).AsSpan().SequenceEqual(entry.Hash);
        if (!info.Exists || info.LinkTarget is not null || (entry.Mode != GitEntry.Link && HasOtherMode(entry, file))) return true;
        if (IsAsSeen(entry, info) || IsSame(entry, file)) return false;
        return IsRewritten() ? null : true;
    }

    /// <summary>What was written before the index, and has the time and size that the index has, is what git saw.</summary>
    private bool IsAsSeen(GitEntry entry, FileInfo info) =>
        info.LastWriteTimeUtc.Ticks == entry.Modified && (uint)info.Length == entry.Size && entry.Modified < _index.Written;

    private bool IsSame(GitEntry entry, string file)
    {
        var content = File.ReadAllBytes(file);
        if (GitHash.Of("blob", content).AsSpan().SequenceEqual(entry.Hash)) return true;
        if (!_config.Keys.Any(k => k is "core.autocrlf" or "core.eol") && !Mentions(LineEnds)) return false;
        return GitHash.Of("blob", WithoutCarriageReturns(content)).AsSpan().SequenceEqual(entry.Hash);
    }

    private static byte[] WithoutCarriageReturns(byte[] content) =>
        [.. content.Where((b, i) => b != '\r' || i + 1 == content.Length || content[i + 1] != '\n')];

    private bool HasOtherMode(GitEntry entry, string file) => !OperatingSystem.IsWindows() && _config.IsTrue("core.filemode", otherwise: true)
        && File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute) != (entry.Mode == GitEntry.Executable);

    /// <summary>At another commit than the one recorded, or with changes of its own. One that isn't checked out has none.</summary>
    private bool? HasModuleChanged(GitEntry entry, string folder)
    {
        if (GitFolder.At(folder) is not { } module) return !Directory.Exists(folder);
        var head = GitHead.Read(module);
        if (head.Commit != Convert.ToHexStringLower(entry.Hash)) return head.Trouble is null ? true : null;
        return GitFiles.Changes(module, head.Commit, _variable).Changed;
    }

    private bool IsRewritten() => Mentions(Rewriting) || _config.Keys.Any(k => k is "diff.ignoresubmodules" or "core.attributesfile" or "include.path"
        || k.StartsWith("includeif.", StringComparison.Ordinal) || (k.StartsWith("submodule.", StringComparison.Ordinal) && k.EndsWith(".ignore", StringComparison.Ordinal)));

    private bool Mentions(string[] marks) => _attributes.Any(text => marks.Any(mark => text.Contains(mark, StringComparison.Ordinal)));

    private string PathOf(string path) => Path.Combine(_git.Root, path);
}
