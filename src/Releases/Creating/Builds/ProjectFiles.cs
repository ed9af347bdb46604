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

    /// <summary>
    /// Determines whether a service can be a project that <c>build</c> doesn't name: the service has no <c>build</c>, or one that is a
    /// folder without a project file in it, and the project is below that.
    /// </summary>
    public static bool MayMean(Service service, string project, string appFolder) =>
        NamedBy(service, appFolder).Count == 0
        && (service.Build is not { } build || IsBelow(Path.GetFullPath(project), FullPath(build, appFolder)));

    private static bool IsBelow(string path, string folder) =>
        Path.GetRelativePath(folder, path) is var relative && !Path.IsPathRooted(relative) && relative.Split('/', '\\')[0] != "..";

    public static string FullPath(string build, string appFolder) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(appFolder, build.Replace('\\', '/'))));
}
