namespace Releases;

/// <summary>The project files that <c>build</c> of a service means.</summary>
internal static class ProjectFiles
{
    /// <summary>
    /// None where it means no project but a folder for a Dockerfile, as is usual in Convox; several where a folder that has several is
    /// named.
    /// </summary>
    public static IReadOnlyList<string> NamedBy(Service service, string appFolder) =>
        service.Build is not { } build ? []
        : FullPath(build, appFolder) is var path && File.Exists(path) ? [path]
        : Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.*proj").Order(StringComparer.Ordinal)]
        : [];

    public static string FullPath(string build, string appFolder) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(appFolder, build.Replace('\\', '/'))));
}
