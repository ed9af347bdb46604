using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>
/// A text of the tool as a file beside the tests, so that a change of it is seen and read. <c>CONVOX_GOLDEN=write</c> writes the
/// files anew instead of comparing.
/// </summary>
internal static class GoldenFile
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("CONVOX_GOLDEN") == "write";

    public static void Holds(string folder, string name, string text)
    {
        var path = Path.Combine(Folder(folder), name + ".txt");
        if (Writes)
        {
            Directory.CreateDirectory(Folder(folder));
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{path} is not there; write it with CONVOX_GOLDEN=write and read it.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }

    /// <summary>The files that there are, and no others, in a folder; those of what is gone are removed when files are written.</summary>
    public static void AreAll(string folder, IEnumerable<string> names)
    {
        var wanted = names.Order(StringComparer.Ordinal).ToArray();
        if (Writes)
            foreach (var left in Names(folder).Except(wanted)) File.Delete(Path.Combine(Folder(folder), left + ".txt"));
        else Assert.Equal(wanted, Names(folder).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(Folder(folder), "*.txt").Select(f => Path.GetFileNameWithoutExtension(f));

    private static string Folder(string folder) => Path.Combine(Repository.Root, "tests", "Releases.Tool.Tests", "Golden", folder);
}
