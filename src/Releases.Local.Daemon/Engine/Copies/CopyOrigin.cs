namespace Releases.Local;

/// <summary>A note next to a working copy: the artifact that it is a copy of, and whether what processes left in it was reported.</summary>
internal static class CopyOrigin
{
    private const string Suffix = ".origin";
    private const string Reported = "told";

    /// <summary>Writes it if it is missing.</summary>
    public static void Note(string copy, Artifact artifact)
    {
        if (!File.Exists(copy + Suffix)) File.WriteAllText(copy + Suffix, artifact.Digest + "\n");
    }

    /// <summary>The artifact's digest; null: an older version made the copy.</summary>
    public static string? Of(string copy) => File.Exists(copy + Suffix) ? File.ReadLines(copy + Suffix).FirstOrDefault() : null;

    /// <summary>False if it was reported already.</summary>
    public static bool MarkReported(string copy)
    {
        if (!File.Exists(copy + Suffix) || File.ReadLines(copy + Suffix).Contains(Reported)) return false;
        File.AppendAllText(copy + Suffix, Reported + "\n");
        return true;
    }

    /// <summary>The services of which a release's folder has a copy.</summary>
    public static IEnumerable<ServiceName> ServicesIn(string release) =>
        Directory.EnumerateFiles(release, "*" + Suffix).Select(f => ServiceName.Parse(Path.GetFileNameWithoutExtension(f))).Order();

    /// <summary>When a release's first copy was made.</summary>
    public static DateTime MadeAt(DirectoryInfo release) =>
        release.EnumerateFiles("*" + Suffix).Select(f => f.CreationTimeUtc).DefaultIfEmpty(DateTime.MinValue).Min();
}
