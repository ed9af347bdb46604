namespace Releases.Local;

/// <summary>
/// Provides the warnings about files of a release that weren't as published in its working copy, and the folders beside the copy to which
/// the changed ones are moved.
/// </summary>
internal static class CopyWarning
{
    private const string Suffix = ".changed-";

    /// <summary>The maximum number of names in a message.</summary>
    private const int MaxNamed = 5;

    /// <summary>
    /// Returns the folder beside the copy for what a promotion moves, which a successor that completes it uses too.
    /// </summary>
    public static string Aside(string copy, PromotionId promotion) => copy + Suffix + promotion;

    /// <summary>Determines whether files of a release's copies were moved aside.</summary>
    public static bool HasAside(DirectoryInfo release) => release.EnumerateDirectories("*" + Suffix + "*").Any();

    public static string PutBack(ServiceName service, ReleaseId release, IReadOnlyList<string> files, string aside) =>
        $"{service} started with {Names(files)} as published: {(files.Count == 1 ? "it was" : "they were")} changed or missing in the "
            + $"folder of {release}" + (Directory.Exists(aside) ? $". What was there is in {aside}" : "");

    public static string InUse(ServiceName service, ReleaseId release, IReadOnlyList<string> files, string copy) =>
        $"{service} started with {Names(files)} changed or missing in the folder of {release}, where its processes were running: {copy}. "
            + "Promote another release and then this one again to start with what was published";

    private static string Names(IReadOnlyList<string> files) =>
        string.Join(", ", files.Take(MaxNamed)) + (files.Count > MaxNamed ? $" and {files.Count - MaxNamed} more" : "");
}
