namespace Releases;

/// <summary>Finds the project files that a service's <c>build</c> key refers to.</summary>
internal static class ProjectFiles
{
    /// <summary>
    /// Returns the project files; none if <c>build</c> refers to a folder with a Dockerfile, as is usual in Convox, and several if the
    /// folder has several.
    /// </summary>
    public static IReadOnlyList<string> NamedBy(Service service, string appFolder) =>
        service.Build is not { } build ? []
        : FullPath(build, appFolder) is var path && File.Exists(path) ? [path]
        : Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.*proj").Order(StringComparer.Ordinal)]
        : [];

    public static string FullPath(string build, string appFolder) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(appFolder, build.Replace('\\', '/'))));
}
