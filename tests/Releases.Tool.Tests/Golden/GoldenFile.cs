using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>
/// A text of the tool as a file beside the tests, so that a change of it is seen and read. <c>CONVOX_GOLDEN=write</c> writes the
/// files again instead of comparing.
/// </summary>
internal static class GoldenFile
{
    public static void Holds(string folder, string name, string text)
    {
        var path = Path.Combine(Folder(folder), name + ".txt");
        if (GoldenPart.Writes)
        {
            Directory.CreateDirectory(Folder(folder));
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{path} is not there; write it with CONVOX_GOLDEN=write and read it.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }

    /// <summary>What a file of several pages has of one of them; null while such files are written.</summary>
    public static string? Page(string folder, string name, string page)
    {
        if (GoldenPart.Writes) return null;
        var pages = File.ReadAllText(Path.Combine(Folder(folder), name + ".txt")).ReplaceLineEndings("\n").Split(Rule).Skip(1);
        return Assert.Single(pages, p => p.StartsWith(page + "\n\n", StringComparison.Ordinal))[(page.Length + 2)..];
    }

    /// <summary>The pages of such a file, each under a line with its name.</summary>
    public static void HoldsPages(string folder, string name, IEnumerable<(string Name, string Text)> pages) =>
        Holds(folder, name, string.Concat(pages.Select(p => $"{Rule}{p.Name}\n\n{p.Text}")));

    private const string Rule = "======== ";

    /// <summary>The files that there are, and no others, in a folder; those of what is gone are removed when files are written.</summary>
    public static void AreAll(string folder, IEnumerable<string> names)
    {
        var wanted = names.Order(StringComparer.Ordinal).ToArray();
        if (GoldenPart.Writes)
            foreach (var left in Names(folder).Except(wanted)) File.Delete(Path.Combine(Folder(folder), left + ".txt"));
        else Assert.Equal(wanted, Names(folder).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(Folder(folder), "*.txt").Select(f => Path.GetFileNameWithoutExtension(f));

    private static string Folder(string folder) => Path.Combine(Repository.Root, "tests", "Releases.Tool.Tests", "Golden", folder);
}
