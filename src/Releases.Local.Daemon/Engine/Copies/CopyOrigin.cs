using System.Text;

namespace Releases.Local;

/// <summary>
/// Manages a file beside each working copy, which records the artifact that it was copied from, the promotions that it was compared with it
/// for, and whether the files that processes left in it were reported.
/// </summary>
internal static class CopyOrigin
{
    private const string Suffix = ".origin";
    private const string Digest = "sha256:";
    private const int DigestLength = 71;
    private const string Reported = "told";
    private const string Compared = "compared ";

    /// <summary>Writes the file if it is missing, or adds the artifact if a power failure left the file without it.</summary>
    public static void Note(string copy, Artifact artifact)
    {
        if (Of(copy) is not null) return;
        var kept = Lines(copy).Where(l => l == Reported || l.StartsWith(Compared, StringComparison.Ordinal));
        Write(copy + Suffix, file =>
            AtomicFile.Write(file, Encoding.UTF8.GetBytes(string.Concat(kept.Prepend(artifact.Digest).Select(l => l + "\n")))));
    }

    /// <summary>Returns the artifact's digest, or null if an older version made the copy or the file is damaged.</summary>
    public static string? Of(string copy) => Lines(copy).FirstOrDefault(
        l => l.Length == DigestLength && l.StartsWith(Digest, StringComparison.Ordinal));

    /// <summary>Marks the copy as reported. Returns false if it already was.</summary>
    public static bool MarkReported(string copy)
    {
        if (!File.Exists(copy + Suffix) || Lines(copy).Contains(Reported)) return false;
        Write(copy + Suffix, file => File.AppendAllText(file, Reported + "\n"));
        return true;
    }

    /// <summary>Determines whether the copy was made or compared with its artifact for a promotion.</summary>
    public static bool IsComparedFor(string copy, PromotionId promotion) => Lines(copy).Contains(Compared + promotion);

    /// <summary>Notes that the copy was made or compared with its artifact for a promotion.</summary>
    public static void MarkCompared(string copy, PromotionId promotion) =>
        Write(copy + Suffix, file => File.AppendAllText(file, $"{Compared}{promotion}\n"));

    /// <summary>Returns the services with a copy in a release's folder.</summary>
    public static IEnumerable<ServiceName> ServicesIn(string release) =>
        Directory.EnumerateFiles(release, "*" + Suffix).Select(f => ServiceName.Parse(Path.GetFileNameWithoutExtension(f))).Order();

    /// <summary>Returns the time at which a release's first copy was made.</summary>
    public static DateTime MadeAt(DirectoryInfo release) =>
        release.EnumerateFiles("*" + Suffix).Select(f => f.CreationTimeUtc).DefaultIfEmpty(DateTime.MinValue).Min();

    private static void Write(string file, Action<string> write)
    {
        try
        {
            write(file);
        }
        catch (Exception refused) when (DiskProblems.From(refused, file) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    private static string[] Lines(string copy) => File.Exists(copy + Suffix) ? File.ReadAllLines(copy + Suffix) : [];
}
